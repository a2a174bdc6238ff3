#include "route/effect.h"

#include <string.h>

static void add(struct hak_effect *effect, const char *text) {
    size_t used = strlen(effect->text), left = sizeof effect->text - 1 - used, length = strlen(text);
    if (length > left) length = left;
    memcpy(effect->text + used, text, length);
    effect->text[used + length] = 0;
}

static void add_setting(struct hak_effect *effect, const struct hak_configuration *configuration,
                        enum hak_option_id option) {
    add(effect, hak_options[option].name);
    add(effect, "=");
    add(effect, hak_options[option].values[configuration->values[option]]);
}

/* "C6 is routed to tiny_heap_v1 by HAKMEM_TINY_C6_HOT=1" */
static void add_route(struct hak_effect *effect, const struct hak_configuration *configuration,
                      unsigned class_id) {
    struct hak_route route = hak_route_of(configuration, class_id);
    add(effect, hak_class_info[class_id].name);
    add(effect, " is routed to ");
    add(effect, hak_boxes[route.box]->name);
    if (route.by == HAK_OPTIONS) {
        add(effect, ": ");
        add(effect, route.reason);
    } else {
        add(effect, " by ");
        add_setting(effect, configuration, route.by);
    }
}

static uint32_t classes_of(const struct hak_configuration *configuration, enum hak_box box) {
    uint32_t classes = 0;
    for (unsigned i = 0; i < HAK_CLASSES; i++)
        if (hak_route_of(configuration, i).box == box) classes |= HAK_CLASS_BIT(i);
    return classes;
}

static uint32_t classes_in(const struct hak_configuration *configuration, enum box_pages pages) {
    uint32_t classes = 0;
    for (unsigned i = 0; i < HAK_CLASSES; i++)
        if (hak_boxes[hak_route_of(configuration, i).box]->pages == pages) classes |= HAK_CLASS_BIT(i);
    return classes;
}

/* The classes that another value of the option would route to another box. */
static uint32_t rerouted(const struct hak_configuration *configuration, enum hak_option_id option) {
    struct hak_configuration other = *configuration;
    uint32_t classes = 0;
    for (uint32_t value = 0; hak_options[option].values[value]; value++) {
        other.values[option] = value;
        for (unsigned i = 0; i < HAK_CLASSES; i++)
            if (hak_route_of(&other, i).box != hak_route_of(configuration, i).box)
                classes |= HAK_CLASS_BIT(i);
    }
    return classes;
}

/* The classes that the option affects without changing their routes. */
static uint32_t acts_on(const struct hak_configuration *configuration, enum hak_option_id option) {
    const uint32_t *values = configuration->values;
    const uint32_t c6 = HAK_CLASS_BIT(HAK_C6), m768 = HAK_CLASS_BIT(HAK_M768);
    uint32_t pool_v1 = classes_of(configuration, HAK_BOX_POOL_V1);
    uint32_t c6_heavy = classes_of(configuration, HAK_BOX_C6_HEAVY);
    bool flatten = values[HAK_OPT_POOL_V1_FLATTEN_ENABLED];

    switch (option) {
    case HAK_OPT_C6_HEAVY_CACHE_BLOCKS:
        return c6_heavy;
    case HAK_OPT_POOL_V1_FLATTEN_ENABLED:
        return pool_v1 & c6;
    case HAK_OPT_POOL_V1_FLATTEN_STATS:
        return flatten ? pool_v1 & c6 : 0;
    case HAK_OPT_POOL_V1_HEADER_CLASS:
    case HAK_OPT_POOL_V1_LAZY_HEADER:
    case HAK_OPT_POOL_V1_BATCH_OCCUPANCY:
        return pool_v1;
    case HAK_OPT_MID_DESC_CACHE_ENABLED:
        return classes_in(configuration, BOX_PAGES_MID);
    case HAK_OPT_MID_DESC_CACHE_CONTEXT:
        return values[HAK_OPT_MID_DESC_CACHE_ENABLED] ? c6_heavy | (flatten ? pool_v1 & c6 : 0) : 0;
    case HAK_OPT_SUPERSLAB_BYPASS:
        /* Mid pages gain; blocks in superslabs and large blocks are looked up twice. */
        return (HAK_ALL_CLASSES & ~classes_in(configuration, BOX_PAGES_SEGMENT)) | HAK_CLASS_BIT(HAK_LARGE);
    case HAK_OPT_FRONT_SIZE_PATH: {
        struct hak_configuration on = *configuration;
        on.values[option] = 1;
        return hak_size_path_of(&on) != HAK_BOX_NONE ? c6 | m768 : 0;
    }
    case HAK_OPT_GUARD_PAGES:
        return classes_of(configuration, HAK_BOX_LARGE);
    case HAK_OPT_RANDOM_PLACEMENT: {
        uint32_t carved = HAK_ALL_CLASSES & ~HAK_CLASS_BIT(HAK_LARGE);
        return carved & ~classes_of(configuration, HAK_BOX_GUARD);
    }
    case HAK_OPT_STATS:
        return HAK_ALL_CLASSES;
    case HAK_OPT_STATS_SAMPLE:
        return values[HAK_OPT_STATS] ? HAK_ALL_CLASSES : 0;
    default:
        return 0;
    }
}

/* Explains why an option has no effect. */
static void add_why_not(struct hak_effect *effect, const struct hak_configuration *configuration,
                        enum hak_option_id option) {
    const uint32_t *values = configuration->values;
    enum hak_box c6 = hak_route_of(configuration, HAK_C6).box;
    switch (option) {
    case HAK_OPT_STATS_SAMPLE:
        add_setting(effect, configuration, HAK_OPT_STATS);
        return;
    case HAK_OPT_POOL_V1_FLATTEN_STATS:
    case HAK_OPT_MID_DESC_CACHE_CONTEXT:
        if (option == HAK_OPT_MID_DESC_CACHE_CONTEXT && !values[HAK_OPT_MID_DESC_CACHE_ENABLED]) {
            add_setting(effect, configuration, HAK_OPT_MID_DESC_CACHE_ENABLED);
            return;
        }
        add_route(effect, configuration, HAK_C6);
        if (c6 == HAK_BOX_POOL_V1) {
            add(effect, ", without a block cache by ");
            add_setting(effect, configuration, HAK_OPT_POOL_V1_FLATTEN_ENABLED);
        }
        return;
    case HAK_OPT_FRONT_SIZE_PATH:
        add_route(effect, configuration, HAK_C6);
        add(effect, ", ");
        add_route(effect, configuration, HAK_M768);
        return;
    case HAK_OPT_TINY_HOTHEAP_V2:
        add_route(effect, configuration, HAK_C5);
        return;
    case HAK_OPT_TINY_C7_ULTRA_ENABLED:
        add_route(effect, configuration, HAK_C7);
        return;
    case HAK_OPT_POOL_V2_ENABLED:
    case HAK_OPT_POOL_V1_HEADER_CLASS:
    case HAK_OPT_POOL_V1_LAZY_HEADER:
    case HAK_OPT_POOL_V1_BATCH_OCCUPANCY:
        add_route(effect, configuration, HAK_M1536);
        return;
    default:
        add_route(effect, configuration, HAK_C6);
    }
}

void hak_effect_of(const struct hak_configuration *configuration, enum hak_option_id option,
                   struct hak_effect *effect) {
    uint32_t routes = rerouted(configuration, option), acts = acts_on(configuration, option);
    effect->classes = routes | acts;
    effect->text[0] = 0;
    if (!effect->classes) {
        add(effect, "none: ");
        add_why_not(effect, configuration, option);
        return;
    }
    add(effect, routes ? "routes " : "acts on ");
    bool first = true;
    for (unsigned position = 0; position < HAK_CLASSES; position++) {
        unsigned i = hak_class_by_size(position);
        if (!(effect->classes >> i & 1)) continue;
        add(effect, first ? "" : ", ");
        add(effect, hak_class_info[i].name);
        first = false;
    }
}
