#include "heaps/c6_heavy.h"
#include "mid/mid_page.h"

static struct hak_page *get_page(unsigned class_id) {
    return mid_page_alloc(1, hak_class_info[class_id].size);
}

static struct hak_page *page_of(const void *block) {
    return (struct hak_page *)mid_desc_lookup(block);
}

HAK_TLS struct block_cache *c6_heavy_tls = &block_cache_none;
struct block_cache_kind c6_heavy_cache = {
    .box = &c6_heavy_box,
    .class_id = HAK_C6,
    .limit = BLOCK_CACHE_BLOCKS,
    .page_of = page_of,
};

void *c6_heavy_alloc_slow(void) {
    return block_cache_alloc_slow(&c6_heavy_tls, &c6_heavy_cache);
}

void c6_heavy_free_slow(void *pointer) {
    block_cache_free_slow(c6_heavy_tls, &c6_heavy_cache, pointer);
}

static void start(const struct hak_configuration *configuration) {
    c6_heavy_cache.limit = configuration->values[HAK_OPT_C6_HEAVY_CACHE_BLOCKS];
}

static void thread_exit(void) {
    block_cache_exit(&c6_heavy_tls, &c6_heavy_cache);
}

static struct page_heaps heaps = {.heap_size = sizeof(struct block_cache)};
const struct box c6_heavy_box = {
    .name = "c6_heavy",
    .meaning = "A thread-local cache of up to 64 free blocks in front of mid pages.",
    .classes = HAK_CLASS_BIT(HAK_C6),
    .pages = BOX_PAGES_MID,
    .start = start,
    .thread_exit = thread_exit,
    .count = block_cache_count,
    .usable = page_usable,
    .get_page = get_page,
    .put_page = mid_page_free,
    .heaps = &heaps,
};
