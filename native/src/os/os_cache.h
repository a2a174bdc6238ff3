/* Freed mappings that are used again: a system call and the page faults of new memory cost more than most
 * uses of a block. The caller holds HAK_LOCK_LARGE. */
#ifndef HAK_OS_CACHE_H
#define HAK_OS_CACHE_H

#include "os/compiler.h"

struct os_mapping {
    void *start; /* NULL: none */
    size_t size; /* bytes */
};

enum { OS_CACHE_ENTRIES = 32 };

/* Takes the shortest cached mapping of `size` to one and a half times that, else, unless `whole`, the longest
 * of at least half the size, for the caller to grow. `align` is a power of two. */
struct os_mapping os_cache_take(size_t size, size_t align, bool whole);

/* Caches a mapping. */
void os_cache_put(struct os_mapping mapping);

/* Takes the one that has been cached longest, if there are more than `most` bytes or no room for another. */
struct os_mapping os_cache_evict(size_t most);

/* Whether a cached mapping starts at the address. */
bool os_cache_has(const void *start);

#endif
