#include "front/stats.h"
#include "front/sample.h"
#include "heaps/hot_heap_v2.h"
#include "heaps/large.h"
#include "heaps/pool_v1_flat.h"
#include "heaps/pool_v2.h"
#include "heaps/tiny_heap_v1.h"
#include "os/os_text.h"
#include "route/route.h"

static void add_class(struct hak_class_stats *stats, const struct page_class *cls) {
    uint64_t fast = HAK_COUNTED(cls->alloc_fast), slow = HAK_COUNTED(cls->alloc_slow);
    uint64_t local = HAK_COUNTED(cls->free_local), remote = HAK_COUNTED(cls->free_remote);
    stats->allocs += fast + slow;
    stats->fast_hits += fast;
    stats->slow_paths += slow;
    stats->frees += local + remote;
    stats->remote_frees += remote;
}

static void add_tiny(struct page_heap *heap, void *data) {
    struct hak_class_stats *stats = data;
    for (unsigned i = 0; i < HAK_TINY_CLASSES; i++)
        add_class(&stats[i], &heap->classes[i]);
}

static void add_hot(struct page_heap *heap, void *data) {
    struct hak_class_stats *stats = data;
    const struct hot_magazine *magazines = ((struct hot_heap *)heap)->magazines;
    for (unsigned i = 0; i < HAK_TINY_CLASSES; i++) {
        uint64_t fast = HAK_COUNTED(magazines[i].alloc_fast), slow = HAK_COUNTED(magazines[i].alloc_slow);
        stats[i].allocs += fast + slow;
        stats[i].fast_hits += fast;
        stats[i].slow_paths += slow;
        stats[i].frees += HAK_COUNTED(magazines[i].frees);
        stats[i].remote_frees += HAK_COUNTED(magazines[i].remote);
    }
}

static void add_pool(struct page_heap *heap, void *data) {
    struct hak_class_stats *stats = data;
    for (unsigned i = 0; i < HAK_POOL_CLASSES; i++)
        add_class(&stats[hak_pool_class_id[i]], &heap->classes[i]);
}

void hak_stats_read(struct hak_class_stats stats[HAK_CLASSES]) {
    for (unsigned i = 0; i < HAK_CLASSES; i++)
        stats[i] = (struct hak_class_stats){0};
    page_heap_for_each(&tiny_heap_registry, add_tiny, stats);
    page_heap_for_each(&hot_heap_registry, add_hot, stats);
    page_heap_for_each(&pool_v1_registry, add_pool, stats);
    page_heap_for_each(&pool_v2_registry, add_pool, stats);

    /* Hits of the flatten cache do not reach the page heaps' counters. */
    uint64_t flat[4];
    pool_v1_flat_counters(flat);
    struct hak_class_stats *c6 = &stats[hak_pool_class_id[POOL_V1_FLAT_CLASS]];
    c6->allocs += flat[0];
    c6->fast_hits += flat[0];
    c6->frees += flat[2];

    struct large_counters large;
    large_counters(&large);
    stats[HAK_LARGE] = (struct hak_class_stats){.allocs = large.allocs,
                                                .frees = large.frees,
                                                .fast_hits = large.reused,
                                                .slow_paths = large.allocs - large.reused};
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

void hak_stats_print(const struct hak_configuration *configuration, int fd) {
    struct hak_class_stats stats[HAK_CLASSES];
    hak_stats_read(stats);
    struct os_text text;
    os_text_begin(&text, fd);
    os_text_str(&text, "{\"hakmemStats\":1,\"profile\":");
    os_text_json(&text, configuration->preset->name);
    os_text_str(&text, ",\"options\":{");
    print_options(&text, configuration);
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
        os_text_str(&text, "}");
    }
    uint64_t flat[4];
    pool_v1_flat_counters(flat);
    os_text_str(&text, "],\"poolV1Flat\":{\"allocTlsHit\":");
    os_text_u64(&text, flat[0]);
    field(&text, "allocFb", flat[1]);
    field(&text, "freeTlsHit", flat[2]);
    field(&text, "freeFb", flat[3]);
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
