/* Flatten: a thread's stack of free C6 blocks in front of pool v1's ordinary path. A hit touches no page
 * metadata: the blocks in the stack count as in use for their pages. Blocks of any owner may be in it. */
#ifndef HAK_HEAPS_POOL_V1_FLAT_H
#define HAK_HEAPS_POOL_V1_FLAT_H

#include "heaps/pool_v1.h"

/* HAKMEM_POOL_V1_FLATTEN_ENABLED; set before the first block exists. */
extern bool pool_v1_flatten_on;

static inline bool hak_pool_v1_flatten_enabled(unsigned class_index) {
    return pool_v1_flatten_on && class_index == POOL_V1_FLAT_CLASS;
}

/* Sends blocks home until `keep` are left. */
void pool_v1_flat_flush(struct pool_v1_heap *heap, uint32_t keep);

static inline void *hak_pool_try_alloc_v1_flat(unsigned class_index) {
    struct pool_v1_heap *heap = hak_pool_init();
    if (HAK_UNLIKELY(!heap)) return NULL;
    struct pool_v1_flat *flat = &heap->flat;
    if (HAK_LIKELY(flat->count)) {
        HAK_COUNT(flat->alloc_tls_hit);
        return mid_set_header(flat->blocks[--flat->count], class_index);
    }
    HAK_COUNT(flat->alloc_fb);
    return hak_pool_try_alloc_v1_impl(class_index);
}

/* A live block of this class into the cache, without its page; false when the thread has no cache or no room.
 */
static inline bool pool_v1_flat_push(struct mid_header *header, unsigned class_index) {
    struct pool_v1_heap *heap = pool_v1_tls;
    if (HAK_UNLIKELY(!heap || heap->flat.count == POOL_V1_FLAT_BLOCKS)) return false;
    mid_mark_free(header, class_index);
    HAK_COUNT(heap->flat.free_tls_hit);
    heap->flat.blocks[heap->flat.count++] = &header->link;
    return true;
}

static inline void hak_pool_free_v1_flat(struct mid_desc *desc, void *pointer) {
    struct pool_v1_heap *heap = pool_v1_tls;
    if (HAK_UNLIKELY(!heap)) {
        pool_v1_free_without_heap(desc, pointer);
        return;
    }
    struct pool_v1_flat *flat = &heap->flat;
    if (HAK_UNLIKELY(flat->count == POOL_V1_FLAT_BLOCKS)) {
        HAK_COUNT(flat->free_fb);
        pool_v1_flat_flush(heap, POOL_V1_FLAT_BLOCKS / 2);
        hak_pool_free_v1_impl(desc, pointer);
        return;
    }
    pool_v1_flat_push(hak_pool_mid_lookup_v1_impl(desc, pointer), desc->page.class_index);
}

/* Sums over all threads, in the order of struct pool_v1_flat. */
enum { POOL_V1_FLAT_COUNTERS = 5 };
void pool_v1_flat_counters(uint64_t sums[POOL_V1_FLAT_COUNTERS]);

/* HAKMEM_POOL_V1_FLATTEN_STATS: the line at exit. */
void pool_v1_flat_print(int fd);

#endif
