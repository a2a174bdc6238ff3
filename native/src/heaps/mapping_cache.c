#include "heaps/mapping_cache.h"

/* The one that has been cached longest comes first. */
static struct mapping cache[MAPPING_CACHE_ENTRIES];
static unsigned count;
static size_t bytes;

static struct mapping remove_at(unsigned index) {
    struct mapping taken = cache[index];
    bytes -= taken.size;
    count--;
    for (unsigned i = index; i < count; i++)
        cache[i] = cache[i + 1];
    return taken;
}

struct mapping mapping_cache_take(size_t size, size_t align, bool whole) {
    unsigned best = count;
    for (unsigned i = 0; i < count; i++) {
        if ((uintptr_t)cache[i].start & (align - 1)) continue;
        size_t has = cache[i].size, best_has = best < count ? cache[best].size : 0;
        if (has > size + size / 2 || has < (whole ? size : size / 2)) continue;
        if (best == count || (best_has < size ? has > best_has : has >= size && has < best_has)) best = i;
    }
    return best < count ? remove_at(best) : (struct mapping){NULL, 0};
}

void mapping_cache_put(struct mapping mapping) {
    cache[count++] = mapping;
    bytes += mapping.size;
}

struct mapping mapping_cache_evict(size_t most) {
    return bytes > most || count == MAPPING_CACHE_ENTRIES ? remove_at(0) : (struct mapping){NULL, 0};
}

bool mapping_cache_has(const void *start) {
    for (unsigned i = 0; i < count; i++)
        if (cache[i].start == start) return true;
    return false;
}
