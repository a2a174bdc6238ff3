/* The table of boxes. A new box consists of two files in src/heaps, plus its header and its row here. */
#ifndef HAK_ROUTE_BOXES_H
#define HAK_ROUTE_BOXES_H

#include "heaps/bins.h"
#include "heaps/c6_heavy.h"
#include "heaps/c7_ultra.h"
#include "heaps/encoded.h"
#include "heaps/guard.h"
#include "heaps/hot_heap_v2.h"
#include "heaps/large.h"
#include "heaps/pool_v1.h"
#include "heaps/pool_v2.h"
#include "heaps/small_v4.h"
#include "heaps/span.h"
#include "heaps/tiny_heap_v1.h"

/* The rows, grouped by how free gets from a pointer to its page.
 *
 * X(IDENTIFIER, name, allocate, free): `name`_box is the descriptor, which holds the cold operations. The
 * other two are the paths of malloc and free, which the front inlines: an expression that allocates `size`
 * bytes of class `class_id` and is NULL without memory, and one that frees `pointer`, a block of `page`. */

/* clang-format off */
/* Pages in segments, found by arithmetic. */
#define HAK_BOXES_IN_SEGMENTS(X) \
    X(SMALL_V4,     small_v4,     small_v4_alloc(class_id),       small_v4_free(page, pointer)) \
    X(C7_ULTRA,     c7_ultra,     c7_ultra_alloc(),               c7_ultra_free(pointer)) \
    X(BINS,         bins,         bins_alloc(size),               bins_free(page, pointer)) \
    X(SPAN,         span,         span_alloc(size, HAK_BOX_SPAN, &(bool){false}), span_free(page, pointer)) \
    X(ENCODED,      encoded,      encoded_alloc(class_id),        encoded_free(page, pointer))

/* Superslab and mid pages, found by a lookup. */
#define HAK_BOXES_BY_LOOKUP(X) \
    X(TINY_HEAP_V1, tiny_heap_v1, tiny_heap_alloc(class_id),      tiny_heap_free(page, pointer)) \
    X(HOT_HEAP_V2,  hot_heap_v2,  hot_heap_alloc(class_id),       hot_heap_free(page, pointer)) \
    X(POOL_V1,      pool_v1,      hak_pool_try_alloc_v1(hak_pool_get_class_index(size)), \
                                                                  hak_pool_free(page, pointer)) \
    X(POOL_V2,      pool_v2,      hak_pool_try_alloc_v2_impl(hak_pool_get_class_index(size)), \
                                                                  hak_pool_free(page, pointer)) \
    X(C6_HEAVY,     c6_heavy,     c6_heavy_alloc(),               c6_heavy_free(pointer))

/* Called by name from the front's slow paths. X(IDENTIFIER, name) */
#define HAK_BOXES_BY_NAME(X) \
    X(LARGE, large) \
    X(GUARD, guard)
/* clang-format on */

enum hak_box {
    HAK_BOX_NONE, /* of a page: it has no block; as a route: the allocator has not started yet */
#define X(id, ...) HAK_BOX_##id,
    HAK_BOXES_IN_SEGMENTS(X) HAK_BOXES_BY_LOOKUP(X) HAK_BOXES_BY_NAME(X)
#undef X
        HAK_BOXES
};

/* Indexed by enum hak_box; NULL for HAK_BOX_NONE. */
extern const struct box *const hak_boxes[HAK_BOXES];

/* Numbers the boxes and starts them. Call once, before the first block exists. */
void hak_boxes_start(const struct hak_configuration *configuration);

/* Runs every box's thread_exit. */
void hak_boxes_thread_exit(void);

#endif
