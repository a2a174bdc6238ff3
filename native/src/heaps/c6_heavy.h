/* C6 heavy: a dedicated path for C6, for programs whose blocks are mostly 257..512 bytes. Mid pages like the
 * pools', but for one class: a constant block size, no header, and a thread-local cache of free blocks in
 * front of the pages. */
#ifndef HAK_HEAPS_C6_HEAVY_H
#define HAK_HEAPS_C6_HEAVY_H

#include "page/block_cache.h"

extern const struct box c6_heavy_box;
extern struct block_cache_kind c6_heavy_cache;
extern HAK_TLS struct block_cache *c6_heavy_tls;

void *c6_heavy_alloc_slow(void);
void c6_heavy_free_slow(void *pointer);

/* Allocates a block of C6; NULL without memory. */
static HAK_ALWAYS_INLINE void *c6_heavy_alloc(void) {
    void *block = block_cache_pop(c6_heavy_tls);
    return HAK_LIKELY(block != NULL) ? block : c6_heavy_alloc_slow();
}

/* Frees a block. Any thread. A hit does not need the block's page. */
static HAK_ALWAYS_INLINE void c6_heavy_free(void *pointer) {
    if (HAK_UNLIKELY(!block_cache_push(c6_heavy_tls, pointer, 512))) c6_heavy_free_slow(pointer);
}

#endif
