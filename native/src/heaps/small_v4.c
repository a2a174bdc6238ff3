#include "heaps/small_v4.h"
#include "os/os_thread.h"

#define NONE4                                                                                                \
    {.current = &hak_page_none}, {.current = &hak_page_none}, {.current = &hak_page_none}, {                 \
        .current = &hak_page_none                                                                            \
    }
struct page_heap small_v4_none = {.classes = {NONE4, NONE4, NONE4, {.current = &hak_page_none}}};
_Static_assert(PAGE_HEAP_CLASSES == 13, "one page_class each in small_v4_none");

HAK_TLS struct page_heap *small_v4_tls = &small_v4_none;
struct page_heap_registry small_v4_registry = {.heap_size = sizeof(struct page_heap)};

static struct hak_page *get_page(unsigned class_id) {
    return segment_v4_page_alloc(HAK_BOX_SMALL_V4, hak_class_info[class_id].size);
}

static const struct page_source source = {get_page, segment_v4_page_free};

void *small_v4_alloc_slow(unsigned class_id) {
    struct page_heap *heap = small_v4_tls;
    if (!atomic_load_explicit(&segment_v4_range.reserved, memory_order_relaxed))
        return NULL; /* not started, or no addresses to be had */
    if (heap == &small_v4_none) {
        heap = page_heap_acquire(&small_v4_registry);
        if (!heap) return NULL;
        small_v4_tls = heap;
        os_thread_arm();
    }
    struct hak_block *block = page_heap_alloc_slow(heap, class_id, &source);
    if (block) HAK_COUNT(heap->classes[class_id].alloc_slow);
    return block;
}

void small_v4_free_settle(struct hak_page *page) {
    page_heap_settle(page->owner, page, &source);
}

void small_v4_free_remote(struct hak_page *page, void *pointer) {
    struct page_heap *heap = small_v4_tls;
    if (heap != &small_v4_none)
        HAK_COUNT(heap->classes[page->class_index].free_remote);
    else
        page_heap_count_orphan(&small_v4_registry, page->class_index);
    if (HAK_UNLIKELY(page_pointer_is_inside(page, pointer))) page_misuse(page, pointer);
    page_remote_free(page, pointer);
}

static void thread_exit(void) {
    struct page_heap *heap = small_v4_tls;
    if (heap == &small_v4_none) return;
    small_v4_tls = &small_v4_none;
    page_heap_release(&small_v4_registry, heap, &source);
}

void small_v4_start(void) {
    os_thread_on_exit(thread_exit);
}
