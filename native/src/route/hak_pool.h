/* The interface of both pools: size to class, class to pool, page to pool. */
#ifndef HAK_ROUTE_HAK_POOL_H
#define HAK_ROUTE_HAK_POOL_H

#include "route/route.h"

static inline bool hak_pool_is_poolable(size_t size) {
    return size - HAK_POOL_MIN <= HAK_POOL_MAX - HAK_POOL_MIN;
}

/* Allocates `size` bytes, for which hak_pool_is_poolable is true; NULL without memory. */
static HAK_ALWAYS_INLINE void *hak_pool_try_alloc(size_t size) {
    unsigned class_index = hak_pool_get_class_index(size);
    if (hak_pool_v2_route(class_index)) return hak_pool_try_alloc_v2_impl(class_index);
    return hak_pool_try_alloc_v1(class_index);
}

/* Frees a block. Any thread. The page's pool frees it, whichever pool its class is routed to. */
static HAK_ALWAYS_INLINE void hak_pool_free(struct hak_page *page, void *pointer) {
    struct mid_desc *desc = (struct mid_desc *)page;
    if (HAK_UNLIKELY(page->box == HAK_BOX_POOL_V2))
        hak_pool_free_v2_impl(desc, pointer);
    else
        hak_pool_free_v1(desc, pointer);
}

#endif
