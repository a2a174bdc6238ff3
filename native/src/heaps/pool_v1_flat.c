#include "heaps/pool_v1_flat.h"

bool pool_v1_flatten_on;

void pool_v1_flat_flush(struct pool_v1_heap *heap, uint32_t keep) {
    struct pool_v1_flat *flat = &heap->flat;
    if (flat->count <= keep) return;
    /* The oldest go: the newest are still in the processor's cache. */
    uint32_t gone = flat->count - keep;
    for (uint32_t i = 0; i < gone; i++) {
        struct hak_block *block = flat->blocks[i];
        struct mid_desc *desc = mid_desc_lookup(block);
        if (desc->page.owner == &heap->heap) {
            hak_pool_free_fast_v1_impl(heap, desc, block);
        } else {
            HAK_COUNT(flat->remote);
            page_remote_free(&desc->page, block);
        }
    }
    for (uint32_t i = 0; i < keep; i++)
        flat->blocks[i] = flat->blocks[gone + i];
    flat->count = keep;
}

static void add(struct page_heap *heap, void *data) {
    const struct pool_v1_flat *flat = &((struct pool_v1_heap *)heap)->flat;
    uint64_t *sums = data;
    sums[0] += HAK_COUNTED(flat->alloc_tls_hit);
    sums[1] += HAK_COUNTED(flat->alloc_fb);
    sums[2] += HAK_COUNTED(flat->free_tls_hit);
    sums[3] += HAK_COUNTED(flat->free_fb);
    sums[4] += HAK_COUNTED(flat->remote);
}

void pool_v1_flat_counters(uint64_t sums[POOL_V1_FLAT_COUNTERS]) {
    for (int i = 0; i < POOL_V1_FLAT_COUNTERS; i++)
        sums[i] = 0;
    page_heap_for_each(&pool_v1_registry, add, sums);
}

void pool_v1_flat_print(int fd) {
    static const char *const names[4] = {"alloc_tls_hit", "alloc_fb", "free_tls_hit", "free_fb"};
    uint64_t sums[POOL_V1_FLAT_COUNTERS];
    pool_v1_flat_counters(sums);
    struct os_text text;
    os_text_begin(&text, fd);
    os_text_str(&text, "[POOL_V1_FLAT]");
    for (int i = 0; i < 4; i++) {
        os_text_str(&text, " ");
        os_text_str(&text, names[i]);
        os_text_str(&text, "=");
        os_text_u64(&text, sums[i]);
    }
    os_text_str(&text, "\n");
    os_text_end(&text);
}
