#include "heaps/c6_heavy.h"
#include "mid/mid_page.h"
#include "os/os_thread.h"

static struct hak_page *get_page(unsigned class_id) {
    struct mid_desc *desc = mid_page_alloc(HAK_BOX_C6_HEAVY, 1);
    if (!desc) return NULL;
    desc->page.stride = hak_class_info[class_id].size;
    desc->page.capacity = MID_UNIT_SIZE / desc->page.stride;
    return &desc->page;
}

static void put_page(struct hak_page *page) {
    mid_page_free((struct mid_desc *)page);
}

static struct hak_page *page_of(const void *block) {
    return (struct hak_page *)mid_desc_lookup(block);
}

HAK_TLS struct block_cache *c6_heavy_tls = &block_cache_none;
struct block_cache_box c6_heavy_box = {
    .class_id = HAK_C6,
    .limit = BLOCK_CACHE_BLOCKS,
    .source = {get_page, put_page},
    .page_of = page_of,
    .registry = {.heap_size = sizeof(struct block_cache)},
};

void *c6_heavy_alloc_slow(void) {
    return block_cache_alloc_slow(&c6_heavy_tls, &c6_heavy_box);
}

void c6_heavy_free_slow(void *pointer) {
    block_cache_free_slow(c6_heavy_tls, &c6_heavy_box, pointer);
}

static void thread_exit(void) {
    block_cache_exit(&c6_heavy_tls, &c6_heavy_box);
}

void c6_heavy_start(uint32_t cache_blocks) {
    c6_heavy_box.limit = cache_blocks;
    os_thread_on_exit(thread_exit);
}
