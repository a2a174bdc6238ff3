#include "front/stats.h"
#include "front/sample.h"
#include "heaps/guard.h"
#include "heaps/c6_heavy.h"
#include "heaps/c7_ultra.h"
#include "heaps/hot_heap_v2.h"
#include "heaps/large.h"
#include "heaps/pool_v1_flat.h"
#include "heaps/pool_v2.h"
#include "heaps/small_v4.h"
#include "heaps/tiny_heap_v1.h"
#include "os/os_text.h"
#include "route/effect.h"

/* Where a walk over the heaps of one box adds up. */
struct sum {
    struct hak_class_stats *stats; /* by class identifier */
    enum hak_box box;
    unsigned class_id; /* of a box that serves one class */
};

static void add(struct sum *sum, unsigned class_id, uint64_t fast, uint64_t slow, uint64_t frees,
                uint64_t remote) {
    struct hak_class_stats *stats = &sum->stats[class_id];
    stats->allocs += fast + slow;
    stats->fast_hits += fast;
    stats->slow_paths += slow;
    stats->frees += frees;
    stats->remote_frees += remote;
    stats->allocs_by_box[sum->box] += fast + slow;
}

static void add_class(struct sum *sum, unsigned class_id, const struct page_class *cls) {
    uint64_t local = HAK_COUNTED(cls->free_local), remote = HAK_COUNTED(cls->free_remote);
    add(sum, class_id, HAK_COUNTED(cls->alloc_fast), HAK_COUNTED(cls->alloc_slow), local + remote, remote);
}

static void add_small(struct page_heap *heap, void *data) {
    for (unsigned i = 0; i < SMALL_V4_CLASSES; i++)
        add_class(data, i, &heap->classes[i]);
}

static void add_hot(struct page_heap *heap, void *data) {
    const struct hot_magazine *magazines = ((struct hot_heap *)heap)->magazines;
    for (unsigned i = 0; i < HAK_TINY_CLASSES; i++)
        add(data, i, HAK_COUNTED(magazines[i].alloc_fast), HAK_COUNTED(magazines[i].alloc_slow),
            HAK_COUNTED(magazines[i].frees), HAK_COUNTED(magazines[i].remote));
}

static void add_pool(struct page_heap *heap, void *data) {
    for (unsigned i = 0; i < HAK_POOL_CLASSES; i++)
        add_class(data, hak_pool_class_id[i], &heap->classes[i]);
}

static void add_cache(struct page_heap *heap, void *data) {
    const struct block_cache *cache = (struct block_cache *)heap;
    struct sum *sum = data;
    add(sum, sum->class_id, HAK_COUNTED(cache->alloc_fast), HAK_COUNTED(cache->alloc_slow),
        HAK_COUNTED(cache->frees), HAK_COUNTED(cache->free_remote));
}

/* All heaps of a box, and the frees by threads that have none. */
static void add_box(struct sum *sum, enum hak_box box, struct page_heap_registry *registry,
                    void (*add_heap)(struct page_heap *, void *)) {
    sum->box = box;
    page_heap_for_each(registry, add_heap, sum);
    for (unsigned i = 0; i < PAGE_HEAP_CLASSES; i++) {
        uint64_t frees = atomic_load_explicit(&registry->orphan_frees[i], memory_order_relaxed);
        add(sum, add_heap == add_pool ? hak_pool_class_id[i] : i, 0, 0, frees, frees);
    }
}

static void add_cache_box(struct sum *sum, enum hak_box box, struct block_cache_box *cache_box) {
    sum->class_id = cache_box->class_id;
    add_box(sum, box, &cache_box->registry, add_cache);
}

void hak_stats_read(struct hak_class_stats stats[HAK_CLASSES]) {
    for (unsigned i = 0; i < HAK_CLASSES; i++)
        stats[i] = (struct hak_class_stats){0};
    struct sum sum = {.stats = stats};
    add_box(&sum, HAK_BOX_TINY_HEAP_V1, &tiny_heap_registry, add_small);
    add_box(&sum, HAK_BOX_HOT_HEAP_V2, &hot_heap_registry, add_hot);
    add_box(&sum, HAK_BOX_SMALL_V4, &small_v4_registry, add_small);
    add_box(&sum, HAK_BOX_POOL_V2, &pool_v2_registry, add_pool);
    add_cache_box(&sum, HAK_BOX_C6_HEAVY, &c6_heavy_box);
    add_cache_box(&sum, HAK_BOX_C7_ULTRA, &c7_ultra_box);

    /* Hits of the flatten cache do not reach the page heaps' counters. */
    uint64_t flat[POOL_V1_FLAT_COUNTERS];
    add_box(&sum, HAK_BOX_POOL_V1, &pool_v1_registry, add_pool);
    pool_v1_flat_counters(flat);
    add(&sum, hak_pool_class_id[POOL_V1_FLAT_CLASS], flat[0], 0, flat[2], flat[4]);

    uint64_t allocs[HAK_CLASSES], frees[HAK_CLASSES], mapped_bytes;
    guard_counters(allocs, frees, &mapped_bytes);
    for (unsigned i = 0; i < HAK_CLASSES; i++) {
        stats[i].allocs += allocs[i];
        stats[i].slow_paths += allocs[i];
        stats[i].frees += frees[i];
    }

    struct large_counters large;
    large_counters(&large);
    sum.box = HAK_BOX_LARGE;
    add(&sum, HAK_LARGE, large.reused, large.allocs - large.reused, large.frees, 0);
}

void hak_stats_tallies(const struct hak_configuration *configuration, uint64_t sums[HAK_TALLIES]) {
    hak_tallies_read(sums);
    /* Without the options that save them, every allocation writes its header and every free of an own block
     * updates its page; then they are not counted a second time. */
    struct hak_class_stats stats[HAK_CLASSES] = {{0}};
    struct sum sum = {.stats = stats};
    add_box(&sum, HAK_BOX_POOL_V1, &pool_v1_registry, add_pool);
    uint64_t flat[POOL_V1_FLAT_COUNTERS], allocs = 0, local_frees = 0;
    pool_v1_flat_counters(flat);
    for (unsigned i = 0; i < HAK_CLASSES; i++) {
        allocs += stats[i].allocs;
        local_frees += stats[i].frees - stats[i].remote_frees;
    }
    if (!configuration->values[HAK_OPT_POOL_V1_LAZY_HEADER]) sums[HAK_TALLY_HEADER_INIT] = allocs + flat[0];
    if (!configuration->values[HAK_OPT_POOL_V1_BATCH_OCCUPANCY])
        sums[HAK_TALLY_OCCUPANCY_UPDATE] = local_frees;
}

static void field(struct os_text *text, const char *name, uint64_t value) {
    os_text_str(text, ",\"");
    os_text_str(text, name);
    os_text_str(text, "\":");
    os_text_u64(text, value);
}

static void print_options(struct os_text *text, const struct hak_configuration *configuration) {
    for (int i = 0; i < HAK_OPTIONS; i++) {
        const struct hak_option *option = &hak_options[i];
        os_text_str(text, i ? "," : "");
        os_text_json(text, option->name);
        os_text_str(text, ":\"");
        if (option->values[0])
            os_text_str(text, option->values[configuration->values[i]]);
        else
            os_text_u64(text, configuration->values[i]);
        os_text_str(text, "\"");
    }
}

static void print_effects(struct os_text *text, const struct hak_configuration *configuration) {
    for (int i = 0; i < HAK_OPTIONS; i++) {
        struct hak_effect effect;
        hak_effect_of(configuration, (enum hak_option_id)i, &effect);
        os_text_str(text, i ? "," : "");
        os_text_json(text, hak_options[i].name);
        os_text_str(text, ":");
        os_text_json(text, effect.text);
    }
}

/* The boxes that served the class, which are one, but for blocks that found no segment and aligned ones. */
static void print_boxes(struct os_text *text, const struct hak_class_stats *stats) {
    bool first = true;
    os_text_str(text, ",\"allocsByBox\":{");
    for (unsigned box = 0; box < HAK_BOXES; box++) {
        if (!stats->allocs_by_box[box]) continue;
        os_text_str(text, first ? "" : ",");
        os_text_json(text, hak_box_name((enum hak_box)box));
        os_text_str(text, ":");
        os_text_u64(text, stats->allocs_by_box[box]);
        first = false;
    }
    os_text_str(text, "}");
}

void hak_stats_print(const struct hak_configuration *configuration, int fd) {
    struct hak_class_stats stats[HAK_CLASSES];
    hak_stats_read(stats);
    struct os_text text;
    os_text_begin(&text, fd);
    os_text_str(&text, "{\"hakmemStats\":1,\"profile\":");
    os_text_json(&text, configuration->preset->name);
    os_text_str(&text, ",\"options\":{");
    print_options(&text, configuration);
    os_text_str(&text, "},\"effects\":{");
    print_effects(&text, configuration);
    os_text_str(&text, "},\"classes\":[");
    for (unsigned position = 0; position < HAK_CLASSES; position++) {
        unsigned i = hak_class_by_size(position);
        struct hak_route route = hak_route_of(configuration, i);
        os_text_str(&text, position ? ",{\"class\":" : "{\"class\":");
        os_text_json(&text, hak_class_info[i].name);
        field(&text, "minSize", hak_class_info[i].min);
        field(&text, "blockSize", hak_class_info[i].size);
        os_text_str(&text, ",\"box\":");
        os_text_json(&text, hak_box_name(route.box));
        os_text_str(&text, ",\"reason\":");
        os_text_json(&text, route.reason);
        field(&text, "allocs", stats[i].allocs);
        field(&text, "frees", stats[i].frees);
        field(&text, "fastHits", stats[i].fast_hits);
        field(&text, "slowPaths", stats[i].slow_paths);
        field(&text, "remoteFrees", stats[i].remote_frees);
        print_boxes(&text, &stats[i]);
        os_text_str(&text, "}");
    }
    uint64_t flat[POOL_V1_FLAT_COUNTERS];
    pool_v1_flat_counters(flat);
    os_text_str(&text, "],\"poolV1Flat\":{\"allocTlsHit\":");
    os_text_u64(&text, flat[0]);
    field(&text, "allocFb", flat[1]);
    field(&text, "freeTlsHit", flat[2]);
    field(&text, "freeFb", flat[3]);
    uint64_t tallies[HAK_TALLIES];
    hak_stats_tallies(configuration, tallies);
    os_text_str(&text, "},\"tallies\":{");
    for (int i = 0; i < HAK_TALLIES; i++) {
        os_text_str(&text, i ? "," : "");
        os_text_json(&text, hak_tally_names[i]);
        os_text_str(&text, ":");
        os_text_u64(&text, tallies[i]);
    }
    struct hak_samples samples;
    hak_sample_counters(&samples);
    os_text_str(&text, "},\"sampled\":{\"period\":");
    os_text_u64(&text, samples.period);
    field(&text, "count", samples.count);
    field(&text, "requestedBytes", samples.requested_bytes);
    field(&text, "blockBytes", samples.block_bytes);
    os_text_str(&text, "}}\n");
    os_text_end(&text);
}
