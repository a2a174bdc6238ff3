/* Every option does what it claims: under one preset, changing it changes the routes or counters; under
 * another, where it is reported to have no effect, nothing changes. Each run is its own process, because the
 * routes are set at start. */
#include "check.h"
#include "front/sample.h"
#include "front/stats.h"
#include "hakmem.h"
#include "heaps/pool_v1.h"
#include "route/effect.h"

#include <errno.h>
#include <fcntl.h>

extern char **environ;

/* The report of a run. */
struct result {
    uint8_t box[HAK_CLASSES];
    struct hak_class_stats stats[HAK_CLASSES];
    uint64_t tallies[HAK_TALLIES];
    uint64_t flat[POOL_V1_FLAT_COUNTERS];
    uint64_t samples;
    uint32_t ascending; /* of 200 new blocks, those above their predecessor */
    uint32_t effect_classes[HAK_OPTIONS];
    char effects[HAK_OPTIONS][256];
};

/* The child: makes a fixed sequence of calls, then writes its report to standard output. */
static int work(void) {
    static void *blocks[600];
    static struct result result;
    for (size_t i = 0; i < 200; i++) {
        blocks[i] = hak_malloc(100);
        result.ascending += i > 0 && blocks[i] > blocks[i - 1];
    }
    for (size_t i = 0; i < 200; i++)
        hak_free(blocks[i]);
    for (int round = 0; round < 10; round++) {
        for (size_t i = 0; i < 600; i++)
            blocks[i] = hak_malloc(i % 3 == 0 ? 1 + i * 3 : i % 3 == 1 ? 257 + i % 256 : 513 + i % 256);
        for (size_t i = 0; i < 600; i++)
            hak_free(blocks[i]);
    }
    struct hak_configuration configuration;
    hak_options_read(&configuration, environ, STDERR_FILENO);
    hak_stats_read(result.stats);
    hak_stats_tallies(&configuration, result.tallies);
    pool_v1_flat_counters(result.flat);
    struct hak_samples samples;
    hak_sample_counters(&samples);
    result.samples = samples.count;
    for (unsigned i = 0; i < HAK_CLASSES; i++)
        result.box[i] = (uint8_t)hak_route_of(&configuration, i).box;
    for (int i = 0; i < HAK_OPTIONS; i++) {
        struct hak_effect effect;
        hak_effect_of(&configuration, (enum hak_option_id)i, &effect);
        result.effect_classes[i] = effect.classes;
        memcpy(result.effects[i], effect.text, sizeof effect.text);
    }
    return write(STDOUT_FILENO, &result, sizeof result) != sizeof result;
}

static char said[32768]; /* the last child's standard error */

static struct result run(const char *profile, const char *more, enum hak_option_id option,
                         const char *value) {
    char first[128], second[128];
    snprintf(first, sizeof first, "HAKMEM_PROFILE=%s", profile);
    snprintf(second, sizeof second, "%s=%s", hak_options[option].name, value);
    char *environment[] = {first, second, (char *)more, NULL};
    int out[2], err[2];
    if (pipe(out) || pipe(err)) abort();
    pid_t pid = fork();
    if (pid == 0) {
        dup2(out[1], STDOUT_FILENO);
        dup2(err[1], STDERR_FILENO);
        for (int i = 0; i < 2; i++)
            close(out[i]), close(err[i]);
        execve("/proc/self/exe", (char *const[]){"test_effects", "child", NULL}, environment);
        _exit(127);
    }
    close(out[1]);
    close(err[1]);
    static struct result result;
    memset(&result, 0, sizeof result);
    size_t used = 0;
    for (ssize_t n;
         used < sizeof result && (n = read(out[0], (char *)&result + used, sizeof result - used)) > 0;)
        used += (size_t)n;
    size_t length = 0;
    for (ssize_t n;
         length < sizeof said - 1 && (n = read(err[0], said + length, sizeof said - 1 - length)) > 0;)
        length += (size_t)n;
    said[length] = 0;
    close(out[0]);
    close(err[0]);
    int status;
    waitpid(pid, &status, 0);
    CHECK(used == sizeof result && status == 0);
    return result;
}

/* True when `box` has served all allocations of the class. */
static bool served(const struct result *r, unsigned class_id, enum hak_box box) {
    return r->box[class_id] == box && r->stats[class_id].allocs > 0 &&
           r->stats[class_id].allocs_by_box[box] == r->stats[class_id].allocs &&
           r->stats[class_id].frees == r->stats[class_id].allocs;
}

typedef bool check_fn(const struct result *off, const struct result *on);
#define TALLY(r, id) ((r)->tallies[HAK_TALLY_##id])

static bool profile(const struct result *off, const struct result *on) {
    for (unsigned i = 0; i <= HAK_M768; i++)
        if (!served(on, i, HAK_BOX_SMALL_V4)) return false;
    return served(off, HAK_C0, HAK_BOX_TINY_HEAP_V1) && served(off, HAK_C7, HAK_BOX_POOL_V1);
}
static bool bins(const struct result *off, const struct result *on) {
    for (unsigned i = 0; i < HAK_LARGE; i++)
        if (on->box[i] != HAK_BOX_BINS) return false;
    return on->box[HAK_LARGE] == HAK_BOX_SPAN && served(on, HAK_C6, HAK_BOX_BINS) &&
           served(on, HAK_M1536, HAK_BOX_BINS) && served(off, HAK_C6, HAK_BOX_SMALL_V4);
}
static bool c6_hot(const struct result *off, const struct result *on) {
    return served(off, HAK_C6, HAK_BOX_POOL_V1) && served(on, HAK_C6, HAK_BOX_TINY_HEAP_V1);
}
static bool hot_heap(const struct result *off, const struct result *on) {
    return served(off, HAK_C2, HAK_BOX_TINY_HEAP_V1) && served(on, HAK_C2, HAK_BOX_HOT_HEAP_V2);
}
static bool c7_ultra(const struct result *off, const struct result *on) {
    return served(off, HAK_C7, HAK_BOX_POOL_V1) && served(on, HAK_C7, HAK_BOX_C7_ULTRA);
}
static bool c6_heavy(const struct result *off, const struct result *on) {
    return served(off, HAK_C6, HAK_BOX_POOL_V1) && served(on, HAK_C6, HAK_BOX_C6_HEAVY);
}
static bool c6_heavy_blocks(const struct result *off, const struct result *on) {
    return off->stats[HAK_C6].fast_hits == 0 && on->stats[HAK_C6].fast_hits > on->stats[HAK_C6].slow_paths;
}
static bool pool_v2(const struct result *off, const struct result *on) {
    return served(off, HAK_C6, HAK_BOX_POOL_V1) && served(on, HAK_C6, HAK_BOX_POOL_V2) &&
           served(off, HAK_M1536, HAK_BOX_POOL_V1) && served(on, HAK_M1536, HAK_BOX_POOL_V2);
}
static bool flatten(const struct result *off, const struct result *on) {
    return off->flat[0] + off->flat[1] + off->flat[2] + off->flat[3] == 0 && on->flat[0] > 0 &&
           on->flat[2] > 0;
}
static bool flatten_stats(const struct result *off, const struct result *on) {
    (void)off, (void)on;
    return strstr(said, "[POOL_V1_FLAT] alloc_tls_hit=") && !strstr(said, "free_tls_hit=0 ");
}
static bool header_class(const struct result *off, const struct result *on) {
    return TALLY(off, HEADER_CLASS) == 0 && TALLY(on, HEADER_CLASS) > 3000 &&
           TALLY(on, SUPER_LOOKUP) + 3000 < TALLY(off, SUPER_LOOKUP);
}
static bool lazy_header(const struct result *off, const struct result *on) {
    return TALLY(on, HEADER_INIT) > 0 && TALLY(on, HEADER_INIT) < TALLY(off, HEADER_INIT) / 4;
}
static bool batch_occupancy(const struct result *off, const struct result *on) {
    return TALLY(on, OCCUPANCY_UPDATE) > 0 && TALLY(on, OCCUPANCY_UPDATE) < TALLY(off, OCCUPANCY_UPDATE);
}
static bool desc_cache(const struct result *off, const struct result *on) {
    return TALLY(off, MID_CACHE_HIT) == 0 && TALLY(on, MID_CACHE_HIT) > 1000 &&
           TALLY(on, MID_PROBE) < TALLY(off, MID_PROBE) / 2;
}
static bool desc_context(const struct result *off, const struct result *on) {
    return TALLY(off, MID_CONTEXT_HIT) == 0 && TALLY(on, MID_CONTEXT_HIT) > 1000;
}
static bool bypass(const struct result *off, const struct result *on) {
    return TALLY(on, SUPER_LOOKUP) + 4000 < TALLY(off, SUPER_LOOKUP);
}
static bool size_path(const struct result *off, const struct result *on) {
    return TALLY(off, FRONT_SIZE_PATH) == 0 && TALLY(on, FRONT_SIZE_PATH) > 4000;
}
static bool guard(const struct result *off, const struct result *on) {
    for (unsigned i = 0; i < HAK_CLASSES; i++)
        if (on->box[i] != HAK_BOX_GUARD) return false;
    return off->box[HAK_C6] == HAK_BOX_SMALL_V4 && on->stats[HAK_C6].allocs > 0;
}
static bool encoded(const struct result *off, const struct result *on) {
    for (unsigned i = 0; i < HAK_LARGE; i++)
        if (on->box[i] != HAK_BOX_ENCODED || off->box[i] == HAK_BOX_ENCODED) return false;
    return served(on, HAK_C2, HAK_BOX_ENCODED) && served(on, HAK_M1536, HAK_BOX_ENCODED);
}
/* What it does is tested in test_hardening. */
static bool guard_pages(const struct result *off, const struct result *on) {
    return off->box[HAK_LARGE] == HAK_BOX_SPAN && on->box[HAK_LARGE] == HAK_BOX_LARGE;
}
static bool placement(const struct result *off, const struct result *on) {
    return off->ascending > 180 && on->ascending > 40 && on->ascending < 160;
}
static bool stats_line(const struct result *off, const struct result *on) {
    (void)off, (void)on;
    return strstr(said, "{\"hakmemStats\":1,") && strstr(said, "\"tallies\":{");
}
static bool sample(const struct result *off, const struct result *on) {
    return off->samples == 0 && on->samples > 1000;
}

/* The option, its two values, a preset under which it has an effect, another variable, the check of the
 * effect; then a preset under which it has none, if there is one, and the reason that must be reported. */
static const struct entry {
    enum hak_option_id option;
    const char *off, *on, *preset, *more;
    check_fn *check;
    const char *idle_preset, *idle_reason;
} entries[] = {
    {HAK_OPT_TINY_HEAP_PROFILE, "LEGACY", "V4", "LEGACY", NULL, profile, NULL, NULL},
    {HAK_OPT_TINY_HEAP_PROFILE, "V4", "BINS", "LEGACY", "HAKMEM_STATS=1", bins, NULL, NULL},
    {HAK_OPT_TINY_C6_HOT, "0", "1", "LEGACY", NULL, c6_hot, "P2_POOL_PATH",
     "none: C6 is routed to c6_heavy by HAKMEM_C6_HEAVY_ENABLED=1"},
    {HAK_OPT_TINY_HOTHEAP_V2, "0", "1", "LEGACY", NULL, hot_heap, "BEST",
     "none: C5 is routed to bins by HAKMEM_TINY_HEAP_PROFILE=BINS"},
    {HAK_OPT_TINY_C7_ULTRA_ENABLED, "0", "1", "LEGACY", NULL, c7_ultra, NULL, NULL},
    {HAK_OPT_C6_HEAVY_ENABLED, "0", "1", "LEGACY", NULL, c6_heavy, NULL, NULL},
    {HAK_OPT_C6_HEAVY_CACHE_BLOCKS, "0", "64", "P2_POOL_PATH", NULL, c6_heavy_blocks, "V4",
     "none: C6 is routed to small_v4 by HAKMEM_TINY_HEAP_PROFILE=V4"},
    {HAK_OPT_POOL_V2_ENABLED, "0", "1", "LEGACY", NULL, pool_v2, "BEST",
     "none: M1536 is routed to bins by HAKMEM_TINY_HEAP_PROFILE=BINS"},
    {HAK_OPT_POOL_V1_FLATTEN_ENABLED, "0", "1", "LEGACY", NULL, flatten, "C6_HEAVY_LEGACY_POOLV1",
     "none: C6 is routed to tiny_heap_v1 by HAKMEM_TINY_C6_HOT=1"},
    {HAK_OPT_POOL_V1_FLATTEN_STATS, "0", "1", "LEGACY_FLATTEN", NULL, flatten_stats, "LEGACY",
     "none: C6 is routed to pool_v1 by HAKMEM_POOL_V2_ENABLED=0, without a block cache by "
     "HAKMEM_POOL_V1_FLATTEN_ENABLED=0"},
    {HAK_OPT_POOL_V1_HEADER_CLASS, "0", "1", "LEGACY", NULL, header_class, "POOL_V2",
     "none: M1536 is routed to pool_v2 by HAKMEM_POOL_V2_ENABLED=1"},
    {HAK_OPT_POOL_V1_LAZY_HEADER, "0", "1", "LEGACY", NULL, lazy_header, "BEST",
     "none: M1536 is routed to bins by HAKMEM_TINY_HEAP_PROFILE=BINS"},
    {HAK_OPT_POOL_V1_BATCH_OCCUPANCY, "0", "1", "LEGACY", NULL, batch_occupancy, "V4",
     "none: M1536 is routed to pool_v2 by HAKMEM_POOL_V2_ENABLED=1"},
    {HAK_OPT_MID_DESC_CACHE_ENABLED, "0", "1", "LEGACY", NULL, desc_cache, "BEST",
     "none: C6 is routed to bins by HAKMEM_TINY_HEAP_PROFILE=BINS"},
    {HAK_OPT_MID_DESC_CACHE_CONTEXT, "0", "1", "LEGACY_FLATTEN", NULL, desc_context, "C6_HEAVY_FLATTEN",
     "none: C6 is routed to tiny_heap_v1 by HAKMEM_TINY_C6_HOT=1"},
    {HAK_OPT_MID_DESC_CACHE_CONTEXT, "0", "1", "P2_POOL_PATH", NULL, desc_context, "LEGACY",
     "none: C6 is routed to pool_v1 by HAKMEM_POOL_V2_ENABLED=0, without a block cache by "
     "HAKMEM_POOL_V1_FLATTEN_ENABLED=0"},
    {HAK_OPT_SUPERSLAB_BYPASS, "0", "1", "LEGACY", NULL, bypass, NULL, NULL},
    {HAK_OPT_FRONT_SIZE_PATH, "0", "1", "LEGACY", NULL, size_path, "C6_HEAVY_LEGACY_POOLV1",
     "none: C6 is routed to tiny_heap_v1 by HAKMEM_TINY_C6_HOT=1, M768 is routed to pool_v1 by "
     "HAKMEM_POOL_V2_ENABLED=0"},
    {HAK_OPT_FRONT_SIZE_PATH, "0", "1", "V4", NULL, size_path, "P2_POOL_PATH",
     "none: C6 is routed to c6_heavy by HAKMEM_C6_HEAVY_ENABLED=1, M768 is routed to pool_v1 by "
     "HAKMEM_POOL_V2_ENABLED=0"},
    {HAK_OPT_GUARD, "0", "1", "V4", NULL, guard, NULL, NULL},
    {HAK_OPT_ENCODED_LISTS, "0", "1", "BEST", "HAKMEM_STATS=1", encoded, NULL, NULL},
    {HAK_OPT_ENCODED_LISTS, "0", "1", "LEGACY", NULL, encoded, NULL, NULL},
    {HAK_OPT_GUARD_PAGES, "0", "1", "BEST", NULL, guard_pages, NULL, NULL},
    {HAK_OPT_RANDOM_PLACEMENT, "0", "1", "BEST", "HAKMEM_STATS=1", placement, NULL, NULL},
    {HAK_OPT_RANDOM_PLACEMENT, "0", "1", "LEGACY", NULL, placement, NULL, NULL},
    {HAK_OPT_RANDOM_PLACEMENT, "0", "1", "LEGACY", "HAKMEM_ENCODED_LISTS=1", placement, NULL, NULL},
    {HAK_OPT_STATS, "0", "1", "BEST", NULL, stats_line, NULL, NULL},
    {HAK_OPT_STATS_SAMPLE, "0", "3", "BEST", "HAKMEM_STATS=1", sample, NULL, NULL},
};
enum { ENTRIES = sizeof entries / sizeof entries[0] };

static const struct entry *entry;

static void acts(void) {
    struct result off = run(entry->preset, entry->more, entry->option, entry->off);
    CHECK(strstr(said, "hakmem: ") == NULL);
    struct result on = run(entry->preset, entry->more, entry->option, entry->on);
    CHECK(entry->check(&off, &on));
    /* Both values report an effect: each would change something against the other. */
    CHECK(off.effect_classes[entry->option] && on.effect_classes[entry->option]);
    CHECK(strncmp(off.effects[entry->option], "none", 4) && strncmp(on.effects[entry->option], "none", 4));
    for (unsigned i = 0; i < HAK_CLASSES; i++) {
        const struct hak_class_stats *s = &on.stats[i];
        CHECK(s->allocs == s->fast_hits + s->slow_paths && s->remote_frees <= s->frees);
        /* The effect names every route that differs. */
        if (on.box[i] != off.box[i]) CHECK(off.effect_classes[entry->option] >> i & 1);
    }
}

static void has_no_effect(void) {
    struct result off = run(entry->idle_preset, NULL, entry->option, entry->off);
    struct result on = run(entry->idle_preset, NULL, entry->option, entry->on);
    CHECK(memcmp(&off.box, &on.box, sizeof off.box) == 0);
    CHECK(memcmp(off.stats, on.stats, sizeof off.stats) == 0);
    /* Which descriptors a thread's cache evicts depends on the addresses of the pages. */
    off.tallies[HAK_TALLY_MID_CACHE_HIT] += TALLY(&off, MID_PROBE);
    on.tallies[HAK_TALLY_MID_CACHE_HIT] += TALLY(&on, MID_PROBE);
    off.tallies[HAK_TALLY_MID_PROBE] = on.tallies[HAK_TALLY_MID_PROBE] = 0;
    CHECK(memcmp(off.tallies, on.tallies, sizeof off.tallies) == 0);
    CHECK(memcmp(off.flat, on.flat, sizeof off.flat) == 0);
    for (int i = 0; i < 2; i++) {
        const struct result *r = i ? &on : &off;
        CHECK(r->effect_classes[entry->option] == 0);
        if (strcmp(r->effects[entry->option], entry->idle_reason)) {
            CHECK(!"another reason is reported");
            printf("# %s\n", r->effects[entry->option]);
        }
    }
}

static void every_option_is_tested(void) {
    for (int i = 0; i < HAK_OPTIONS; i++) {
        bool found = false;
        for (int e = 0; e < ENTRIES; e++)
            found |= (int)entries[e].option == i;
        if (!found) printf("# %s\n", hak_options[i].name);
        CHECK(found);
    }
}

/* A finding of the reference analysis. */
static void flatten_does_nothing_under_c6_hot(void) {
    struct result r =
        run("C6_HEAVY_FLATTEN", "HAKMEM_POOL_V1_FLATTEN_STATS=1", HAK_OPT_POOL_V1_FLATTEN_ENABLED, "1");
    CHECK(strstr(said, "[POOL_V1_FLAT] alloc_tls_hit=0 alloc_fb=0 free_tls_hit=0 free_fb=0\n"));
    CHECK(r.stats[HAK_C6].allocs > 0 && served(&r, HAK_C6, HAK_BOX_TINY_HEAP_V1));
    CHECK(strcmp(r.effects[HAK_OPT_POOL_V1_FLATTEN_ENABLED],
                 "none: C6 is routed to tiny_heap_v1 by HAKMEM_TINY_C6_HOT=1") == 0);
}

int main(int argc, char **argv) {
    (void)argv;
    if (argc == 2) return work();
    RUN(every_option_is_tested);
    RUN(flatten_does_nothing_under_c6_hot);
    for (int i = 0; i < ENTRIES; i++) {
        char name[128];
        entry = &entries[i];
        snprintf(name, sizeof name, "%s_has_an_effect_under_%s", hak_options[entry->option].name,
                 entry->preset);
        check_run(name, acts);
        if (!entry->idle_preset) continue;
        snprintf(name, sizeof name, "%s_has_no_effect_under_%s", hak_options[entry->option].name,
                 entry->idle_preset);
        check_run(name, has_no_effect);
    }
    FINISH();
}
