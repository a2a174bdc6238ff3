#include "page/thread_heap.h"
#include "os/os_lock.h"
#include "os/os_thread.h"

struct page_heap thread_heap_none = {
    .classes = {[0 ... PAGE_HEAP_MOST_CLASSES - 1] = {.current = &hak_page_none}}};

void *thread_heap_alloc_late(const struct box *box, unsigned class_index) {
    struct page_heaps *heaps = box->heaps;
    struct hak_block *block = NULL;
    hak_lock(HAK_LOCK_LATE);
    if (!heaps->late) heaps->late = page_heap_acquire(box);
    if (heaps->late) {
        block = page_heap_alloc_slow(heaps->late, class_index);
        if (block) HAK_COUNT(heaps->late->classes[class_index].alloc_slow);
    }
    hak_unlock(HAK_LOCK_LATE);
    return block;
}

void *thread_heap_alloc_slow(struct page_heap **tls, const struct box *box, unsigned class_index) {
    struct page_heap *heap = *tls;
    if (heap == &thread_heap_none) {
        if (os_thread_is_over()) return thread_heap_alloc_late(box, class_index);
        heap = page_heap_acquire(box);
        if (!heap) return NULL;
        *tls = heap;
        os_thread_arm();
    }
    struct hak_block *block = page_heap_alloc_slow(heap, class_index);
    if (block) HAK_COUNT(heap->classes[class_index].alloc_slow);
    return block;
}

void thread_heap_free_remote(struct page_heap *heap, struct hak_page *page, void *pointer) {
    if (heap != &thread_heap_none)
        HAK_COUNT(heap->classes[page->class_index].free_remote);
    else
        page_count_orphan(page);
    if (HAK_UNLIKELY(page_pointer_is_inside(page, pointer))) page_misuse(page, pointer);
    page_remote_free(page, pointer);
}

void thread_heap_exit(struct page_heap **tls) {
    struct page_heap *heap = *tls;
    if (heap == &thread_heap_none) return;
    *tls = &thread_heap_none;
    page_heap_release(heap);
}
