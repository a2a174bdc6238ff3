/* Threads that end, threads that fork, threads that only free. Runs under every preset. */
#include "check.h"
#include "hakmem.h"

#include <pthread.h>
#include <stdatomic.h>

enum { LIVE = 200 };
static const size_t sizes[] = {8, 24, 100, 200, 400, 700, 1000, 3000, 20000, 100000};
enum { SIZES = sizeof sizes / sizeof sizes[0] };

static size_t resident_bytes(void) {
    long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%ld %ld", &pages, &resident) != 2) resident = 0;
    if (file) fclose(file);
    return (size_t)resident * (size_t)sysconf(_SC_PAGESIZE);
}

static void *leave_blocks(void *result) {
    unsigned char **blocks = result;
    for (int i = 0; i < LIVE; i++) {
        blocks[i] = hak_malloc(sizes[i % SIZES]);
        memset(blocks[i], i, sizes[i % SIZES]);
    }
    return NULL;
}

static void blocks_outlive_their_thread(void) {
    size_t settled = 0;
    for (int round = 0; round < 200; round++) {
        unsigned char *blocks[LIVE];
        pthread_t thread;
        pthread_create(&thread, NULL, leave_blocks, blocks);
        pthread_join(thread, NULL);
        for (int i = 0; i < LIVE; i++) {
            CHECK(blocks[i][0] == (unsigned char)i && blocks[i][sizes[i % SIZES] - 1] == (unsigned char)i);
            hak_free(blocks[i]);
        }
        if (round == 50) settled = resident_bytes();
    }
    size_t end = resident_bytes();
    /* The guard's quarantine is not full at that point. */
    const char *guard = getenv("HAKMEM_GUARD");
    size_t bound = guard && *guard == '1' ? 64 : 4;
    CHECK(end < settled + bound * 1024 * 1024);
}

static _Atomic(unsigned char *) handed[64];

static void *produce(void *count) {
    uint64_t random = 3;
    for (uintptr_t i = 0; i < (uintptr_t)count; i++) {
        size_t size = sizes[i % (SIZES - 1)];
        unsigned char *block = hak_malloc(size), *expected;
        block[0] = (unsigned char)size;
        unsigned at = check_random(&random) % 64;
        while (expected = NULL, !atomic_compare_exchange_weak(&handed[at], &expected, block))
            at = (at + 1) % 64;
    }
    return NULL;
}

static void memory_is_bounded_when_another_thread_frees(void) {
    /* Fewer under the thread sanitizer, which is slow. */
    const int count = getenv("CHECK_ROUNDS") ? 30000 : 300000;
    pthread_t producer;
    size_t settled = 0;
    pthread_create(&producer, NULL, produce, (void *)(uintptr_t)count);
    for (int taken = 0, at = 0; taken < count; at = (at + 1) % 64) {
        unsigned char *block = atomic_exchange(&handed[at], NULL);
        if (!block) continue;
        hak_free(block);
        if (++taken == count / 10) settled = resident_bytes();
    }
    pthread_join(producer, NULL);
    CHECK(resident_bytes() < settled + 16 * 1024 * 1024);
}

static pthread_key_t late_key;
static void free_late(void *block) {
    hak_free(block);
    hak_free(hak_malloc(300)); /* the thread's heaps may be gone by now */
    hak_free(hak_malloc(700));
}
static void *set_late(void *unused) {
    (void)unused;
    pthread_setspecific(late_key, hak_malloc(300));
    return NULL;
}
static void destructors_may_allocate_and_free(void) {
    pthread_key_create(&late_key, free_late);
    for (int i = 0; i < 50; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, set_late, NULL);
        pthread_join(thread, NULL);
    }
    pthread_key_delete(late_key);
}

static _Atomic bool stop;
static void *busy(void *seed) {
    uint64_t random = (uintptr_t)seed;
    unsigned char *blocks[64] = {NULL};
    while (!atomic_load_explicit(&stop, memory_order_relaxed)) {
        unsigned at = check_random(&random) % 64;
        hak_free(blocks[at]);
        blocks[at] = hak_malloc(sizes[check_random(&random) % SIZES]);
    }
    for (int i = 0; i < 64; i++)
        hak_free(blocks[i]);
    return NULL;
}

static unsigned char *parents;
static void in_child(void) {
    CHECK(parents[0] == 1 && parents[599] == 2);
    hak_free(parents);
    leave_blocks((unsigned char *[LIVE]){NULL});
    for (int i = 0; i < 2000; i++) {
        void *block = hak_malloc(sizes[(unsigned)i % SIZES]);
        CHECK(block != NULL);
        hak_free(hak_realloc(block, sizes[(unsigned)(i + 3) % SIZES]));
    }
}

static void fork_while_other_threads_allocate(void) {
    pthread_t threads[2];
    for (uintptr_t i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, busy, (void *)(i + 1));
    for (int i = 0; i < 40; i++) {
        parents = hak_malloc(600);
        parents[0] = 1;
        parents[599] = 2;
        int status = check_child(in_child, NULL, 0);
        CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        hak_free(parents);
    }
    atomic_store(&stop, true);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
}

int main(void) {
    RUN(blocks_outlive_their_thread);
    RUN(memory_is_bounded_when_another_thread_frees);
    RUN(destructors_may_allocate_and_free);
    RUN(fork_while_other_threads_allocate);
    FINISH();
}
