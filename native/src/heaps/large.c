#include "heaps/large.h"
#include "base/addr_map.h"
#include "os/os_mem.h"
#include "os/os_meta.h"

/* Freed mappings are cached for reuse, because a system call and the page faults cost more than most uses of
 * a block: up to 32, none above 16 MiB, 48 MiB in total. */
enum { CACHE_ENTRIES = 32 };
#define CACHE_ENTRY_MAX ((size_t)16 << 20)
#define CACHE_TOTAL_MAX ((size_t)48 << 20)

struct large_desc {
    void *start;
    _Atomic size_t size; /* of the mapping; the block's owner may change it */
    size_t fence;        /* inaccessible bytes in front of it and behind it */
    struct large_desc *next_free;
};

static struct addr_map registry = {
    .table = &addr_table_empty,
    .lock = HAK_LOCK_MAP_LARGE,
    .shift = 12,
    .first_size = 256,
};

/* HAKMEM_GUARD_PAGES: one page, otherwise 0. Blocks from before the start have no fences. */
static size_t fence;

/* Guarded by HAK_LOCK_LARGE. Cached mappings have fences too. */
static struct large_desc *free_descs;
static struct {
    void *start;
    size_t size;
} cache[CACHE_ENTRIES];
static unsigned cache_count;
static size_t cache_bytes;

/* The blocks that were unmapped last, so that a second free of them is reported as a double free. */
enum { GONE_ENTRIES = 64 };
static const void *gone[GONE_ENTRIES];
static unsigned gone_next;

static _Atomic uint64_t count_allocs, count_frees, count_reused;
static _Atomic size_t mapped_bytes; /* of live blocks */

static struct large_desc *lookup(const void *pointer) {
    struct addr_table *table = atomic_load_explicit(&registry.table, memory_order_acquire);
    uintptr_t key = (uintptr_t)pointer;
    return addr_table_find(table, key, ADDR_HASH(key, registry.shift), table->size - 1);
}

static void unmap(void *start, size_t size, size_t fenced) {
    os_unmap((char *)start - fenced, size + 2 * fenced);
}

/* Takes the cached mapping that fits best and wastes at most half; NULL if there is none. */
static void *cache_take(size_t size, size_t align, size_t *found_size) {
    int best = -1;
    for (unsigned i = 0; i < cache_count; i++) {
        if (cache[i].size < size || cache[i].size > 2 * size) continue;
        if ((uintptr_t)cache[i].start & (align - 1)) continue;
        if (best < 0 || cache[i].size < cache[best].size) best = (int)i;
    }
    if (best < 0) return NULL;
    void *start = cache[best].start;
    *found_size = cache[best].size;
    cache_bytes -= cache[best].size;
    cache[best] = cache[--cache_count];
    return start;
}

static struct large_desc *take_desc(void) {
    struct large_desc *desc = free_descs;
    if (!desc) return os_meta_alloc(sizeof *desc);
    free_descs = desc->next_free;
    return desc;
}

static void give_desc(struct large_desc *desc) {
    desc->next_free = free_descs;
    free_descs = desc;
}

void *large_alloc(size_t size, size_t align, bool *zeroed) {
    size_t page = os_page_size();
    if (size > PTRDIFF_MAX - page || align > PTRDIFF_MAX / 2) return NULL;
    size = HAK_ALIGN_UP(size ? size : 1, page);

    hak_lock(HAK_LOCK_LARGE);
    void *start = cache_take(size, align, &size);
    struct large_desc *desc = take_desc();
    hak_unlock(HAK_LOCK_LARGE);

    bool reused = start != NULL;
    if (!start) start = fence ? os_map_fenced(size, align) : os_map_aligned(size, align);
    bool known = false;
    if (start && desc) {
        desc->start = start;
        desc->fence = fence;
        atomic_store_explicit(&desc->size, size, memory_order_relaxed);
        known = addr_map_insert(&registry, (uintptr_t)start, desc);
    }
    if (!known) {
        if (start) unmap(start, size, fence);
        if (desc) {
            hak_lock(HAK_LOCK_LARGE);
            give_desc(desc);
            hak_unlock(HAK_LOCK_LARGE);
        }
        return NULL;
    }
    atomic_fetch_add_explicit(&count_allocs, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&mapped_bytes, size, memory_order_relaxed);
    if (reused) atomic_fetch_add_explicit(&count_reused, 1, memory_order_relaxed);
    *zeroed = !reused;
    return start;
}

bool large_free(void *pointer) {
    struct large_desc *desc = addr_map_remove(&registry, (uintptr_t)pointer);
    if (!desc) return false;
    size_t size = atomic_load_explicit(&desc->size, memory_order_relaxed), fenced = desc->fence;
    hak_lock(HAK_LOCK_LARGE);
    give_desc(desc);
    bool keep = cache_count < CACHE_ENTRIES && size <= CACHE_ENTRY_MAX &&
                cache_bytes + size <= CACHE_TOTAL_MAX && fenced == fence;
    if (keep) {
        cache[cache_count].start = pointer;
        cache[cache_count++].size = size;
        cache_bytes += size;
    } else {
        gone[gone_next++ % GONE_ENTRIES] = pointer;
    }
    hak_unlock(HAK_LOCK_LARGE);
    if (!keep) unmap(pointer, size, fenced);
    atomic_fetch_add_explicit(&count_frees, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&mapped_bytes, size, memory_order_relaxed);
    return true;
}

enum large_place large_place_of(const void *pointer) {
    enum large_place place = LARGE_NOWHERE;
    hak_lock(HAK_LOCK_LARGE);
    for (unsigned i = 0; i < GONE_ENTRIES; i++)
        if (gone[i] == pointer) place = LARGE_FREED;
    for (unsigned i = 0; i < cache_count; i++)
        if (cache[i].start == pointer) place = LARGE_FREED;
    hak_unlock(HAK_LOCK_LARGE);
    struct addr_table *table = atomic_load_explicit(&registry.table, memory_order_acquire);
    for (size_t i = 0; place == LARGE_NOWHERE && i < table->size; i++) {
        uintptr_t start = atomic_load_explicit(&table->slots[i].key, memory_order_acquire);
        if (start <= ADDR_MAP_REMOVED || (uintptr_t)pointer <= start) continue;
        const struct large_desc *desc = atomic_load_explicit(&table->slots[i].value, memory_order_relaxed);
        if ((uintptr_t)pointer - start < atomic_load_explicit(&desc->size, memory_order_relaxed))
            place = LARGE_INSIDE;
    }
    return place;
}

size_t large_trim(void) {
    hak_lock(HAK_LOCK_LARGE);
    size_t bytes = cache_bytes;
    for (unsigned i = 0; i < cache_count; i++) {
        gone[gone_next++ % GONE_ENTRIES] = cache[i].start;
        unmap(cache[i].start, cache[i].size, fence);
    }
    cache_count = 0;
    cache_bytes = 0;
    hak_unlock(HAK_LOCK_LARGE);
    return bytes;
}

size_t large_usable(const void *pointer) {
    struct large_desc *desc = lookup(pointer);
    return desc ? atomic_load_explicit(&desc->size, memory_order_relaxed) : 0;
}

void *large_realloc(void *pointer, size_t size) {
    struct large_desc *desc = lookup(pointer);
    if (!desc || size > PTRDIFF_MAX - os_page_size()) return NULL;
    size_t old_size = atomic_load_explicit(&desc->size, memory_order_relaxed), fenced = desc->fence;
    size_t new_size = HAK_ALIGN_UP(size, os_page_size());
    if (new_size == old_size) return pointer;
    /* A block between fences cannot grow, and would leave its fence behind if it shrank. */
    if (!fenced && os_resize_in_place(pointer, old_size, new_size)) {
        atomic_fetch_add_explicit(&mapped_bytes, new_size - old_size, memory_order_relaxed);
        atomic_store_explicit(&desc->size, new_size, memory_order_relaxed);
        return pointer;
    }
    if (new_size < old_size) return NULL;

    bool zeroed;
    void *target = large_alloc(size, os_page_size(), &zeroed);
    if (!target) return NULL;
    size_t target_size = large_usable(target);
    /* Remove the old address from the registry before the system can give it to another thread. */
    addr_map_remove(&registry, (uintptr_t)pointer);
    if (!os_move(pointer, old_size, target, target_size)) {
        /* Its slot has just become free, so this needs no memory. */
        addr_map_insert(&registry, (uintptr_t)pointer, desc);
        large_free(target);
        return NULL;
    }
    if (fenced) { /* only the block has moved */
        os_unmap((char *)pointer - fenced, fenced);
        os_unmap((char *)pointer + old_size, fenced);
    }
    hak_lock(HAK_LOCK_LARGE);
    give_desc(desc);
    gone[gone_next++ % GONE_ENTRIES] = pointer;
    hak_unlock(HAK_LOCK_LARGE);
    atomic_fetch_add_explicit(&count_frees, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&mapped_bytes, old_size, memory_order_relaxed);
    return target;
}

void large_counters(struct large_counters *counters) {
    counters->allocs = atomic_load_explicit(&count_allocs, memory_order_relaxed);
    counters->frees = atomic_load_explicit(&count_frees, memory_order_relaxed);
    counters->mapped_bytes = atomic_load_explicit(&mapped_bytes, memory_order_relaxed);
    counters->reused = atomic_load_explicit(&count_reused, memory_order_relaxed);
}

static void count(const struct box *box, struct box_counts counts[HAK_CLASSES]) {
    (void)box;
    struct large_counters sums;
    large_counters(&sums);
    counts[HAK_LARGE].fast += sums.reused;
    counts[HAK_LARGE].slow += sums.allocs - sums.reused;
    counts[HAK_LARGE].frees += sums.frees;
}

static void start(const struct hak_configuration *configuration) {
    if (!configuration->values[HAK_OPT_GUARD_PAGES]) return;
    large_trim(); /* what the start itself has freed has no fences */
    fence = os_page_size();
}

const struct box large_box = {
    .name = "large",
    .meaning = "One mapping per block, found by its address. Up to 48 MiB of freed mappings are cached.",
    .classes = HAK_CLASS_BIT(HAK_LARGE),
    .start = start,
    .count = count,
};
