/* A thread's cache of free blocks of one class, in front of the page engine: what C6 heavy and C7 ultra are
 * made of. A hit touches neither the block nor its page: blocks in the cache count as in use for their pages,
 * so occupancy is brought up to date half a cache at a time. The cache may hold blocks of other threads'
 * pages.
 */
#ifndef HAK_PAGE_BLOCK_CACHE_H
#define HAK_PAGE_BLOCK_CACHE_H

#include "page/page.h"

enum { BLOCK_CACHE_BLOCKS = 64 };

struct block_cache {
    struct page_heap heap;
    uint32_t count;
    uint32_t limit; /* 0 in a thread without heap, so that its first call takes the slow path */
    hak_counter alloc_fast, alloc_slow, frees, free_remote;
    struct hak_block *blocks[BLOCK_CACHE_BLOCKS];
};

/* How a box serves its only class this way. */
struct block_cache_kind {
    const struct box *box;
    unsigned class_id;
    uint32_t limit; /* blocks in a thread's cache, at most BLOCK_CACHE_BLOCKS */
    struct hak_page *(*page_of)(const void *block); /* of a live block of this box */
};

/* Without a heap: nothing in it and no room. Never written. */
extern struct block_cache block_cache_none;

/* When the cache is empty. Gives the thread its cache if it has none; NULL without memory. */
void *block_cache_alloc_slow(struct block_cache **tls, const struct block_cache_kind *kind);

/* When block_cache_push has refused. Aborts on misuse. */
void block_cache_free_slow(struct block_cache *cache, const struct block_cache_kind *kind, void *pointer);

/* When a thread ends. */
void block_cache_exit(struct block_cache **tls, const struct block_cache_kind *kind);

/* The `count` of such a box. */
void block_cache_count(const struct box *box, struct box_counts counts[HAK_CLASSES]);

static HAK_ALWAYS_INLINE void *block_cache_pop(struct block_cache *cache) {
    if (HAK_UNLIKELY(cache->count == 0)) return NULL;
    HAK_COUNT(cache->alloc_fast);
    return cache->blocks[--cache->count];
}

/* False when there is no room, and for what may be misuse: a pointer inside a block of `size` bytes, and the
 * block that was freed last. Of an empty cache the latter may be said of a good pointer; the slow path looks
 * closer. */
static HAK_ALWAYS_INLINE bool block_cache_push(struct block_cache *cache, void *pointer, size_t size) {
    if (HAK_UNLIKELY((cache->count == cache->limit) | (((uintptr_t)pointer & (size - 1)) != 0) |
                     (cache->blocks[(cache->count - 1) & (BLOCK_CACHE_BLOCKS - 1)] == pointer)))
        return false;
    HAK_COUNT(cache->frees);
    cache->blocks[cache->count++] = pointer;
    return true;
}

#endif
