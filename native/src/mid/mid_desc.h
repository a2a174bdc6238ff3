/* Mid descriptors: the metadata of mid pages, found by the address of any block in them.
 *
 * A mid page covers one or four units of 64 KiB; each unit is a key in a hash registry. A unit's addresses
 * stay with its descriptor permanently (memory is given back by purging, not by unmapping), so a thread can
 * cache descriptors without ever having to invalidate one. */
#ifndef HAK_MID_MID_DESC_H
#define HAK_MID_MID_DESC_H

#include "base/addr_map.h"
#include "base/tally.h"
#include "page/page.h"

enum { MID_UNIT_SHIFT = 16, MID_UNIT_SIZE = 1 << MID_UNIT_SHIFT };

struct mid_desc {
    struct hak_page page; /* must be first: a pointer to the page is a pointer to the descriptor */
    struct mid_desc *next_free;
    char *base;
    void *records; /* the guard box's */
    bool dirty;    /* free, but still with its memory; guarded by HAK_LOCK_MID */
};

extern struct addr_map mid_desc_registry;

/* Direct-mapped, per thread. 8 entries cover a working set of 0.5 to 2 MiB. */
enum { MID_DESC_CACHE_ENTRIES = 8 };
struct mid_desc_cache_entry {
    uintptr_t unit;
    struct mid_desc *desc;
    /* The context: the descriptor's contents in epoch `epoch`. */
    uint64_t epoch;
    uint8_t box, class_index;
};
extern HAK_TLS struct mid_desc_cache_entry mid_desc_cache[MID_DESC_CACHE_ENTRIES];

/* HAKMEM_MID_DESC_CACHE_ENABLED; set before the first block exists. */
extern bool mid_desc_cache_enabled;

static inline size_t mid_desc_hash(uintptr_t unit) {
    return ADDR_HASH(unit, MID_UNIT_SHIFT);
}

/* The registry's table, created on first use; NULL without memory. */
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

/* Looks in the thread's cache first; a hit reads no shared memory. */
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

/* The epoch of the contexts. A descriptor keeps its box and class until its page is given back, and giving
 * one back first starts a new epoch. So a context of the current epoch is valid for every page that has a
 * live block. Starts at 1; empty entries have 0. */
extern _Atomic uint64_t mid_desc_epoch;

/* The thread's cache entry for the page of a live block, with its context up to date, or NULL. */
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

/* Returns false without memory. */
bool mid_desc_register(uintptr_t unit, struct mid_desc *desc);

#endif
