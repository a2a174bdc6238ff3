/* The counters show which boxes served the blocks. Each check runs in its own process and environment,
 * because the routes are set at start. */
#include "check.h"
#include "front/stats.h"
#include "hakmem.h"
#include "heaps/pool_v1.h"
#include "route/route.h"

#include <pthread.h>

extern char **environ;

static struct hak_class_stats stats[HAK_CLASSES];
static uint64_t flat[POOL_V1_FLAT_COUNTERS];

static enum hak_box c6_box(void) {
    struct hak_configuration configuration;
    hak_options_read(&configuration, environ, STDERR_FILENO);
    return hak_route_of(&configuration, HAK_C6).box;
}

/* Allocates and frees 257..512 B and 513..768 B, then reads the counters. */
static void work(void) {
    void *blocks[300];
    for (int round = 0; round < 10; round++) {
        for (size_t i = 0; i < 300; i++)
            blocks[i] = hak_malloc(257 + i * 511 / 299);
        for (size_t i = 0; i < 300; i++)
            hak_free(blocks[i]);
    }
    hak_stats_read(stats);
    pool_v1_flat_counters(flat);
}

static void c6_hot_bypasses_flatten(void) {
    work();
    CHECK(flat[0] == 0 && flat[1] == 0 && flat[2] == 0 && flat[3] == 0);
    CHECK(stats[HAK_C6].allocs == 1500 && stats[HAK_C6].frees == 1500);
    CHECK(stats[HAK_M768].allocs == 1500 && stats[HAK_M768].frees == 1500);
    CHECK(stats[HAK_C6].fast_hits + stats[HAK_C6].slow_paths == 1500 && stats[HAK_C6].slow_paths > 0);
}

static void legacy_uses_flatten(void) {
    work();
    CHECK(flat[0] > 0 && flat[1] > 0 && flat[2] > 0 && flat[3] > 0);
    CHECK(flat[0] + flat[1] == 1500 && flat[2] + flat[3] == 1500);
    CHECK(stats[HAK_C6].allocs == 1500 && stats[HAK_C6].frees == 1500);
}

static void hot_heap_counts_its_magazines(void) {
    work();
    CHECK(stats[HAK_C6].allocs == 1500 && stats[HAK_C6].frees == 1500);
    CHECK(stats[HAK_C6].slow_paths > 0 && stats[HAK_C6].fast_hits > 1000);
    CHECK(c6_box() == HAK_BOX_HOT_HEAP_V2);
}

static void pool_v2_counts(void) {
    work();
    CHECK(stats[HAK_C6].allocs == 1500 && stats[HAK_C6].frees == 1500);
    CHECK(c6_box() == HAK_BOX_POOL_V2);
}

static void flatten_off_counts_nothing(void) {
    work();
    CHECK(flat[0] == 0 && flat[1] == 0 && flat[2] == 0 && flat[3] == 0);
    CHECK(stats[HAK_C6].allocs == 1500 && stats[HAK_C6].frees == 1500);
}

static void *free_remote(void *block) {
    hak_free(block);
    return NULL;
}
static void remote_frees_are_counted(void) {
    void *c6 = hak_malloc(400), *m768 = hak_malloc(700), *large = hak_malloc(100000);
    pthread_t thread;
    /* Allocate here first, so that there are heaps to count in. */
    hak_free(hak_malloc(400));
    pthread_create(&thread, NULL, free_remote, c6);
    pthread_join(thread, NULL);
    pthread_create(&thread, NULL, free_remote, m768);
    pthread_join(thread, NULL);
    hak_free(large);
    hak_stats_read(stats);
    CHECK(stats[HAK_LARGE].allocs == 1 && stats[HAK_LARGE].frees == 1);
    CHECK(stats[HAK_C6].remote_frees == stats[HAK_C6].frees - 1);
    CHECK(stats[HAK_M768].remote_frees == stats[HAK_M768].frees);
}

static const struct {
    const char *name;
    void (*run)(void);
    char *const environment[4];
} checks[] = {
#define ENTRY(test, ...)                                                                                     \
    {                                                                                                        \
#test, test, {                                                                                       \
            __VA_ARGS__, NULL                                                                                \
        }                                                                                                    \
    }
    ENTRY(c6_hot_bypasses_flatten, "HAKMEM_PROFILE=C6_HEAVY_LEGACY_POOLV1",
          "HAKMEM_POOL_V1_FLATTEN_ENABLED=1"),
    ENTRY(legacy_uses_flatten, "HAKMEM_PROFILE=LEGACY_FLATTEN"),
    ENTRY(flatten_off_counts_nothing, "HAKMEM_PROFILE=LEGACY"),
    ENTRY(hot_heap_counts_its_magazines, "HAKMEM_PROFILE=HOTHEAP_V2"),
    ENTRY(pool_v2_counts, "HAKMEM_PROFILE=POOL_V2"),
    ENTRY(remote_frees_are_counted, "HAKMEM_PROFILE=C6_HEAVY_LEGACY_POOLV1"),
};

int main(int argc, char **argv) {
    enum { COUNT = sizeof checks / sizeof checks[0] };
    if (argc == 2) {
        check_run(checks[atoi(argv[1])].name, checks[atoi(argv[1])].run);
        FINISH();
    }
    for (int i = 0; i < COUNT; i++) {
        char number[] = {(char)('0' + i), 0};
        pid_t pid = fork();
        if (pid == 0) {
            execve("/proc/self/exe", (char *const[]){argv[0], number, NULL}, checks[i].environment);
            _exit(127);
        }
        int status = 1;
        waitpid(pid, &status, 0);
        if (status) check_failed_tests++;
    }
    FINISH();
}
