/* C7 ultra: the shortest path for C7 (769..1024 bytes): a thread-local cache of free blocks in front of
 * segment pages, which are found by arithmetic. A free reads one byte of its page's metadata, the box, and
 * writes none. */
#ifndef HAK_HEAPS_C7_ULTRA_H
#define HAK_HEAPS_C7_ULTRA_H

#include "page/block_cache.h"

extern const struct box c7_ultra_box;
extern HAK_TLS struct block_cache *c7_ultra_tls;

void *c7_ultra_alloc_slow(void);
void c7_ultra_free_slow(void *pointer);

/* Allocates a block of C7; NULL without memory. */
static HAK_ALWAYS_INLINE void *c7_ultra_alloc(void) {
    void *block = block_cache_pop(c7_ultra_tls);
    return HAK_LIKELY(block != NULL) ? block : c7_ultra_alloc_slow();
}

/* Frees a block. Any thread. */
static HAK_ALWAYS_INLINE void c7_ultra_free(void *pointer) {
    if (HAK_UNLIKELY(!block_cache_push(c7_ultra_tls, pointer, 1024))) c7_ultra_free_slow(pointer);
}

#endif
