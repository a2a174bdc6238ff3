/* Throughput of malloc and free on a random working set.
 *
 *     bench_mid_large_mt [THREADS [ITERATIONS [WORKING_SET [SEED]]]]      (1 1000000 400 1)
 *
 * One iteration picks a random slot of the thread's working set: if the slot holds a block, the block is
 * freed; otherwise a block is allocated and its first and last byte are written. Sizes are uniform in
 * HAKMEM_BENCH_MIN_SIZE..MAX_SIZE (257..768). Throughput is threads x iterations / seconds. The last line of
 * output is one JSON object.
 *
 * The benchmark's own memory comes from mmap, so that the allocator under test serves only the workload. */
#define _GNU_SOURCE
#include "peak_rss.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>

/* What is measured: the allocator by its functions or with its fast paths compiled in (-DINLINED), or the
 * limit (-DLIMIT), which gets the size at free. */
#ifdef LIMIT
#include "limit.h"
struct slot {
    void *block;
    size_t size;
};
#define ALLOCATE(slot, bytes) ((slot)->size = (bytes), limit_malloc(bytes))
#define RELEASE(slot) limit_free((slot)->block, (slot)->size)
#else
struct slot {
    void *block;
};
#ifdef INLINED
#include "api/hakmem_inline.h"
#define ALLOCATE(slot, bytes) hak_alloc_at(bytes)
#define RELEASE(slot) hak_free_at((slot)->block)
#else
#define ALLOCATE(slot, bytes) malloc(bytes)
#define RELEASE(slot) free((slot)->block)
#endif
#endif

enum { MAX_THREADS = 1024 };

struct parameters {
    uint64_t threads, iterations, working_set, seed, min_size, max_size;
};

struct worker {
    _Alignas(64) pthread_t thread;
    const struct parameters *parameters;
    pthread_barrier_t *start;
    struct slot *slots;
    uint64_t random;
    double begin, end;
    int failed;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* xorshift64*: takes a few cycles and gives the same sequence everywhere. */
static inline uint64_t next_random(uint64_t *state) {
    uint64_t x = *state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * UINT64_C(0x2545F4914F6CDD1D);
}

/* Maps to 0..range-1 by multiplication: a division would cost as much as the allocator. */
static inline uint64_t scale(uint64_t random32, uint64_t range) {
    return (random32 * range) >> 32;
}

static void *worker_run(void *argument) {
    struct worker *self = argument;
    const struct parameters *p = self->parameters;
    struct slot *slots = self->slots;
    uint64_t random = self->random, span = p->max_size - p->min_size + 1;

    pthread_barrier_wait(self->start);
    self->begin = now();
    for (uint64_t i = 0; i < p->iterations; i++) {
        uint64_t r = next_random(&random);
        struct slot *slot = &slots[scale(r & UINT32_MAX, p->working_set)];
        if (slot->block) {
            RELEASE(slot);
            slot->block = NULL;
            continue;
        }
        size_t size = p->min_size + scale(r >> 32, span);
        volatile char *block = ALLOCATE(slot, size);
        if (!block) {
            self->failed = 1;
            break;
        }
        block[0] = (char)i;
        block[size - 1] = (char)i;
        slot->block = (void *)block;
    }
    self->end = now();
    for (uint64_t i = 0; i < p->working_set; i++)
        if (slots[i].block) RELEASE(&slots[i]);
    return NULL;
}

static void usage(void) {
    fputs("usage: bench_mid_large_mt [THREADS [ITERATIONS [WORKING_SET [SEED]]]]\n"
          "  THREADS 1..1024, WORKING_SET 1..4294967295; defaults: 1 1000000 400 1\n"
          "  block sizes: HAKMEM_BENCH_MIN_SIZE..HAKMEM_BENCH_MAX_SIZE; default: 257..768\n",
          stderr);
    exit(2);
}

static uint64_t parse(const char *what, const char *text, uint64_t min, uint64_t max) {
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || value < min || value > max) {
        fprintf(stderr, "bench_mid_large_mt: %s: \"%s\" is not an integer from %" PRIu64 " to %" PRIu64 "\n",
                what, text, min, max);
        usage();
    }
    return value;
}

static uint64_t from_environment(const char *name, uint64_t fallback) {
    const char *text = getenv(name);
    return text ? parse(name, text, 1, UINT64_C(1) << 30) : fallback;
}

static void *pages(size_t size) {
    void *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (start == MAP_FAILED) {
        perror("bench_mid_large_mt: mmap");
        exit(1);
    }
    return start;
}

int main(int argc, char **argv) {
    static char output[4096];
    setvbuf(stdout, output, _IOFBF, sizeof output);
    if (argc > 5) usage();
    struct parameters p = {
        .threads = argc > 1 ? parse("THREADS", argv[1], 1, MAX_THREADS) : 1,
        .iterations = argc > 2 ? parse("ITERATIONS", argv[2], 1, UINT64_C(1) << 53) : 1000000,
        .working_set = argc > 3 ? parse("WORKING_SET", argv[3], 1, UINT32_MAX) : 400,
        .seed = argc > 4 ? parse("SEED", argv[4], 0, UINT64_MAX) : 1,
        .min_size = from_environment("HAKMEM_BENCH_MIN_SIZE", 257),
        .max_size = from_environment("HAKMEM_BENCH_MAX_SIZE", 768),
    };
    if (p.min_size > p.max_size) {
        fputs("bench_mid_large_mt: HAKMEM_BENCH_MIN_SIZE is greater than HAKMEM_BENCH_MAX_SIZE\n", stderr);
        usage();
    }

    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, (unsigned)p.threads);
    struct worker *workers = pages(p.threads * sizeof *workers);
    for (uint64_t i = 0; i < p.threads; i++) {
        struct worker *w = &workers[i];
        w->parameters = &p;
        w->start = &start;
        w->slots = pages(p.working_set * sizeof *w->slots);
        /* Never 0, which xorshift cannot leave; far apart for consecutive seeds. */
        w->random = (p.seed + 1) * UINT64_C(0x9E3779B97F4A7C15) + i * UINT64_C(0xD1B54A32D192ED03);
        if (!w->random) w->random = 1;
        int error = pthread_create(&w->thread, NULL, worker_run, w);
        if (error) {
            fprintf(stderr, "bench_mid_large_mt: cannot start thread %" PRIu64 ": %s\n", i + 1,
                    strerror(error));
            exit(1);
        }
    }
    double begin = 0, end = 0;
    for (uint64_t i = 0; i < p.threads; i++) {
        pthread_join(workers[i].thread, NULL);
        if (workers[i].failed) {
            fputs("bench_mid_large_mt: malloc returned NULL\n", stderr);
            exit(1);
        }
        if (i == 0 || workers[i].begin < begin) begin = workers[i].begin;
        if (workers[i].end > end) end = workers[i].end;
    }
    double seconds = end - begin > 1e-9 ? end - begin : 1e-9;
    double ops = (double)p.threads * (double)p.iterations / seconds;

    printf("bench_mid_large_mt: %.1fM ops/s in %.3f s\n", ops / 1e6, seconds);
    printf("{\"ops_per_sec\":%.1f,\"seconds\":%.9f,\"threads\":%" PRIu64 ",\"iterations\":%" PRIu64
           ",\"working_set\":%" PRIu64 ",\"seed\":%" PRIu64 ",\"min_size\":%" PRIu64 ",\"max_size\":%" PRIu64
           ",\"peak_rss_bytes\":%" PRIu64 "}\n",
           ops, seconds, p.threads, p.iterations, p.working_set, p.seed, p.min_size, p.max_size,
           peak_rss_bytes());
    return fflush(stdout) == 0 ? 0 : 1;
}
