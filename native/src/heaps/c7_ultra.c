#include "heaps/c7_ultra.h"
#include "segment/segment_v4.h"

static struct hak_page *page_of(const void *block) {
    return segment_v4_page(block);
}

HAK_TLS struct block_cache *c7_ultra_tls = &block_cache_none;
static const struct block_cache_kind cache = {
    .box = &c7_ultra_box,
    .class_id = HAK_C7,
    .limit = BLOCK_CACHE_BLOCKS,
    .page_of = page_of,
};

void *c7_ultra_alloc_slow(void) {
    return block_cache_alloc_slow(&c7_ultra_tls, &cache);
}

void c7_ultra_free_slow(void *pointer) {
    block_cache_free_slow(c7_ultra_tls, &cache, pointer);
}

static void thread_exit(void) {
    block_cache_exit(&c7_ultra_tls, &cache);
}

static struct page_heaps heaps = {.heap_size = sizeof(struct block_cache)};
const struct box c7_ultra_box = {
    .name = "c7_ultra",
    .meaning = "A thread-local cache of up to 64 free blocks in front of segment pages.",
    .classes = HAK_CLASS_BIT(HAK_C7),
    .pages = BOX_PAGES_SEGMENT,
    .thread_exit = thread_exit,
    .count = block_cache_count,
    .usable = page_usable,
    .get_page = segment_v4_page_alloc,
    .put_page = segment_v4_page_free,
    .heaps = &heaps,
};
