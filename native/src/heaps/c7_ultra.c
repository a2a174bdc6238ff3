#include "heaps/c7_ultra.h"
#include "os/os_thread.h"
#include "segment/segment_v4.h"

static struct hak_page *get_page(unsigned class_id) {
    return segment_v4_page_alloc(HAK_BOX_C7_ULTRA, hak_class_info[class_id].size);
}

static struct hak_page *page_of(const void *block) {
    return segment_v4_page(block);
}

HAK_TLS struct block_cache *c7_ultra_tls = &block_cache_none;
struct block_cache_box c7_ultra_box = {
    .class_id = HAK_C7,
    .limit = BLOCK_CACHE_BLOCKS,
    .source = {get_page, segment_v4_page_free},
    .page_of = page_of,
    .registry = {.heap_size = sizeof(struct block_cache)},
};

void *c7_ultra_alloc_slow(void) {
    return block_cache_alloc_slow(&c7_ultra_tls, &c7_ultra_box);
}

void c7_ultra_free_slow(void *pointer) {
    block_cache_free_slow(c7_ultra_tls, &c7_ultra_box, pointer);
}

static void thread_exit(void) {
    block_cache_exit(&c7_ultra_tls, &c7_ultra_box);
}

void c7_ultra_start(void) {
    os_thread_on_exit(thread_exit);
}
