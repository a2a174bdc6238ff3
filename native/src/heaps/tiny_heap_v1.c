#include "heaps/tiny_heap_v1.h"
#include "superslab/small_page.h"

HAK_TLS struct page_heap *tiny_heap_tls = &thread_heap_none;

static void thread_exit(void) {
    thread_heap_exit(&tiny_heap_tls);
}

static struct page_heaps heaps = {.heap_size = PAGE_HEAP_SIZE};
const struct box tiny_heap_v1_box = {
    .name = "tiny_heap_v1",
    .meaning = "Per-thread heaps of superslab pages.",
    .classes = HAK_TINY_CLASS_BITS,
    .pages = BOX_PAGES_SUPERSLAB,
    .thread_exit = thread_exit,
    .count = page_heaps_count,
    .usable = page_usable,
    .get_page = small_page_alloc,
    .put_page = superslab_page_free,
    .heaps = &heaps,
};
