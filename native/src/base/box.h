/* The boxes: the systems that can serve a block. A page carries the box that frees its blocks, so a block
 * finds its way home whatever the route of its class is. */
#ifndef HAK_BASE_BOX_H
#define HAK_BASE_BOX_H

enum hak_box {
    HAK_BOX_NONE, /* no block lies here; as a route: the allocator has not started yet */
    HAK_BOX_TINY_HEAP_V1,
    HAK_BOX_HOT_HEAP_V2,
    HAK_BOX_POOL_V1,
    HAK_BOX_POOL_V2,
    HAK_BOX_SMALL_V4,
    HAK_BOX_C6_HEAVY,
    HAK_BOX_C7_ULTRA,
    HAK_BOX_LARGE,
    HAK_BOX_GUARD,
    HAK_BOXES
};

/* "tiny_heap_v1", "pool_v1", … */
const char *hak_box_name(enum hak_box box);

#endif
