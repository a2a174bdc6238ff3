#include "heaps/small_v4.h"

HAK_TLS struct page_heap *small_v4_tls = &thread_heap_none;

void *small_v4_alloc_slow(unsigned class_id) {
    if (!atomic_load_explicit(&segment_v4_range.reserved, memory_order_relaxed))
        return NULL; /* not started, or no addresses available */
    return thread_heap_alloc_slow(&small_v4_tls, &small_v4_box, class_id);
}

static void thread_exit(void) {
    thread_heap_exit(&small_v4_tls);
}

static struct page_heaps heaps = {.heap_size = PAGE_HEAP_SIZE};
const struct box small_v4_box = {
    .name = "small_v4",
    .meaning = "Per-thread heaps of segment pages. A free finds its page by arithmetic, without a lookup.",
    .classes = HAK_TINY_CLASS_BITS | HAK_CLASS_BIT(HAK_M768),
    .pages = BOX_PAGES_SEGMENT,
    .thread_exit = thread_exit,
    .count = page_heaps_count,
    .usable = page_usable,
    .get_page = segment_v4_page_alloc,
    .put_page = segment_v4_page_free,
    .heaps = &heaps,
};
