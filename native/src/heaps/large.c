#include "heaps/large.h"
#include "base/addr_map.h"
#include "os/os_cache.h"
#include "os/os_mem.h"
#include "os/os_meta.h"

/* Freed mappings are cached: half of what is in use, but at least so much. */
#define CACHED_LEAST ((size_t)32 << 20)

/* From here on a block is mapped in huge pages. */
#define HUGE_LEAST ((size_t)4 << 20)

struct large_desc {
    _Atomic size_t size; /* of the mapping; the block's owner may change it */
    size_t asked;        /* at most `size`; only for the block's owner */
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

/* Guarded by HAK_LOCK_LARGE, as is the cache, whose mappings have fences too. */
static struct large_desc *free_descs;

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

/* The caller holds the lock. */
static void is_gone(const void *start) {
    gone[gone_next++ % GONE_ENTRIES] = start;
}

/* Whole huge pages, if that makes it longer by a quarter at most: the ends of blocks would otherwise take
 * most of the page faults. */
static size_t length_of(size_t size) {
    size_t huge = HAK_ALIGN_UP(size, OS_HUGE_PAGE);
    return size >= HUGE_LEAST && !fence && huge - size <= size / 4 ? huge
                                                                   : HAK_ALIGN_UP(size, os_page_size());
}

static void *map(size_t size, size_t align) {
    if (fence) return os_map_fenced(size, align);
    return size < HUGE_LEAST ? os_map_aligned(size, align) : os_map_huge(size, align);
}

/* Moves a cached mapping to where it is `size` bytes long; it keeps its memory. */
static struct os_mapping grown(struct os_mapping mapping, size_t size) {
    if (!mapping.start || mapping.size >= size) return mapping;
    hak_lock(HAK_LOCK_LARGE);
    is_gone(mapping.start);
    hak_unlock(HAK_LOCK_LARGE);
    void *start = map(size, 1);
    if (start && os_move(mapping.start, mapping.size, start, size)) return (struct os_mapping){start, size};
    unmap(mapping.start, mapping.size, 0);
    return (struct os_mapping){NULL, 0};
}

/* Caches the mapping, if there is one, and unmaps what is more than `most` bytes. Takes the lock. Returns how
 * many bytes were unmapped. */
static size_t renew_cache(struct os_mapping added, size_t most) {
    struct os_mapping evicted[OS_CACHE_ENTRIES + 1]; /* and none, which ends them */
    unsigned count = 0;
    size_t bytes = 0;
    hak_lock(HAK_LOCK_LARGE);
    if (added.start) os_cache_put(added);
    while ((evicted[count] = os_cache_evict(most)).start)
        is_gone(evicted[count++].start);
    hak_unlock(HAK_LOCK_LARGE);
    for (unsigned i = 0; i < count; i++) {
        unmap(evicted[i].start, evicted[i].size, fence);
        bytes += evicted[i].size;
    }
    return bytes;
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
    if (size > PTRDIFF_MAX - OS_HUGE_PAGE || align > PTRDIFF_MAX / 2) return NULL;
    size_t length = length_of(size ? size : 1);

    hak_lock(HAK_LOCK_LARGE);
    struct os_mapping mapping = os_cache_take(length, align, fence || align > os_page_size());
    struct large_desc *desc = take_desc();
    hak_unlock(HAK_LOCK_LARGE);

    mapping = grown(mapping, length);
    bool reused = mapping.start != NULL, known = false;
    if (!reused) mapping = (struct os_mapping){map(length, align), length};
    if (mapping.start && desc) {
        desc->asked = size;
        desc->fence = fence;
        atomic_store_explicit(&desc->size, mapping.size, memory_order_relaxed);
        known = addr_map_insert(&registry, (uintptr_t)mapping.start, desc);
    }
    if (!known) {
        if (mapping.start) unmap(mapping.start, mapping.size, fence);
        if (desc) {
            hak_lock(HAK_LOCK_LARGE);
            give_desc(desc);
            hak_unlock(HAK_LOCK_LARGE);
        }
        return NULL;
    }
    atomic_fetch_add_explicit(&count_allocs, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&mapped_bytes, mapping.size, memory_order_relaxed);
    if (reused) atomic_fetch_add_explicit(&count_reused, 1, memory_order_relaxed);
    *zeroed = !reused;
    return mapping.start;
}

bool large_free(void *pointer) {
    struct large_desc *desc = addr_map_remove(&registry, (uintptr_t)pointer);
    if (!desc) return false;
    size_t size = atomic_load_explicit(&desc->size, memory_order_relaxed), fenced = desc->fence;
    hak_lock(HAK_LOCK_LARGE);
    give_desc(desc);
    if (fenced != fence) is_gone(pointer);
    hak_unlock(HAK_LOCK_LARGE);
    if (fenced == fence) {
        size_t half = (atomic_load_explicit(&mapped_bytes, memory_order_relaxed) - size) / 2;
        renew_cache((struct os_mapping){pointer, size}, half > CACHED_LEAST ? half : CACHED_LEAST);
    } else {
        unmap(pointer, size, fenced);
    }
    atomic_fetch_add_explicit(&count_frees, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&mapped_bytes, size, memory_order_relaxed);
    return true;
}

enum large_place large_place_of(const void *pointer) {
    enum large_place place = LARGE_NOWHERE;
    hak_lock(HAK_LOCK_LARGE);
    for (unsigned i = 0; i < GONE_ENTRIES; i++)
        if (gone[i] == pointer) place = LARGE_FREED;
    if (os_cache_has(pointer)) place = LARGE_FREED;
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
    return renew_cache((struct os_mapping){NULL, 0}, 0);
}

size_t large_usable(const void *pointer) {
    struct large_desc *desc = lookup(pointer);
    return desc ? atomic_load_explicit(&desc->size, memory_order_relaxed) : 0;
}

void *large_realloc(void *pointer, size_t size) {
    struct large_desc *desc = lookup(pointer);
    if (!desc || size > PTRDIFF_MAX - OS_HUGE_PAGE) return NULL;
    size_t old_size = atomic_load_explicit(&desc->size, memory_order_relaxed), fenced = desc->fence;
    size_t new_size = HAK_ALIGN_UP(size, os_page_size());
    if (size >= desc->asked - desc->asked / 8 && new_size <= old_size) {
        desc->asked = size;
        return pointer;
    }
    /* A block that has grown will grow again, and addresses cost no memory. A block between fences cannot
     * grow, and would leave its fence behind if it shrank. */
    size_t roomy = new_size > old_size && size < PTRDIFF_MAX / 2 ? length_of(size + size / 8) : new_size;
    for (size_t length = roomy; !fenced; length = new_size) {
        if (os_resize_in_place(pointer, old_size, length)) {
            atomic_fetch_add_explicit(&mapped_bytes, length - old_size, memory_order_relaxed);
            atomic_store_explicit(&desc->size, length, memory_order_relaxed);
            desc->asked = size;
            return pointer;
        }
        if (length == new_size) break;
    }
    if (new_size < old_size) return NULL;

    /* Not a cached mapping, whose memory would be lost. */
    struct os_mapping room = {map(roomy, 1), roomy};
    if (!room.start) room = (struct os_mapping){map(new_size, 1), new_size};
    if (!room.start) return NULL;
    if (!addr_map_insert(&registry, (uintptr_t)room.start, desc)) {
        unmap(room.start, room.size, fence);
        return NULL;
    }
    /* Remove the old address from the registry before the system can give it to another thread. */
    addr_map_remove(&registry, (uintptr_t)pointer);
    if (!os_move(pointer, old_size, room.start, room.size)) {
        /* Its slot has just become free, so this needs no memory. */
        addr_map_insert(&registry, (uintptr_t)pointer, desc);
        addr_map_remove(&registry, (uintptr_t)room.start);
        return NULL;
    }
    desc->asked = size;
    desc->fence = fence;
    atomic_store_explicit(&desc->size, room.size, memory_order_relaxed);
    if (fenced) { /* only the block has moved */
        os_unmap((char *)pointer - fenced, fenced);
        os_unmap((char *)pointer + old_size, fenced);
    }
    hak_lock(HAK_LOCK_LARGE);
    is_gone(pointer);
    hak_unlock(HAK_LOCK_LARGE);
    atomic_fetch_add_explicit(&mapped_bytes, room.size - old_size, memory_order_relaxed);
    return room.start;
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
    .meaning = "One mapping per block, found by its address. Freed mappings are cached: 32 MiB, or half of "
               "the live ones.",
    .classes = HAK_CLASS_BIT(HAK_LARGE),
    .start = start,
    .count = count,
};
