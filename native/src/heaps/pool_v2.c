#include "heaps/pool_v2.h"
#include "os/os_thread.h"

#define NONE4                                                                                                \
    {.current = &hak_page_none}, {.current = &hak_page_none}, {.current = &hak_page_none}, {                 \
        .current = &hak_page_none                                                                            \
    }
struct page_heap pool_v2_none = {.classes = {NONE4, NONE4, NONE4, {.current = &hak_page_none}}};
_Static_assert(PAGE_HEAP_CLASSES == 13 && HAK_POOL_CLASSES <= 13, "one page_class each in pool_v2_none");

HAK_TLS struct page_heap *pool_v2_tls = &pool_v2_none;
struct page_heap_registry pool_v2_registry = {.heap_size = sizeof(struct page_heap)};

static struct hak_page *get_page(unsigned class_index) {
    size_t size = hak_pool_class_size[class_index];
    unsigned units = mid_page_units(size);
    struct mid_desc *desc = mid_page_alloc(HAK_BOX_POOL_V2, units);
    if (!desc) return NULL;
    desc->page.stride = (uint32_t)size;
    desc->page.capacity = (uint32_t)(units * MID_UNIT_SIZE / size);
    return &desc->page;
}

static void put_page(struct hak_page *page) {
    mid_page_free((struct mid_desc *)page);
}

static const struct page_source source = {get_page, put_page};

void *pool_v2_alloc_slow(unsigned class_index) {
    struct page_heap *heap = pool_v2_tls;
    if (heap == &pool_v2_none) {
        heap = page_heap_acquire(&pool_v2_registry);
        if (!heap) return NULL;
        pool_v2_tls = heap;
        os_thread_arm();
    }
    struct hak_block *block = page_heap_alloc_slow(heap, class_index, &source);
    if (block) HAK_COUNT(heap->classes[class_index].alloc_slow);
    return block;
}

void pool_v2_free_settle(struct page_heap *heap, struct mid_desc *desc) {
    page_heap_settle(heap, &desc->page, &source);
}

void pool_v2_free_remote(struct mid_desc *desc, struct hak_block *block) {
    struct page_heap *heap = pool_v2_tls;
    if (heap != &pool_v2_none)
        HAK_COUNT(heap->classes[desc->page.class_index].free_remote);
    else
        page_heap_count_orphan(&pool_v2_registry, desc->page.class_index);
    if (HAK_UNLIKELY(page_pointer_is_inside(&desc->page, block))) page_misuse(&desc->page, block);
    page_remote_free(&desc->page, block);
}

static void thread_exit(void) {
    struct page_heap *heap = pool_v2_tls;
    if (heap == &pool_v2_none) return;
    pool_v2_tls = &pool_v2_none;
    page_heap_release(&pool_v2_registry, heap, &source);
}

void pool_v2_start(void) {
    os_thread_on_exit(thread_exit);
}
