#include "route/route.h"

struct hak_route_table hak_routes;

const char *hak_box_name(enum hak_box box) {
    static const char *const names[HAK_BOXES] = {
        [HAK_BOX_NONE] = "none",
        [HAK_BOX_TINY_HEAP_V1] = "tiny_heap_v1",
        [HAK_BOX_HOT_HEAP_V2] = "hot_heap_v2",
        [HAK_BOX_POOL_V1] = "pool_v1",
        [HAK_BOX_POOL_V2] = "pool_v2",
        [HAK_BOX_LARGE] = "large",
    };
    return names[box];
}

/* The small classes that are not a pool's. */
static struct hak_route tiny_route(const struct hak_configuration *configuration, const char *reason,
                                   const char *hot_reason) {
    if (configuration->values[HAK_OPT_TINY_HOTHEAP_V2])
        return (struct hak_route){HAK_BOX_HOT_HEAP_V2, hot_reason};
    return (struct hak_route){HAK_BOX_TINY_HEAP_V1, reason};
}

struct hak_route hak_route_of(const struct hak_configuration *configuration, unsigned class_id) {
    const uint32_t *values = configuration->values;
    if (class_id == HAK_LARGE)
        return (struct hak_route){HAK_BOX_LARGE, "above 32768 B: a mapping of its own"};
    if (class_id < HAK_C6)
        return tiny_route(configuration, "C0..C5 never go to a pool; HAKMEM_TINY_HOTHEAP_V2=0",
                          "C0..C5 never go to a pool; HAKMEM_TINY_HOTHEAP_V2=1");
    if (class_id == HAK_C6 && values[HAK_OPT_TINY_C6_HOT])
        return tiny_route(configuration, "HAKMEM_TINY_C6_HOT=1, HAKMEM_TINY_HOTHEAP_V2=0",
                          "HAKMEM_TINY_C6_HOT=1, HAKMEM_TINY_HOTHEAP_V2=1");
    if (class_id == HAK_C7 && values[HAK_OPT_TINY_HEAP_PROFILE] == HAK_TINY_PROFILE_C7_SAFE)
        return tiny_route(configuration, "HAKMEM_TINY_HEAP_PROFILE=C7_SAFE, HAKMEM_TINY_HOTHEAP_V2=0",
                          "HAKMEM_TINY_HEAP_PROFILE=C7_SAFE, HAKMEM_TINY_HOTHEAP_V2=1");

    bool v2 = values[HAK_OPT_POOL_V2_ENABLED];
    enum hak_box pool = v2 ? HAK_BOX_POOL_V2 : HAK_BOX_POOL_V1;
    if (class_id == HAK_C6) {
        if (!v2 && values[HAK_OPT_POOL_V1_FLATTEN_ENABLED])
            return (struct hak_route){pool, "HAKMEM_TINY_C6_HOT=0, HAKMEM_POOL_V2_ENABLED=0; the block cache "
                                            "of HAKMEM_POOL_V1_FLATTEN_ENABLED=1 in front"};
        return (struct hak_route){pool, v2 ? "HAKMEM_TINY_C6_HOT=0, HAKMEM_POOL_V2_ENABLED=1"
                                           : "HAKMEM_TINY_C6_HOT=0, HAKMEM_POOL_V2_ENABLED=0"};
    }
    if (class_id == HAK_C7)
        return (struct hak_route){pool, v2 ? "HAKMEM_TINY_HEAP_PROFILE=LEGACY, HAKMEM_POOL_V2_ENABLED=1"
                                           : "HAKMEM_TINY_HEAP_PROFILE=LEGACY, HAKMEM_POOL_V2_ENABLED=0"};
    return (struct hak_route){pool, v2 ? "a pool's class; HAKMEM_POOL_V2_ENABLED=1"
                                       : "a pool's class; HAKMEM_POOL_V2_ENABLED=0"};
}

void hak_routes_publish(const struct hak_configuration *configuration) {
    /* Every pool class has a pool behind it, whether or not its class is routed to a pool: aligned blocks of
     * C6 and C7 may need one. */
    uint8_t pool = configuration->values[HAK_OPT_POOL_V2_ENABLED] ? HAK_BOX_POOL_V2 : HAK_BOX_POOL_V1;
    for (unsigned i = 0; i < HAK_POOL_CLASSES; i++)
        atomic_store_explicit(&hak_routes.pool[i], pool, memory_order_release);
    for (unsigned i = 0; i <= HAK_TINY_CLASSES; i++)
        atomic_store_explicit(&hak_routes.small[i], (uint8_t)hak_route_of(configuration, i).box,
                              memory_order_release);
}
