/* Large blocks: a mapping each, known by the exact address that was handed out. */
#ifndef HAK_HEAPS_LARGE_H
#define HAK_HEAPS_LARGE_H

#include "page/box.h"

extern const struct box large_box;

struct large_counters {
    uint64_t allocs, frees;
    uint64_t reused;       /* allocations that were served from the cache of freed mappings */
    uint64_t mapped_bytes; /* of live blocks */
};

/* `align` is a power of two of any size. `*zeroed` says whether the memory is known to be zero. NULL without
 * memory. Takes HAK_LOCK_LARGE. */
void *large_alloc(size_t size, size_t align, bool *zeroed);

/* False when `pointer` is not a large block. */
bool large_free(void *pointer);

/* 0 when `pointer` is not a large block. Lock-free. */
size_t large_usable(const void *pointer);

/* The block with `size` bytes, perhaps at a new address, contents kept; pages are moved, not copied. NULL
 * when that is not possible, and then the block is as before. */
void *large_realloc(void *pointer, size_t size);

/* What lies at an address that is not a live block's start. Slow: for messages. */
enum large_place { LARGE_NOWHERE, LARGE_FREED, LARGE_INSIDE };
enum large_place large_place_of(const void *pointer);

/* Gives the kept mappings back; bytes. */
size_t large_trim(void);

void large_counters(struct large_counters *counters);

#endif
