/* A thread's cache of free blocks of one class in front of the page engine, for boxes that serve a single
 * class. A hit touches neither the block nor its page: blocks in the cache count as in use for their pages,
 * and pages are updated half a cache at a time. The cache may hold blocks of other threads' pages. */
#ifndef HAK_PAGE_BLOCK_CACHE_H
#define HAK_PAGE_BLOCK_CACHE_H

#include "page/page.h"

enum { BLOCK_CACHE_BLOCKS = 64 };

struct block_cache {
    struct page_heap heap;
    uint32_t count;
    uint32_t limit; /* 0 in a thread without a heap, so that its first call takes the slow path */
    hak_counter alloc_fast, alloc_slow, frees, free_remote;
    struct hak_block *blocks[BLOCK_CACHE_BLOCKS];
};

/* The constants of such a box. */
struct block_cache_kind {
    const struct box *box;
    unsigned class_id;
    uint32_t limit; /* blocks in a thread's cache, at most BLOCK_CACHE_BLOCKS */
    struct hak_page *(*page_of)(const void *block); /* of a live block of this box */
};

/* The cache of a thread without a heap: empty and without room. Never written. */
extern struct block_cache block_cache_none;

/* Allocates when the cache is empty. Gives the thread a cache if it has none. NULL without memory. */
void *block_cache_alloc_slow(struct block_cache **tls, const struct block_cache_kind *kind);

/* Frees when block_cache_push has returned false. Aborts on misuse. */
void block_cache_free_slow(struct block_cache *cache, const struct block_cache_kind *kind, void *pointer);

/* Call when the thread ends. */
void block_cache_exit(struct block_cache **tls, const struct block_cache_kind *kind);

/* The `count` operation of such a box. */
void block_cache_count(const struct box *box, struct box_counts counts[HAK_CLASSES]);

static HAK_ALWAYS_INLINE void *block_cache_pop(struct block_cache *cache) {
    if (HAK_UNLIKELY(cache->count == 0)) return NULL;
    HAK_COUNT(cache->alloc_fast);
    return cache->blocks[--cache->count];
}

/* False when there is no room, and for possible misuse: a pointer into the middle of a block of `size` bytes,
 * or the block that was freed last. With an empty cache the latter can also hit a valid pointer; the slow
 * path tells them apart. */
static HAK_ALWAYS_INLINE bool block_cache_push(struct block_cache *cache, void *pointer, size_t size) {
    if (HAK_UNLIKELY((cache->count == cache->limit) | (((uintptr_t)pointer & (size - 1)) != 0) |
                     (cache->blocks[(cache->count - 1) & (BLOCK_CACHE_BLOCKS - 1)] == pointer)))
        return false;
    HAK_COUNT(cache->frees);
    cache->blocks[cache->count++] = pointer;
    return true;
}

#endif
