/* A random mix of calls in several threads, with the expected contents of every block kept outside it. Many
 * blocks are freed by another thread than the one that allocated them. Runs under every preset. */
#include "check.h"
#include "hakmem.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 4, SLOTS = 500, EXCHANGE = 256 };

/* The expected contents follow from size and seed, which are kept outside the block. */
struct entry {
    unsigned char *block;
    size_t size;
    unsigned char seed;
};

/* Blocks in transit to another thread. */
static struct {
    pthread_mutex_t mutex;
    struct entry entry;
} exchange[EXCHANGE];

static int rounds = 60000;

static void fill(struct entry *e) {
    /* Writes both ends and samples the middle of large blocks, which would take too long otherwise. */
    size_t step = e->size > 4096 ? 509 : 1;
    for (size_t i = 0; i < e->size; i += step)
        e->block[i] = (unsigned char)(e->seed + i);
    if (e->size) e->block[e->size - 1] = e->seed;
}

static bool intact(const struct entry *e, size_t size) {
    size_t step = e->size > 4096 ? 509 : 1;
    for (size_t i = 0; i < size; i += step)
        if (i != e->size - 1 && e->block[i] != (unsigned char)(e->seed + i)) return false;
    return size < e->size || size == 0 || e->block[size - 1] == e->seed;
}

static size_t random_size(uint64_t *random) {
    uint64_t r = check_random(random);
    switch (r % 32) {
    case 0:
        return (r >> 8) % 200000;
    case 1:
    case 2:
        return (r >> 8) % 33000;
    default:
        return (r >> 8) % ((r >> 60) < 8 ? 128 : 1100);
    }
}

static struct entry allocate(uint64_t *random) {
    struct entry e = {.size = random_size(random), .seed = (unsigned char)check_random(random)};
    uint64_t r = check_random(random) % 8;
    if (r == 0) {
        e.block = hak_calloc(1, e.size);
        for (size_t i = 0; e.block && i < e.size; i += 61)
            CHECK(e.block[i] == 0);
    } else if (r == 1) {
        size_t align = (size_t)16 << check_random(random) % 9;
        e.block = hak_aligned_alloc(align, e.size);
        CHECK((uintptr_t)e.block % align == 0);
    } else {
        e.block = hak_malloc(e.size);
    }
    CHECK(e.block != NULL);
    fill(&e);
    return e;
}

static void release(struct entry *e) {
    CHECK(intact(e, e->size));
    hak_free(e->block);
    e->block = NULL;
}

static void *work(void *argument) {
    uint64_t random = (uintptr_t)argument * UINT64_C(0x9E3779B97F4A7C15);
    struct entry slots[SLOTS] = {{0}};
    for (int i = 0; i < rounds; i++) {
        struct entry *e = &slots[check_random(&random) % SLOTS];
        uint64_t action = check_random(&random) % 16;
        if (!e->block) {
            *e = allocate(&random);
        } else if (action < 2) {
            size_t size = random_size(&random), kept = size < e->size ? size : e->size;
            if (size == 0) size = 1;
            unsigned char *moved = hak_realloc(e->block, size);
            CHECK(moved != NULL);
            e->block = moved;
            CHECK(intact(e, kept));
            e->size = size;
            fill(e);
        } else if (action < 8) {
            /* Swaps the block with the one in the exchange, often another thread's. */
            unsigned at = check_random(&random) % EXCHANGE;
            pthread_mutex_lock(&exchange[at].mutex);
            struct entry other = exchange[at].entry;
            exchange[at].entry = *e;
            pthread_mutex_unlock(&exchange[at].mutex);
            *e = other;
        } else {
            release(e);
        }
    }
    /* The remaining blocks go to the exchange; what was there is freed here. */
    for (int i = 0; i < SLOTS; i++) {
        if (!slots[i].block) continue;
        unsigned at = check_random(&random) % EXCHANGE;
        pthread_mutex_lock(&exchange[at].mutex);
        struct entry other = exchange[at].entry;
        exchange[at].entry = slots[i];
        pthread_mutex_unlock(&exchange[at].mutex);
        if (other.block) release(&other);
    }
    return NULL;
}

static void contents_survive_any_mix_of_threads(void) {
    for (int generation = 0; generation < 3; generation++) {
        pthread_t threads[THREADS];
        for (uintptr_t i = 0; i < THREADS; i++)
            pthread_create(&threads[i], NULL, work, (void *)(generation * THREADS + i + 1));
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
    }
    for (int i = 0; i < EXCHANGE; i++)
        if (exchange[i].entry.block) release(&exchange[i].entry);
}

int main(void) {
    const char *scale = getenv("CHECK_ROUNDS");
    if (scale) rounds = atoi(scale);
    for (int i = 0; i < EXCHANGE; i++)
        pthread_mutex_init(&exchange[i].mutex, NULL);
    RUN(contents_survive_any_mix_of_threads);
    FINISH();
}
