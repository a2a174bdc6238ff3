#include "base/addr_map.h"
#include "os/os_meta.h"

struct addr_table addr_table_empty = {.size = 1, .slots = {{ADDR_MAP_EMPTY, NULL}}};

static struct addr_table *current(struct addr_map *map) {
    return atomic_load_explicit(&map->table, memory_order_relaxed);
}

static struct addr_table *new_table(size_t size) {
    struct addr_table *table = os_meta_alloc(sizeof *table + size * sizeof table->slots[0]);
    if (table) table->size = size;
    return table;
}

static void put(struct addr_map *map, struct addr_table *table, uintptr_t key, void *value) {
    size_t mask = table->size - 1;
    size_t i = ADDR_HASH(key, map->shift) & mask;
    uintptr_t old;
    while ((old = atomic_load_explicit(&table->slots[i].key, memory_order_relaxed)) > ADDR_MAP_REMOVED)
        i = (i + 1) & mask;
    if (old == ADDR_MAP_EMPTY) table->occupied++;
    table->live++;
    atomic_store_explicit(&table->slots[i].value, value, memory_order_relaxed);
    atomic_store_explicit(&table->slots[i].key, key, memory_order_release);
}

/* A table with room for one more key. The caller holds the lock. */
static struct addr_table *table_with_room(struct addr_map *map) {
    struct addr_table *old = current(map);
    if (old && old->occupied + 1 <= old->size / 2) return old;

    size_t size = map->first_size;
    size_t live = old ? old->live : 0;
    while (size < 4 * (live + 1))
        size *= 2;
    struct addr_table *table = new_table(size);
    if (!table) return NULL;
    for (size_t i = 0; old && i < old->size; i++) {
        uintptr_t key = atomic_load_explicit(&old->slots[i].key, memory_order_relaxed);
        if (key > ADDR_MAP_REMOVED)
            put(map, table, key, atomic_load_explicit(&old->slots[i].value, memory_order_relaxed));
    }
    atomic_store_explicit(&map->table, table, memory_order_release);
    return table;
}

bool addr_map_insert(struct addr_map *map, uintptr_t key, void *value) {
    hak_lock(map->lock);
    struct addr_table *table = table_with_room(map);
    if (table) put(map, table, key, value);
    hak_unlock(map->lock);
    return table != NULL;
}

struct addr_table *addr_map_create(struct addr_map *map) {
    hak_lock(map->lock);
    struct addr_table *table = table_with_room(map);
    hak_unlock(map->lock);
    return table;
}

/* A REMOVED slot that no probe needs to pass any more becomes EMPTY again, so that churn does not fill the
 * table. No key follows it in its run, so no reader can miss one. */
static void clean(struct addr_table *table, size_t i) {
    size_t mask = table->size - 1;
    if (atomic_load_explicit(&table->slots[(i + 1) & mask].key, memory_order_relaxed) != ADDR_MAP_EMPTY)
        return;
    while (atomic_load_explicit(&table->slots[i].key, memory_order_relaxed) == ADDR_MAP_REMOVED) {
        atomic_store_explicit(&table->slots[i].key, ADDR_MAP_EMPTY, memory_order_release);
        table->occupied--;
        i = (i - 1) & mask;
    }
}

void *addr_map_remove(struct addr_map *map, uintptr_t key) {
    void *value = NULL;
    hak_lock(map->lock);
    struct addr_table *table = current(map);
    if (table && table->live) {
        size_t mask = table->size - 1;
        for (size_t i = ADDR_HASH(key, map->shift) & mask;; i = (i + 1) & mask) {
            uintptr_t found = atomic_load_explicit(&table->slots[i].key, memory_order_relaxed);
            if (found == ADDR_MAP_EMPTY) break;
            if (found != key) continue;
            value = atomic_load_explicit(&table->slots[i].value, memory_order_relaxed);
            atomic_store_explicit(&table->slots[i].key, ADDR_MAP_REMOVED, memory_order_release);
            table->live--;
            clean(table, i);
            break;
        }
    }
    hak_unlock(map->lock);
    return value;
}
