#include "front/stats.h"
#include "front/sample.h"
#include "os/os_text.h"
#include "route/effect.h"

void hak_stats_read(struct hak_class_stats stats[HAK_CLASSES]) {
    for (unsigned i = 0; i < HAK_CLASSES; i++)
        stats[i] = (struct hak_class_stats){0};
    for (unsigned box = HAK_BOX_NONE + 1; box < HAK_BOXES; box++) {
        struct box_counts counts[HAK_CLASSES] = {{0}};
        hak_boxes[box]->count(hak_boxes[box], counts);
        for (unsigned i = 0; i < HAK_CLASSES; i++) {
            uint64_t allocs = counts[i].fast + counts[i].slow;
            stats[i].allocs += allocs;
            stats[i].fast_hits += counts[i].fast;
            stats[i].slow_paths += counts[i].slow;
            stats[i].frees += counts[i].frees;
            stats[i].remote_frees += counts[i].remote;
            stats[i].allocs_by_box[box] = allocs;
        }
    }
}

void hak_stats_tallies(const struct hak_configuration *configuration, uint64_t sums[HAK_TALLIES]) {
    hak_tallies_read(sums);
    /* Without the options that avoid it, every allocation of pool v1 writes a header and every free of an own
     * block updates its page; these are derived from the counters instead of being counted again. */
    struct box_counts counts[HAK_CLASSES] = {{0}};
    pool_v1_box.count(&pool_v1_box, counts);
    uint64_t allocs = 0, local_frees = 0;
    for (unsigned i = 0; i < HAK_CLASSES; i++) {
        allocs += counts[i].fast + counts[i].slow;
        local_frees += counts[i].frees - counts[i].remote;
    }
    uint64_t flat[POOL_V1_FLAT_COUNTERS];
    pool_v1_flat_counters(flat);
    local_frees -= flat[2] - flat[4]; /* frees into the flatten cache update no page */
    if (!configuration->values[HAK_OPT_POOL_V1_LAZY_HEADER]) sums[HAK_TALLY_HEADER_INIT] = allocs;
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

/* The boxes that served the class: one, except for aligned blocks and when segments run out. */
static void print_boxes(struct os_text *text, const struct hak_class_stats *stats) {
    bool first = true;
    os_text_str(text, ",\"allocsByBox\":{");
    for (unsigned box = 0; box < HAK_BOXES; box++) {
        if (!stats->allocs_by_box[box]) continue;
        os_text_str(text, first ? "" : ",");
        os_text_json(text, hak_boxes[box]->name);
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
        os_text_json(&text, hak_boxes[route.box]->name);
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
