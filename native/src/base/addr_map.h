/* A map from addresses to objects: open addressing, linear probing, readers without locks.
 *
 * Writers take the map's lock. A key becomes visible after its value (release) and never moves within a
 * table, so a reader always finds a key that is present, whatever writers do meanwhile. A table that has
 * become too small is replaced by a larger one and never freed; all old tables together are smaller than the
 * current one. At most half of a table is used, so a miss usually costs one probe. */
#ifndef HAK_BASE_ADDR_MAP_H
#define HAK_BASE_ADDR_MAP_H

#include "os/compiler.h"
#include "os/os_lock.h"

#define ADDR_MAP_EMPTY ((uintptr_t)0)
#define ADDR_MAP_REMOVED ((uintptr_t)1)

struct addr_slot {
    _Atomic(uintptr_t) key; /* EMPTY, REMOVED or an address */
    _Atomic(void *) value;
};

struct addr_table {
    size_t size;     /* a power of two */
    size_t occupied; /* slots that are not EMPTY */
    size_t live;     /* slots that hold an address */
    struct addr_slot slots[];
};

struct addr_map {
    _Atomic(struct addr_table *) table; /* NULL before the first insertion, unless initialized otherwise */
    enum hak_lock_rank lock;
    unsigned shift; /* low bits that all keys have in common */
    size_t first_size;
};

/* An empty table, for maps whose readers should not have to test for NULL. */
extern struct addr_table addr_table_empty;

/* Spreads addresses that differ in bit `shift` and above over 32 bits. A macro, so that each registry's hash
 * is a function of its own in a profile. */
#define ADDR_HASH(key, shift) ((size_t)(((uint64_t)((key) >> (shift)) * UINT64_C(0x9E3779B97F4A7C15)) >> 32))

/* The value of the key `wanted`, or NULL. `hash` is the key's ADDR_HASH, `mask` is the table's size - 1. */
static HAK_ALWAYS_INLINE void *addr_table_find(struct addr_table *table, uintptr_t wanted, size_t hash,
                                               size_t mask) {
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        uintptr_t found = atomic_load_explicit(&table->slots[i].key, memory_order_acquire);
        if (HAK_LIKELY(found == wanted))
            return atomic_load_explicit(&table->slots[i].value, memory_order_relaxed);
        if (HAK_LIKELY(found == ADDR_MAP_EMPTY)) return NULL;
    }
}

/* Returns false when there is no memory for a larger table. `key` must not be in the map. */
bool addr_map_insert(struct addr_map *map, uintptr_t key, void *value);

/* Creates the map's table if it has none, and returns it; NULL without memory. */
struct addr_table *addr_map_create(struct addr_map *map);

/* Returns the removed value, or NULL when `key` was not in the map. When several threads remove the same key,
 * exactly one gets the value. */
void *addr_map_remove(struct addr_map *map, uintptr_t key);

#endif
