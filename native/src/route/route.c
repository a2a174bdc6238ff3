#include "route/route.h"
#include "route/classify.h"
#include "route/shortcut.h"

struct hak_route_table hak_routes;
bool hak_superslab_bypass;
bool hak_shortcut_header, hak_shortcut_context, hak_shortcuts_on;

static struct hak_route to(enum hak_box box, enum hak_option_id by, const char *reason) {
    return (struct hak_route){box, by, reason};
}

/* The route of a class of the tiny heap, with its reason under HAKMEM_TINY_HOTHEAP_V2=0 and =1. */
static struct hak_route tiny(const uint32_t *values, enum hak_option_id by, const char *reason,
                             const char *hot_reason) {
    if (values[HAK_OPT_TINY_HOTHEAP_V2]) return to(HAK_BOX_HOT_HEAP_V2, HAK_OPT_TINY_HOTHEAP_V2, hot_reason);
    return to(HAK_BOX_TINY_HEAP_V1, by, reason);
}

static struct hak_route pool(const uint32_t *values, unsigned class_id) {
    if (values[HAK_OPT_POOL_V2_ENABLED])
        return to(HAK_BOX_POOL_V2, HAK_OPT_POOL_V2_ENABLED, "pool class; HAKMEM_POOL_V2_ENABLED=1");
    if (class_id == HAK_C6 && values[HAK_OPT_POOL_V1_FLATTEN_ENABLED])
        return to(HAK_BOX_POOL_V1, HAK_OPT_POOL_V2_ENABLED,
                  "pool class; HAKMEM_POOL_V2_ENABLED=0; behind the block cache of "
                  "HAKMEM_POOL_V1_FLATTEN_ENABLED=1");
    return to(HAK_BOX_POOL_V1, HAK_OPT_POOL_V2_ENABLED, "pool class; HAKMEM_POOL_V2_ENABLED=0");
}

/* The first matching rule decides: boxes for a single class, then the profile, then the pools. */
struct hak_route hak_route_of(const struct hak_configuration *configuration, unsigned class_id) {
    const uint32_t *values = configuration->values;
    if (values[HAK_OPT_GUARD]) return to(HAK_BOX_GUARD, HAK_OPT_GUARD, "HAKMEM_GUARD=1");
    uint32_t profile = values[HAK_OPT_TINY_HEAP_PROFILE];
    if (class_id == HAK_LARGE && values[HAK_OPT_GUARD_PAGES])
        return to(HAK_BOX_LARGE, HAK_OPT_GUARD_PAGES,
                  "HAKMEM_GUARD_PAGES=1: one mapping per block, between inaccessible pages");
#ifndef HAK_FIXED_ROUTES
    if (class_id != HAK_LARGE && values[HAK_OPT_ENCODED_LISTS])
        return to(HAK_BOX_ENCODED, HAK_OPT_ENCODED_LISTS, "HAKMEM_ENCODED_LISTS=1");
    if (class_id == HAK_LARGE && profile == HAK_TINY_PROFILE_BINS)
        return to(HAK_BOX_SPAN, HAK_OPT_TINY_HEAP_PROFILE,
                  "HAKMEM_TINY_HEAP_PROFILE=BINS: up to 4 MiB; above, one mapping per block");
#endif
    if (class_id == HAK_LARGE) return to(HAK_BOX_LARGE, HAK_OPTIONS, "above 32768 B: one mapping per block");
#ifdef HAK_FIXED_ROUTES
    (void)profile;
    return class_id <= HAK_M768 ? to(HAK_BOX_SMALL_V4, HAK_OPTIONS, "fixed at compile time")
                                : to(HAK_BOX_POOL_V2, HAK_OPTIONS, "fixed at compile time");
#endif
    if (class_id == HAK_C6 && values[HAK_OPT_C6_HEAVY_ENABLED])
        return to(HAK_BOX_C6_HEAVY, HAK_OPT_C6_HEAVY_ENABLED, "HAKMEM_C6_HEAVY_ENABLED=1");
    if (class_id == HAK_C7 && values[HAK_OPT_TINY_C7_ULTRA_ENABLED])
        return to(HAK_BOX_C7_ULTRA, HAK_OPT_TINY_C7_ULTRA_ENABLED, "HAKMEM_TINY_C7_ULTRA_ENABLED=1");
    if (class_id == HAK_C6 && values[HAK_OPT_TINY_C6_HOT])
        return tiny(values, HAK_OPT_TINY_C6_HOT, "HAKMEM_TINY_C6_HOT=1, HAKMEM_TINY_HOTHEAP_V2=0",
                    "HAKMEM_TINY_C6_HOT=1, HAKMEM_TINY_HOTHEAP_V2=1");
    if (profile == HAK_TINY_PROFILE_BINS)
        return to(HAK_BOX_BINS, HAK_OPT_TINY_HEAP_PROFILE, "HAKMEM_TINY_HEAP_PROFILE=BINS");
    if (profile == HAK_TINY_PROFILE_V4 && class_id <= HAK_M768)
        return to(HAK_BOX_SMALL_V4, HAK_OPT_TINY_HEAP_PROFILE, "HAKMEM_TINY_HEAP_PROFILE=V4");
    if (class_id < HAK_C6)
        return tiny(values, HAK_OPT_TINY_HEAP_PROFILE,
                    "C0..C5 are never pool classes; HAKMEM_TINY_HOTHEAP_V2=0",
                    "C0..C5 are never pool classes; HAKMEM_TINY_HOTHEAP_V2=1");
    if (class_id == HAK_C7 && profile == HAK_TINY_PROFILE_C7_SAFE)
        return tiny(values, HAK_OPT_TINY_HEAP_PROFILE,
                    "HAKMEM_TINY_HEAP_PROFILE=C7_SAFE, HAKMEM_TINY_HOTHEAP_V2=0",
                    "HAKMEM_TINY_HEAP_PROFILE=C7_SAFE, HAKMEM_TINY_HOTHEAP_V2=1");
    return pool(values, class_id);
}

enum hak_box hak_size_path_of(const struct hak_configuration *configuration) {
    enum hak_box c6 = hak_route_of(configuration, HAK_C6).box;
    bool known = c6 == HAK_BOX_SMALL_V4 || c6 == HAK_BOX_POOL_V1 || c6 == HAK_BOX_POOL_V2;
    bool same = c6 == hak_route_of(configuration, HAK_M768).box;
    return configuration->values[HAK_OPT_FRONT_SIZE_PATH] && known && same ? c6 : HAK_BOX_NONE;
}

void hak_routes_publish(const struct hak_configuration *configuration) {
    /* Without a route the fast paths leave every call to the slow path, which calls the guard box. So the
     * guard costs nothing while it is off. */
    if (configuration->values[HAK_OPT_GUARD]) return;
    /* Every pool class has a pool, even if its class is routed elsewhere: aligned blocks of C6 and C7 may
     * need one. */
    uint8_t box = (uint8_t)pool(configuration->values, HAK_M32768).box;
#ifndef HAK_FIXED_ROUTES
    /* Like those of the encoded box, its blocks are aligned without the help of a header. */
    if (configuration->values[HAK_OPT_ENCODED_LISTS]) box = HAK_BOX_POOL_V2;
#endif
    for (unsigned i = 0; i < HAK_POOL_CLASSES; i++)
        atomic_store_explicit(&hak_routes.pool[i], box, memory_order_release);
    const uint32_t *values = configuration->values;
    hak_superslab_bypass = values[HAK_OPT_SUPERSLAB_BYPASS];
    /* A shortcut costs time on every free, so it is on only where it can succeed. */
    enum hak_box c6 = hak_route_of(configuration, HAK_C6).box;
    bool block_cache =
        c6 == HAK_BOX_C6_HEAVY || (c6 == HAK_BOX_POOL_V1 && values[HAK_OPT_POOL_V1_FLATTEN_ENABLED]);
    hak_shortcut_header = values[HAK_OPT_POOL_V1_HEADER_CLASS] && box == HAK_BOX_POOL_V1;
    hak_shortcut_context =
        values[HAK_OPT_MID_DESC_CACHE_CONTEXT] && values[HAK_OPT_MID_DESC_CACHE_ENABLED] && block_cache;
    hak_shortcuts_on = hak_shortcut_header || hak_shortcut_context;
    atomic_store_explicit(&hak_routes.size_path, (uint8_t)hak_size_path_of(configuration),
                          memory_order_release);
    atomic_store_explicit(&hak_routes.above_small, (uint8_t)hak_route_of(configuration, HAK_M32768).box,
                          memory_order_release);
    atomic_store_explicit(&hak_routes.large, (uint8_t)hak_route_of(configuration, HAK_LARGE).box,
                          memory_order_release);
    for (unsigned i = 0; i <= HAK_TINY_CLASSES; i++)
        atomic_store_explicit(&hak_routes.small[i], (uint8_t)hak_route_of(configuration, i).box,
                              memory_order_release);
}
