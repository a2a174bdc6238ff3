/* Routes: which box serves each size class. Set at start from the configuration and read on every allocation.
 */
#ifndef HAK_ROUTE_ROUTE_H
#define HAK_ROUTE_ROUTE_H

#include "route/boxes.h"

struct hak_route {
    enum hak_box box;
    enum hak_option_id by; /* the option that decided; HAK_OPTIONS if no option can */
    const char *reason;    /* one line: the settings that led to the box */
};

/* What the fast paths read. All entries are HAK_BOX_NONE until the routes are published. */
struct hak_route_table {
    _Atomic uint8_t small[HAK_TINY_CLASSES + 1]; /* by small class: C0..C7 and M768 */
    _Atomic uint8_t pool[HAK_POOL_CLASSES];      /* by pool class index: pool v1 or v2 */
    _Atomic uint8_t size_path;                   /* hak_size_path_of */
    _Atomic uint8_t above_small;                 /* 1025..32768 B */
    _Atomic uint8_t large;                       /* above */
};
extern struct hak_route_table hak_routes;

/* False until the routes are published. */
static inline bool hak_routes_known(void) {
    return atomic_load_explicit(&hak_routes.small[HAK_C0], memory_order_acquire) != HAK_BOX_NONE;
}

/* With HAK_FIXED_ROUTES (`make fixed`) the routes of the preset V4 are constants, and the compiler removes
 * every other box from the paths of malloc. */

/* Acquire: a thread that sees a route also sees every setting made before it was published. */
static inline enum hak_box hak_small_route(unsigned class_id) {
#ifdef HAK_FIXED_ROUTES
    (void)class_id;
    return HAK_BOX_SMALL_V4;
#endif
    return (enum hak_box)atomic_load_explicit(&hak_routes.small[class_id], memory_order_acquire);
}

static inline enum hak_box hak_pool_route(unsigned pool_class) {
#ifdef HAK_FIXED_ROUTES
    (void)pool_class;
    return HAK_BOX_POOL_V2;
#endif
    return (enum hak_box)atomic_load_explicit(&hak_routes.pool[pool_class], memory_order_acquire);
}

/* True when pool v2 serves the pool's class. */
static inline bool hak_pool_v2_route(unsigned pool_class) {
    return hak_pool_route(pool_class) == HAK_BOX_POOL_V2;
}

static inline enum hak_box hak_size_path(void) {
#ifdef HAK_FIXED_ROUTES
    return HAK_BOX_NONE;
#endif
    return (enum hak_box)atomic_load_explicit(&hak_routes.size_path, memory_order_acquire);
}

/* The box of sizes above HAK_SMALL_MAX and up to HAK_POOL_MAX. */
static inline enum hak_box hak_above_small_route(void) {
#ifdef HAK_FIXED_ROUTES
    return HAK_BOX_POOL_V2;
#endif
    return (enum hak_box)atomic_load_explicit(&hak_routes.above_small, memory_order_acquire);
}

/* True when spans serve the sizes above HAK_POOL_MAX, as long as they are small enough. */
static inline bool hak_span_route(void) {
#ifdef HAK_FIXED_ROUTES
    return false;
#endif
    return atomic_load_explicit(&hak_routes.large, memory_order_acquire) == HAK_BOX_SPAN;
}

/* The route of a class under a configuration. */
struct hak_route hak_route_of(const struct hak_configuration *configuration, unsigned class_id);

/* HAKMEM_FRONT_SIZE_PATH: the box that serves 257..768 B and skips the front's checks. NONE when the option
 * is off, when C6 and M768 have different routes, and for boxes that the path does not support. */
enum hak_box hak_size_path_of(const struct hak_configuration *configuration);

void hak_routes_publish(const struct hak_configuration *configuration);

#endif
