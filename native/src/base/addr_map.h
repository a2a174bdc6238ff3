/* A map from addresses to objects: open addressing, linear probing, readers without locks.
 *
 * Writers take the map's lock. A key becomes visible after its value (release), and a key never moves inside
 * a table, so a reader that looks for a key which is present finds it, whatever writers do. A table that has
 * become too small is replaced by a larger one and never freed: together the old ones are smaller than the
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
    _Atomic(struct addr_table *) table; /* NULL before the first insertion, if not set otherwise */
    enum hak_lock_rank lock;
    unsigned shift; /* low bits that all keys have in common */
    size_t first_size;
};

/* A table in which nothing is found; for maps whose readers do not want to test for NULL. */
extern struct addr_table addr_table_empty;

/* Spreads addresses that differ from bit `shift` upwards over 32 bits. A macro, so that each registry's hash
 * is a function of its own in a profile. */
#define ADDR_HASH(key, shift) ((size_t)(((uint64_t)((key) >> (shift)) * UINT64_C(0x9E3779B97F4A7C15)) >> 32))

/* The value of the key `wanted`, or NULL. `hash` is the key's ADDR_HASH, `mask` the table's size - 1. */
static HAK_ALWAYS_INLINE void *addr_table_find(struct addr_table *table, uintptr_t wanted, size_t hash,
                                               size_t mask) {
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        uintptr_t found = atomic_load_explicit(&table->slots[i].key, memory_order_acquire);
        if (HAK_LIKELY(found == wanted))
            return atomic_load_explicit(&table->slots[i].value, memory_order_relaxed);
        if (HAK_LIKELY(found == ADDR_MAP_EMPTY)) return NULL;
    }
}

/* False when there is no memory for a larger table. `key` must not be in the map. */
bool addr_map_insert(struct addr_map *map, uintptr_t key, void *value);

/* Makes sure that the map has a table and returns it; NULL when there is no memory. */
struct addr_table *addr_map_create(struct addr_map *map);

/* The value that was removed, or NULL when `key` was not in the map. Of several threads that remove the same
 * key one gets the value. */
void *addr_map_remove(struct addr_map *map, uintptr_t key);

#endif
