/* C6 heavy: the dedicated path for C6, for programs whose blocks are mostly 257..512 bytes. Mid pages as in
 * the pools, but one class, no header and no choice on the way: a constant block size and a thread's cache of
 * free blocks in front of the pages. */
#ifndef HAK_HEAPS_C6_HEAVY_H
#define HAK_HEAPS_C6_HEAVY_H

#include "page/block_cache.h"

extern const struct box c6_heavy_box;
extern struct block_cache_kind c6_heavy_cache;
extern HAK_TLS struct block_cache *c6_heavy_tls;

void *c6_heavy_alloc_slow(void);
void c6_heavy_free_slow(void *pointer);

/* A block of C6; NULL without memory. */
static HAK_ALWAYS_INLINE void *c6_heavy_alloc(void) {
    void *block = block_cache_pop(c6_heavy_tls);
    return HAK_LIKELY(block != NULL) ? block : c6_heavy_alloc_slow();
}

/* Any thread. A hit does not need the block's page. */
static HAK_ALWAYS_INLINE void c6_heavy_free(void *pointer) {
    if (HAK_UNLIKELY(!block_cache_push(c6_heavy_tls, pointer, 512))) c6_heavy_free_slow(pointer);
}

#endif
