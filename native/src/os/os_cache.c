#include "os/os_cache.h"

/* The one that has been cached longest comes first. */
static struct os_mapping cache[OS_CACHE_ENTRIES];
static unsigned count;
static size_t bytes;

static struct os_mapping os_cache_remove(unsigned index) {
    struct os_mapping taken = cache[index];
    bytes -= taken.size;
    count--;
    for (unsigned i = index; i < count; i++)
        cache[i] = cache[i + 1];
    return taken;
}

struct os_mapping os_cache_take(size_t size, size_t align, bool whole) {
    unsigned best = count;
    for (unsigned i = 0; i < count; i++) {
        if ((uintptr_t)cache[i].start & (align - 1)) continue;
        size_t has = cache[i].size, best_has = best < count ? cache[best].size : 0;
        if (has > size + size / 2 || has < (whole ? size : size / 2)) continue;
        if (best == count || (best_has < size ? has > best_has : has >= size && has < best_has)) best = i;
    }
    return best < count ? os_cache_remove(best) : (struct os_mapping){NULL, 0};
}

void os_cache_put(struct os_mapping mapping) {
    cache[count++] = mapping;
    bytes += mapping.size;
}

struct os_mapping os_cache_evict(size_t most) {
    return bytes > most || count == OS_CACHE_ENTRIES ? os_cache_remove(0) : (struct os_mapping){NULL, 0};
}

bool os_cache_has(const void *start) {
    for (unsigned i = 0; i < count; i++)
        if (cache[i].start == start) return true;
    return false;
}
