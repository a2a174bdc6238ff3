/* Large blocks: one mapping each, found by the exact address of the block. With HAKMEM_GUARD_PAGES=1 it lies
 * between two inaccessible pages. */
#ifndef HAK_HEAPS_LARGE_H
#define HAK_HEAPS_LARGE_H

#include "page/box.h"

extern const struct box large_box;

struct large_counters {
    uint64_t allocs, frees;
    uint64_t reused;       /* allocations served from the cache of freed mappings */
    uint64_t mapped_bytes; /* of live blocks */
};

/* Allocates a block. `align` is any power of two. Sets `*zeroed` to whether the memory is known to be zero.
 * NULL without memory. Takes HAK_LOCK_LARGE. */
void *large_alloc(size_t size, size_t align, bool *zeroed);

/* Returns false when `pointer` is not a large block. */
bool large_free(void *pointer);

/* The size of the block; 0 when `pointer` is not a large block. Lock-free. */
size_t large_usable(const void *pointer);

/* Resizes the block to `size` bytes, perhaps at a new address; pages are moved, not copied. Returns NULL and
 * leaves the block unchanged when that is not possible. */
void *large_realloc(void *pointer, size_t size);

/* What is at an address that is not the start of a live block. Slow; for messages only. */
enum large_place { LARGE_NOWHERE, LARGE_FREED, LARGE_INSIDE };
enum large_place large_place_of(const void *pointer);

/* Unmaps the cached mappings. Returns the number of bytes. */
size_t large_trim(void);

void large_counters(struct large_counters *counters);

#endif
