#include "base/addr_map.h"
#include "check.h"

#include <pthread.h>

static struct addr_map map = {
    .table = &addr_table_empty, .lock = HAK_LOCK_MAP_LARGE, .shift = 12, .first_size = 8};

static void *find(uintptr_t key) {
    struct addr_table *table = atomic_load_explicit(&map.table, memory_order_acquire);
    return addr_table_find(table, key, ADDR_HASH(key, map.shift), table->size - 1);
}

static uintptr_t key_of(uintptr_t i) {
    return (i + 1) << 12;
}
static void *value_of(uintptr_t i) {
    return (void *)(i * 64 + 64);
}

static void finds_what_was_inserted_and_nothing_else(void) {
    enum { N = 5000 };
    CHECK(find(key_of(0)) == NULL);
    for (uintptr_t i = 0; i < N; i++)
        CHECK(addr_map_insert(&map, key_of(i), value_of(i)));
    for (uintptr_t i = 0; i < N; i++)
        CHECK(find(key_of(i)) == value_of(i));
    for (uintptr_t i = N; i < 2 * N; i++)
        CHECK(find(key_of(i)) == NULL);
    for (uintptr_t i = 0; i < N; i += 2)
        CHECK(addr_map_remove(&map, key_of(i)) == value_of(i));
    for (uintptr_t i = 0; i < N; i++)
        CHECK(find(key_of(i)) == (i % 2 ? value_of(i) : NULL));
    CHECK(addr_map_remove(&map, key_of(0)) == NULL);
    for (uintptr_t i = 1; i < N; i += 2)
        CHECK(addr_map_remove(&map, key_of(i)) == value_of(i));
    CHECK(atomic_load(&map.table)->live == 0);
}

static void churn_does_not_grow_the_table(void) {
    uint64_t random = 7;
    for (int i = 0; i < 100; i++)
        addr_map_insert(&map, key_of((uintptr_t)i), value_of(1));
    size_t size = atomic_load(&map.table)->size;
    struct addr_table *table = atomic_load(&map.table);
    for (int i = 0; i < 200000; i++) {
        uintptr_t key = key_of(1000 + check_random(&random) % 1000000);
        if (find(key)) continue;
        addr_map_insert(&map, key, value_of(2));
        addr_map_remove(&map, key);
    }
    CHECK(atomic_load(&map.table)->size == size);
    CHECK(atomic_load(&map.table) == table);
    for (int i = 0; i < 100; i++)
        addr_map_remove(&map, key_of((uintptr_t)i));
}

static _Atomic bool stop;

static void *churn(void *seed) {
    uint64_t random = (uintptr_t)seed;
    /* Each thread has its own keys: like an address, a key is in the map at most once. */
    uintptr_t base = (uintptr_t)seed * 100000;
    while (!atomic_load(&stop)) {
        uintptr_t first = base + check_random(&random) % 1000;
        for (uintptr_t i = 0; i < 50; i++)
            addr_map_insert(&map, key_of(first + i), value_of(first + i));
        for (uintptr_t i = 0; i < 50; i++) {
            CHECK(find(key_of(first + i)) == value_of(first + i));
            CHECK(addr_map_remove(&map, key_of(first + i)) == value_of(first + i));
        }
    }
    return NULL;
}

static void readers_find_live_keys_while_writers_work(void) {
    enum { LIVE = 300 };
    pthread_t writers[2];
    for (uintptr_t i = 0; i < LIVE; i++)
        addr_map_insert(&map, key_of(i), value_of(i));
    for (uintptr_t i = 0; i < 2; i++)
        pthread_create(&writers[i], NULL, churn, (void *)(i + 1));
    for (int round = 0; round < 2000; round++)
        for (uintptr_t i = 0; i < LIVE; i++)
            CHECK(find(key_of(i)) == value_of(i));
    atomic_store(&stop, true);
    for (int i = 0; i < 2; i++)
        pthread_join(writers[i], NULL);
}

int main(void) {
    RUN(finds_what_was_inserted_and_nothing_else);
    RUN(churn_does_not_grow_the_table);
    RUN(readers_find_live_keys_while_writers_work);
    FINISH();
}
