#include "heaps/pool_v2.h"

HAK_TLS struct page_heap *pool_v2_tls = &thread_heap_none;

static struct hak_page *get_page(unsigned class_index) {
    uint32_t size = hak_pool_class_size[class_index];
    return mid_page_alloc(mid_page_units(size), size);
}

static void thread_exit(void) {
    thread_heap_exit(&pool_v2_tls);
}

static struct page_heaps heaps = {.heap_size = PAGE_HEAP_SIZE};
const struct box pool_v2_box = {
    .name = "pool_v2",
    .meaning = "Per-thread heaps of mid pages, without block headers.",
    .classes = HAK_POOL_CLASS_BITS,
    .pages = BOX_PAGES_MID,
    .class_ids = hak_pool_class_id,
    .thread_exit = thread_exit,
    .count = page_heaps_count,
    .usable = page_usable,
    .get_page = get_page,
    .put_page = mid_page_free,
    .heaps = &heaps,
};
