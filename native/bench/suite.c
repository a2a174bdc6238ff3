/* Workloads in which allocators differ: sizes, lifetimes and who frees.
 *
 *     suite WORKLOAD [SCALE]      (SCALE 1: about a tenth of a second)
 *
 * Each does a fixed number of operations (one malloc or free, or one realloc) and prints one JSON object as
 * the last line. Blocks are written to as a program would. suite without arguments lists the workloads. */
#define _GNU_SOURCE
#include "peak_rss.h"

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

static long scale;
static _Atomic uint64_t operations;

static uint64_t next_random(uint64_t *state) {
    uint64_t x = *state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * UINT64_C(0x2545F4914F6CDD1D);
}

static char *touched(size_t size) {
    char *block = malloc(size);
    if (!block) {
        fputs("suite: malloc returned NULL\n", stderr);
        exit(1);
    }
    block[0] = block[size - 1] = 1;
    return block;
}

static void count(uint64_t n) {
    atomic_fetch_add_explicit(&operations, n, memory_order_relaxed);
}

/* Runs `threads` threads with the arguments 1, 2, ... */
static void in_threads(unsigned threads, void *(*run)(void *)) {
    pthread_t ids[8];
    for (uintptr_t i = 0; i < threads; i++)
        if (pthread_create(&ids[i], NULL, run, (void *)(i + 1))) abort();
    for (unsigned i = 0; i < threads; i++)
        pthread_join(ids[i], NULL);
}

/* Sizes as in ordinary programs: mostly below 256 bytes, a few KiB now and then. */
static size_t ordinary(uint64_t r) {
    uint64_t range = r >> 32;
    switch (r % 32) {
    case 0:
        return 4097 + range % 28672;
    case 1:
    case 2:
        return 1025 + range % 3072;
    default:
        return r % 32 < 10 ? 257 + range % 768 : 1 + range % 256;
    }
}

/* Replaces random blocks of a set. */
static void replace(uint64_t seed, size_t slots, long rounds, size_t (*size_of)(uint64_t)) {
    char **set = calloc(slots, sizeof *set);
    uint64_t random = seed * UINT64_C(0x9E3779B97F4A7C15);
    for (long i = 0; i < rounds; i++) {
        uint64_t r = next_random(&random);
        char **slot = &set[(r >> 40) % slots];
        free(*slot);
        *slot = touched(size_of(r));
    }
    for (size_t i = 0; i < slots; i++)
        free(set[i]);
    free(set);
    count(2 * (uint64_t)rounds);
}

static void *mixed_thread(void *seed) {
    replace((uintptr_t)seed, 2000, 1500000 * scale, ordinary);
    return NULL;
}
static void mixed(void) {
    in_threads(2, mixed_thread);
}

static void large_set(void) {
    replace(1, 300000, 1500000 * scale, ordinary);
}

/* Evenly spread over the powers of two from 32 KiB to 4 MiB. */
static size_t large_size(uint64_t r) {
    size_t low = (size_t)32768 << (r % 7);
    return low + (r >> 32) % low;
}
static void large(void) {
    replace(1, 32, 100000 * scale, large_size);
}

/* A ring between a producer and a consumer. */
enum { RING = 1024 };
static struct { _Alignas(64) _Atomic(char *) block; } ring[RING];
static void *consume(void *rounds) {
    for (long i = 0; i < (long)(intptr_t)rounds; i++) {
        char *block;
        while (!(block = atomic_exchange_explicit(&ring[i % RING].block, NULL, memory_order_acquire)))
            sched_yield();
        free(block);
    }
    return NULL;
}
static void pipe_blocks(void) {
    long rounds = 1500000 * scale;
    pthread_t consumer;
    if (pthread_create(&consumer, NULL, consume, (void *)(intptr_t)rounds)) abort();
    uint64_t random = 7;
    for (long i = 0; i < rounds; i++) {
        char *block = touched(ordinary(next_random(&random)));
        while (atomic_load_explicit(&ring[i % RING].block, memory_order_relaxed))
            sched_yield();
        atomic_store_explicit(&ring[i % RING].block, block, memory_order_release);
    }
    pthread_join(consumer, NULL);
    count(2 * (uint64_t)rounds);
}

/* Threads that replace blocks of a set, end, and leave the set to a successor (as the server of larson). */
enum { HANDED = 2000 };
struct legacy {
    uint64_t random;
    int generations;
    char *blocks[HANDED];
};
static void *inherit(void *argument) {
    struct legacy *legacy = argument;
    for (int i = 0; i < HANDED * 5; i++) {
        uint64_t r = next_random(&legacy->random);
        char **slot = &legacy->blocks[(r >> 40) % HANDED];
        free(*slot);
        *slot = touched(8 + (r & 1023));
    }
    if (legacy->generations-- > 0) {
        pthread_t successor;
        if (pthread_create(&successor, NULL, inherit, legacy)) abort();
        pthread_join(successor, NULL);
    }
    return NULL;
}
static void *dynasty(void *seed) {
    /* In steps, so that the predecessors that wait do not pile up. */
    struct legacy *legacy = calloc(1, sizeof *legacy);
    legacy->random = (uintptr_t)seed * UINT64_C(0x9E3779B97F4A7C15);
    for (long i = 0; i < 16 * scale; i++) {
        pthread_t first;
        legacy->generations = 8;
        if (pthread_create(&first, NULL, inherit, legacy)) abort();
        pthread_join(first, NULL);
    }
    for (int i = 0; i < HANDED; i++)
        free(legacy->blocks[i]);
    free(legacy);
    count(UINT64_C(2) * 16 * 9 * HANDED * 5 * (uint64_t)scale);
    return NULL;
}
static void handover(void) {
    in_threads(2, dynasty);
}

/* Allocates much, frees all of it, does that again: in the order of allocation and in a random one. */
static void burst(void) {
    enum { BURST = 100000 };
    char **blocks = malloc(BURST * sizeof *blocks);
    uint64_t random = 3;
    for (long round = 0; round < 12 * scale; round++) {
        for (int i = 0; i < BURST; i++)
            blocks[i] = touched(16 + next_random(&random) % 500);
        if (round % 2)
            for (int i = BURST - 1; i > 0; i--) {
                int other = (int)(next_random(&random) % (unsigned)(i + 1));
                char *swapped = blocks[i];
                blocks[i] = blocks[other];
                blocks[other] = swapped;
            }
        for (int i = 0; i < BURST; i++)
            free(blocks[i]);
    }
    free(blocks);
    count(UINT64_C(2) * 12 * BURST * (uint64_t)scale);
}

/* Strings and vectors that are filled and grow by half until they are large, eight of them in turn. */
static void grow(void) {
    uint64_t calls = 0;
    for (long round = 0; round < 40 * scale; round++) {
        char *vectors[8] = {NULL};
        for (size_t size = 16, filled = 0; size < 4 << 20; filled = size, size += size / 2)
            for (int i = 0; i < 8; i++, calls++) {
                char *grown = realloc(vectors[i], size + (size_t)i * 8);
                if (!grown) abort();
                memset(grown + filled, 1, size - filled);
                vectors[i] = grown;
            }
        for (int i = 0; i < 8; i++)
            free(vectors[i]);
    }
    count(calls);
}

/* Threads that live for a few hundred allocations. */
static void *live_shortly(void *seed) {
    replace((uintptr_t)seed, 100, 300, ordinary);
    return NULL;
}
static void threads(void) {
    for (long i = 0; i < 500 * scale; i++)
        in_threads(4, live_shortly);
}

/* One thread allocates batches, several others free them, as a reader with workers. */
enum { BATCH = 256, BATCHES = 64 };
static struct batch {
    _Alignas(64) _Atomic int full;
    char *blocks[BATCH];
} batches[BATCHES];
static _Atomic long batches_taken;
static long batches_total;
static void *take_batches(void *unused) {
    (void)unused;
    for (;;) {
        long number = atomic_fetch_add(&batches_taken, 1);
        if (number >= batches_total) return NULL;
        struct batch *batch = &batches[number % BATCHES];
        while (atomic_load_explicit(&batch->full, memory_order_acquire) != number / BATCHES + 1)
            sched_yield();
        for (int i = 0; i < BATCH; i++)
            free(batch->blocks[i]);
        atomic_store_explicit(&batch->full, -(int)(number / BATCHES + 1), memory_order_release);
    }
}
static void asymmetric(void) {
    batches_total = 6000 * scale;
    pthread_t takers[3];
    for (int i = 0; i < 3; i++)
        if (pthread_create(&takers[i], NULL, take_batches, NULL)) abort();
    uint64_t random = 9;
    for (long number = 0; number < batches_total; number++) {
        struct batch *batch = &batches[number % BATCHES];
        while (atomic_load_explicit(&batch->full, memory_order_acquire) != -(int)(number / BATCHES))
            sched_yield();
        for (int i = 0; i < BATCH; i++)
            batch->blocks[i] = touched(16 + next_random(&random) % 240);
        atomic_store_explicit(&batch->full, (int)(number / BATCHES + 1), memory_order_release);
    }
    for (int i = 0; i < 3; i++)
        pthread_join(takers[i], NULL);
    count(2 * (uint64_t)batches_total * BATCH);
}

/* Passive false sharing (as cache-scratch): each thread frees a small block that the main thread has
 * allocated beside the others', then works on blocks of its own. If it gets the same line as its neighbor,
 * both are slow. */
static char *beside[8];
static void *scratch(void *number) {
    free(beside[(uintptr_t)number - 1]);
    for (long i = 0; i < 400000 * scale; i++) {
        volatile char *block = malloc(8);
        for (int k = 0; k < 200; k++)
            block[k % 8]++;
        free((char *)block);
    }
    count(800000 * (uint64_t)scale);
    return NULL;
}
static void sharing(void) {
    for (int i = 0; i < 4; i++)
        beside[i] = touched(8);
    in_threads(4, scratch);
}

static const struct {
    const char *name, *meaning;
    void (*run)(void);
} workloads[] = {
    {"mixed", "ordinary sizes, 2 threads", mixed},
    {"large-set", "ordinary sizes, 300,000 live blocks", large_set},
    {"large", "32 KiB to 8 MiB, 32 live blocks", large},
    {"pipe", "one thread allocates, another frees", pipe_blocks},
    {"handover", "threads that end and leave their blocks to a successor", handover},
    {"burst", "100,000 blocks allocated, then all freed", burst},
    {"realloc", "vectors that grow by half up to 4 MiB", grow},
    {"threads", "2,000 threads that live for 300 allocations", threads},
    {"asymmetric", "one thread allocates batches, three others free them", asymmetric},
    {"sharing", "4 threads on small blocks that were neighbors", sharing},
};
enum { WORKLOADS = sizeof workloads / sizeof workloads[0] };

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "";
    scale = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
    for (int i = 0; i < WORKLOADS && scale > 0; i++) {
        if (strcmp(name, workloads[i].name) != 0) continue;
        struct timespec begin, end;
        clock_gettime(CLOCK_MONOTONIC, &begin);
        workloads[i].run();
        clock_gettime(CLOCK_MONOTONIC, &end);
        double seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) * 1e-9;
        uint64_t done = atomic_load(&operations);
        printf(
            "{\"ops_per_sec\":%.1f,\"seconds\":%.9f,\"workload\":\"%s\",\"scale\":%ld,\"operations\":%" PRIu64
            ",\"peak_rss_bytes\":%" PRIu64 "}\n",
            (double)done / seconds, seconds, name, scale, done, peak_rss_bytes());
        return 0;
    }
    fputs("usage: suite WORKLOAD [SCALE]\n", stderr);
    for (int i = 0; i < WORKLOADS; i++)
        fprintf(stderr, "  %-10s  %s\n", workloads[i].name, workloads[i].meaning);
    return 2;
}
