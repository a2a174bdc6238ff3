#include "heaps/tiny_heap_v1.h"
#include "os/os_thread.h"
#include "superslab/small_page.h"

#define NONE4                                                                                                \
    {.current = &hak_page_none}, {.current = &hak_page_none}, {.current = &hak_page_none}, {                 \
        .current = &hak_page_none                                                                            \
    }
struct page_heap tiny_heap_none = {.classes = {NONE4, NONE4, NONE4, {.current = &hak_page_none}}};
_Static_assert(PAGE_HEAP_CLASSES == 13, "one page_class each in tiny_heap_none");

HAK_TLS struct page_heap *tiny_heap_tls = &tiny_heap_none;
struct page_heap_registry tiny_heap_registry = {.heap_size = sizeof(struct page_heap)};

static struct hak_page *get_page(unsigned class_index) {
    return small_page_alloc(HAK_BOX_TINY_HEAP_V1, class_index);
}

static const struct page_source source = {get_page, superslab_page_free};

void *tiny_heap_alloc_slow(unsigned class_index) {
    struct page_heap *heap = tiny_heap_tls;
    if (heap == &tiny_heap_none) {
        heap = page_heap_acquire(&tiny_heap_registry);
        if (!heap) return NULL;
        tiny_heap_tls = heap;
        os_thread_arm();
    }
    struct hak_block *block = page_heap_alloc_slow(heap, class_index, &source);
    if (block) HAK_COUNT(heap->classes[class_index].alloc_slow);
    return block;
}

void tiny_heap_free_settle(struct page_heap *heap, struct hak_page *page) {
    page_heap_settle(heap, page, &source);
}

void tiny_heap_free_remote(struct hak_page *page, struct hak_block *block) {
    struct page_heap *heap = tiny_heap_tls;
    if (heap != &tiny_heap_none)
        HAK_COUNT(heap->classes[page->class_index].free_remote);
    else
        page_heap_count_orphan(&tiny_heap_registry, page->class_index);
    if (HAK_UNLIKELY(page_pointer_is_inside(page, block))) page_misuse(page, block);
    page_remote_free(page, block);
}

static void thread_exit(void) {
    struct page_heap *heap = tiny_heap_tls;
    if (heap == &tiny_heap_none) return;
    tiny_heap_tls = &tiny_heap_none;
    page_heap_release(&tiny_heap_registry, heap, &source);
}

void tiny_heap_v1_start(void) {
    os_thread_on_exit(thread_exit);
}
