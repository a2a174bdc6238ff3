/* Freed mappings that are used again: a system call and the page faults of new memory cost more than most
 * uses of a block. The caller holds HAK_LOCK_LARGE. */
#ifndef HAK_HEAPS_MAPPING_CACHE_H
#define HAK_HEAPS_MAPPING_CACHE_H

#include "os/compiler.h"

struct mapping {
    void *start; /* NULL: none */
    size_t size; /* bytes */
};

enum { MAPPING_CACHE_ENTRIES = 32 };

/* Takes the shortest cached mapping of `size` to one and a half times that, else, unless `whole`, the longest
 * of at least half the size, for the caller to grow. `align` is a power of two. */
struct mapping mapping_cache_take(size_t size, size_t align, bool whole);

/* Caches a mapping. */
void mapping_cache_put(struct mapping mapping);

/* Takes the one that has been cached longest, if there are more than `most` bytes or no room for another. */
struct mapping mapping_cache_evict(size_t most);

/* Whether a cached mapping starts at the address. */
bool mapping_cache_has(const void *start);

#endif
