/* Mid descriptors: the metadata of the pools' pages, found by the address of any block in them.
 *
 * A mid page covers one or four units of 64 KiB; each unit is a key in a hash registry. The address space of
 * a unit stays with its descriptor for ever (memory is given back by purging, not by unmapping), so a found
 * descriptor can be remembered without ever having to be forgotten: that is what the thread cache does. */
#ifndef HAK_MID_MID_DESC_H
#define HAK_MID_MID_DESC_H

#include "base/addr_map.h"
#include "base/tally.h"
#include "page/page.h"

enum { MID_UNIT_SHIFT = 16, MID_UNIT_SIZE = 1 << MID_UNIT_SHIFT };

struct mid_desc {
    struct hak_page page; /* first: a descriptor is its page */
    struct mid_desc *next_free;
    char *base;
    void *records; /* of the guard box */
    bool dirty;    /* free, but its memory has not been given back; guarded by HAK_LOCK_MID */
};

extern struct addr_map mid_desc_registry;

/* Direct-mapped, per thread. 8 entries cover a working set of half a megabyte to two. */
enum { MID_DESC_CACHE_ENTRIES = 8 };
struct mid_desc_cache_entry {
    uintptr_t unit;
    struct mid_desc *desc;
    /* The context: what the descriptor said in the epoch `epoch`. */
    uint64_t epoch;
    uint8_t box, class_index;
};
extern HAK_TLS struct mid_desc_cache_entry mid_desc_cache[MID_DESC_CACHE_ENTRIES];

/* HAKMEM_MID_DESC_CACHE_ENABLED; set before the first block exists. */
extern bool mid_desc_cache_enabled;

static inline size_t mid_desc_hash(uintptr_t unit) {
    return ADDR_HASH(unit, MID_UNIT_SHIFT);
}

/* The registry's table, which is made when the first unit is registered; NULL before. */
struct addr_table *mid_desc_init_slow(void);
static inline struct addr_table *mid_desc_init_once(void) {
    struct addr_table *table = atomic_load_explicit(&mid_desc_registry.table, memory_order_acquire);
    return HAK_LIKELY(table != NULL) ? table : mid_desc_init_slow();
}

static inline struct mid_desc *mid_desc_find(uintptr_t unit, size_t hash) {
    struct addr_table *table = mid_desc_init_once();
    HAK_TALLY(MID_PROBE);
    if (HAK_UNLIKELY(!table)) return NULL;
    return addr_table_find(table, unit, hash, table->size - 1);
}

/* Through the thread's cache; a hit reads no shared memory. */
static inline struct mid_desc *mid_desc_lookup_cached(uintptr_t unit, size_t hash) {
    struct mid_desc_cache_entry *entry = &mid_desc_cache[hash & (MID_DESC_CACHE_ENTRIES - 1)];
    if (HAK_LIKELY(entry->unit == unit)) {
        HAK_TALLY(MID_CACHE_HIT);
        return entry->desc;
    }
    struct mid_desc *desc = mid_desc_find(unit, hash);
    if (desc) *entry = (struct mid_desc_cache_entry){.unit = unit, .desc = desc};
    return desc;
}

/* The descriptor of the mid page that `pointer` lies in, or NULL. Lock-free. */
static inline struct mid_desc *mid_desc_lookup(const void *pointer) {
    uintptr_t unit = (uintptr_t)pointer & ~((uintptr_t)MID_UNIT_SIZE - 1);
    size_t hash = mid_desc_hash(unit);
    if (mid_desc_cache_enabled) return mid_desc_lookup_cached(unit, hash);
    return mid_desc_find(unit, hash);
}

/* The epoch of the contexts: a descriptor keeps box and class until its page is given back, and whoever gives
 * one back begins a new epoch first. So a context of the present epoch is true of every page that has a live
 * block. Starts at 1, which no empty entry has. */
extern _Atomic uint64_t mid_desc_epoch;

/* The thread's entry for the page of a live block, its context up to date, or NULL. */
static inline const struct mid_desc_cache_entry *mid_context_lookup(const void *pointer) {
    uintptr_t unit = (uintptr_t)pointer & ~((uintptr_t)MID_UNIT_SIZE - 1);
    size_t hash = mid_desc_hash(unit);
    struct mid_desc_cache_entry *entry = &mid_desc_cache[hash & (MID_DESC_CACHE_ENTRIES - 1)];
    uint64_t epoch = atomic_load_explicit(&mid_desc_epoch, memory_order_acquire);
    if (HAK_LIKELY(entry->unit == unit && entry->epoch == epoch)) return entry;
    struct mid_desc *desc = entry->unit == unit ? entry->desc : mid_desc_find(unit, hash);
    if (!desc) return NULL;
    *entry = (struct mid_desc_cache_entry){unit, desc, epoch, desc->page.box, desc->page.class_index};
    return entry;
}

/* False without memory. */
bool mid_desc_register(uintptr_t unit, struct mid_desc *desc);

#endif
