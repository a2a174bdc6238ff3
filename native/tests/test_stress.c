/* Resident memory stays bounded whatever threads and sizes do, and running out of memory is an error, not a
 * crash. Prints the figures that the checks use. Runs under every preset; CHECK_FULL=1 runs the full counts.
 */
#include "check.h"
#include "hakmem.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <time.h>

#define MIB ((size_t)1 << 20)

static bool full, guarded;

static size_t resident(void) {
    size_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%*u %zu", &pages) != 1) abort();
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* Sizes as in ordinary programs: mostly small, some of every class, few large. */
static size_t random_size(uint64_t *random) {
    uint64_t r = check_random(random), range = r >> 32;
    switch (r % 64) {
    case 0:
        return 32769 + range % 100000;
    case 1:
    case 2:
        return 4097 + range % 28672;
    case 3:
    case 4:
    case 5:
    case 6:
        return 1025 + range % 3072;
    default:
        return r % 64 < 24 ? 257 + range % 768 : 1 + range % 256;
    }
}

static char *touched(size_t size) {
    char *block = hak_malloc(size);
    CHECK(block != NULL);
    for (size_t at = 0; at < size; at += 4096)
        block[at] = 1;
    block[size - 1] = 1;
    return block;
}

/* A thousand short-lived threads. Each leaves some blocks behind, which this thread frees. */

enum { BATCH = 8, PER_THREAD = 3000, LEFT = 100 };
struct short_life {
    uint64_t seed;
    char *left[LEFT];
};

static void *live_shortly(void *argument) {
    struct short_life *life = argument;
    char **blocks = hak_malloc(PER_THREAD * sizeof *blocks);
    for (int i = 0; i < PER_THREAD; i++)
        blocks[i] = touched(random_size(&life->seed));
    for (int i = 0; i < PER_THREAD; i++)
        if (i % (PER_THREAD / LEFT))
            hak_free(blocks[i]);
        else
            life->left[i / (PER_THREAD / LEFT)] = blocks[i];
    hak_free(blocks);
    return NULL;
}

static void a_thousand_short_lived_threads(void) {
    const int threads = full ? 1000 : 80;
    size_t settled = 0;
    for (int done = 0; done < threads; done += BATCH) {
        struct short_life lives[BATCH];
        pthread_t ids[BATCH];
        for (int i = 0; i < BATCH; i++) {
            lives[i].seed = (uint64_t)(done + i + 1) * UINT64_C(0x9E3779B97F4A7C15);
            pthread_create(&ids[i], NULL, live_shortly, &lives[i]);
        }
        for (int i = 0; i < BATCH; i++)
            pthread_join(ids[i], NULL);
        for (int i = 0; i < BATCH; i++)
            for (int k = 0; k < LEFT; k++)
                hak_free(lives[i].left[k]);
        /* By then the caches and the guard's quarantine are full, and as many threads as ever have
         * overlapped. */
        size_t now = resident();
        if (done <= threads / 2 && settled < now) settled = now;
    }
    size_t end = resident();
    printf("# %d threads: resident at most %zu MiB in the first half, %zu MiB at the end\n", threads,
           settled / MIB, end / MIB);
    CHECK(end <= settled + 16 * MIB);
}

/* Threads end while everything they have allocated is still in use. */

enum { CROWD = 16, CROWD_BYTES = 8 << 20 };
struct crowd {
    uint64_t seed;
    size_t count;
    char **blocks;
};

static void *fill_and_end(void *argument) {
    struct crowd *crowd = argument;
    crowd->blocks = hak_malloc((CROWD_BYTES / 64) * sizeof *crowd->blocks);
    for (size_t bytes = 0; bytes < CROWD_BYTES && crowd->count < CROWD_BYTES / 64; crowd->count++) {
        size_t size = random_size(&crowd->seed);
        crowd->blocks[crowd->count] = touched(size);
        bytes += size;
    }
    return NULL;
}

static void memory_of_ended_threads_is_reused(void) {
    hak_malloc_trim(0);
    size_t before = resident();
    struct crowd crowd[CROWD] = {{0}};
    pthread_t ids[CROWD];
    for (int i = 0; i < CROWD; i++) {
        crowd[i].seed = (uint64_t)i + 77;
        pthread_create(&ids[i], NULL, fill_and_end, &crowd[i]);
    }
    for (int i = 0; i < CROWD; i++)
        pthread_join(ids[i], NULL);
    size_t most = resident();
    for (int i = 0; i < CROWD; i++) {
        for (size_t k = 0; k < crowd[i].count; k++)
            hak_free(crowd[i].blocks[k]);
        hak_free(crowd[i].blocks);
    }
    size_t after = resident();
    int released = hak_malloc_trim(0);
    size_t trimmed = resident();
    printf(
        "# ended threads: resident %zu MiB before, %zu MiB with their blocks, %zu MiB after they are freed, "
        "%zu MiB after malloc_trim\n",
        before / MIB, most / MIB, after / MIB, trimmed / MIB);
    CHECK(most > before + CROWD * CROWD_BYTES / 2);
    if (guarded) return; /* keeps its pages */
    /* 16 MiB of free slabs, 16 MiB of free mid pages, 32 MiB of large mappings, and this thread's spare
     * pages. */
    CHECK(after <= before + 72 * MIB);
    CHECK(released == 1 && trimmed <= before + 8 * MIB);
}

/* One thread allocates, another frees. */

enum { PARCEL = 128, PARCELS = 64 };
static struct {
    _Atomic bool full;
    char *blocks[PARCEL];
} parcels[PARCELS];
static long remote_frees;

static void *produce(void *unused) {
    (void)unused;
    uint64_t random = 5;
    for (long parcel = 0; parcel < remote_frees / PARCEL; parcel++) {
        unsigned at = (unsigned)parcel % PARCELS;
        while (atomic_load_explicit(&parcels[at].full, memory_order_acquire))
            sched_yield();
        for (int i = 0; i < PARCEL; i++) {
            /* Half of them are of one class, the rest of all classes with pages. */
            size_t size = i % 2 ? 400 : random_size(&random) % 32768 + 1;
            parcels[at].blocks[i] = hak_malloc(size);
            parcels[at].blocks[i][0] = 1;
        }
        atomic_store_explicit(&parcels[at].full, true, memory_order_release);
    }
    return NULL;
}

static void ten_million_remote_frees(void) {
    remote_frees = full ? 10000000 : 200000;
    pthread_t producer;
    size_t settled = 0;
    double start = now();
    pthread_create(&producer, NULL, produce, NULL);
    for (long parcel = 0; parcel < remote_frees / PARCEL; parcel++) {
        unsigned at = (unsigned)parcel % PARCELS;
        while (!atomic_load_explicit(&parcels[at].full, memory_order_acquire))
            sched_yield();
        for (int i = 0; i < PARCEL; i++)
            hak_free(parcels[at].blocks[i]);
        atomic_store_explicit(&parcels[at].full, false, memory_order_release);
        if (parcel == remote_frees / PARCEL / 4) settled = resident();
    }
    pthread_join(producer, NULL);
    size_t end = resident();
    printf("# %ld remote frees in %.1f s: resident %zu MiB after a quarter, %zu MiB at the end\n",
           remote_frees, now() - start, settled / MIB, end / MIB);
    CHECK(end <= settled + 16 * MIB);
}

/* One hour of a busy server with 100,000 operations per second, run as fast as possible. The mix of sizes
 * keeps changing, so that no phase can use what the previous one left behind. */

enum { CHURNERS = 2, SLOTS = 20000, PHASES = 16 };
static long churn_operations;

static void *churn(void *argument) {
    uint64_t random = (uintptr_t)argument * UINT64_C(0x9E3779B97F4A7C15);
    char **slots = hak_calloc(SLOTS, sizeof *slots);
    size_t settled = 0, end = 0;
    for (int phase = 0; phase < PHASES; phase++) {
        for (long i = 0; i < churn_operations / CHURNERS / PHASES; i++) {
            uint64_t r = check_random(&random);
            char **slot = &slots[r % SLOTS];
            if (*slot) {
                hak_free(*slot);
                *slot = NULL;
                continue;
            }
            size_t size = phase % 2 ? (r >> 32) % (64u << phase / 2 % 5) + 1 : random_size(&random);
            *slot = hak_malloc(size);
            **slot = 1;
            (*slot)[size - 1] = 1;
        }
        /* Compare equal phases: those with the full mix. */
        if (phase == 4) settled = resident();
        if (phase == PHASES - 2) end = resident();
    }
    for (int i = 0; i < SLOTS; i++)
        hak_free(slots[i]);
    hak_free(slots);
    if (argument == (void *)1) {
        printf("# %ld operations of churn: resident %zu MiB after a quarter, %zu MiB at the end\n",
               churn_operations, settled / MIB, end / MIB);
        /* The other thread may be in another phase, so its live blocks vary. */
        CHECK(end <= settled + settled / 4 + 16 * MIB);
    }
    return NULL;
}

static void an_hour_of_operations(void) {
    /* The guard is slower and runs a tenth. */
    churn_operations = full ? 360000000 : 1500000;
    if (guarded) churn_operations /= 10;
    pthread_t ids[CHURNERS];
    double start = now();
    for (uintptr_t i = 0; i < CHURNERS; i++)
        pthread_create(&ids[i], NULL, churn, (void *)(i + 1));
    for (int i = 0; i < CHURNERS; i++)
        pthread_join(ids[i], NULL);
    printf("# churn took %.1f s\n", now() - start);
}

/* Like ulimit -v: without address space every function fails with ENOMEM, in threads with and without heaps,
 * and succeeds again once memory has been freed. */

static pthread_barrier_t exhausted;

static void *allocate_late(void *unused) {
    (void)unused;
    pthread_barrier_wait(&exhausted);
    for (size_t size = 1; size < 2 * MIB; size *= 3) {
        void *block =
            hak_malloc(size); /* this thread's first allocation: NULL, for there is no memory for a heap */
        CHECK(block || errno == ENOMEM);
        hak_free(block);
    }
    pthread_barrier_wait(&exhausted);
    return NULL;
}

struct chain {
    struct chain *next;
};

/* In a process that starts under the limit, as with ulimit. */
static void use_everything_up(void) {
    pthread_t thread;
    pthread_barrier_init(&exhausted, NULL, 2);
    pthread_create(&thread, NULL, allocate_late, NULL);
    errno = 0;
    CHECK(hak_malloc(256 * MIB) == NULL && errno == ENOMEM);
    struct chain *chain = NULL, *next;
    size_t count = 0;
    /* From the largest size down, so that nothing is left for the smallest. */
    for (size_t size = 4 * MIB; size >= sizeof *chain; size /= 2) {
        for (; (next = hak_malloc(size)) != NULL; count++) {
            next->next = chain;
            chain = next;
        }
        CHECK(errno == ENOMEM);
        errno = 0;
        CHECK(hak_calloc(2, size) == NULL && errno == ENOMEM);
        void *aligned = NULL;
        CHECK(hak_posix_memalign(&aligned, 64, size + 64) == ENOMEM);
        char *kept = (char *)chain + sizeof *chain;
        *kept = 9;
        errno = 0;
        CHECK(hak_realloc(chain, 8 * MIB) == NULL && errno == ENOMEM && *kept == 9);
    }
    pthread_barrier_wait(&exhausted);
    pthread_barrier_wait(&exhausted);
    pthread_join(thread, NULL);
    CHECK(count > 10);
    for (; chain; chain = next) {
        next = chain->next;
        hak_free(chain);
    }
    for (int i = 0; i < 1000; i++) {
        void *block = hak_malloc((size_t)i * 17 + 1);
        CHECK(block != NULL);
        hak_free(block);
    }
}

static void start_with_a_limit(void) {
    setrlimit(RLIMIT_AS, &(struct rlimit){200 * MIB, 200 * MIB});
    execl("/proc/self/exe", "test_stress", "use_everything_up", (char *)NULL);
    _exit(127);
}

static void no_address_space_gives_enomem(void) {
    char text[2048];
    int status = check_child(start_with_a_limit, text, sizeof text);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    if (status) printf("# status %d: %s\n", status, text);
}

int main(int argc, char **argv) {
    if (argc == 2 && strcmp(argv[1], "use_everything_up") == 0) {
        use_everything_up();
        return check_failures != 0;
    }
    full = getenv("CHECK_FULL") != NULL;
    const char *guard = getenv("HAKMEM_GUARD");
    guarded = guard && strcmp(guard, "1") == 0;
    RUN(no_address_space_gives_enomem);
    RUN(a_thousand_short_lived_threads);
    RUN(memory_of_ended_threads_is_reused);
    RUN(ten_million_remote_frees);
    RUN(an_hour_of_operations);
    FINISH();
}
