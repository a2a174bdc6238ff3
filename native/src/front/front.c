#include "front/front.h"
#include "base/misuse.h"
#include "front/memory.h"
#include "front/start.h"
#include "os/os_mem.h"
#include "os/os_thread.h"

#include <errno.h>
#include <string.h>

/* What is not inlined into malloc and free. */

/* Before an allocation fails, cached memory is given back once, because its addresses may be what is missing.
 * A request larger than everything that can be cached fails at once. */
#define MOST_CACHED ((size_t)64 << 20)
static HAK_TLS bool last_resort;

static bool make_room(size_t size) {
    if (last_resort || size > MOST_CACHED) return false;
    last_resort = true;
    hak_memory_trim();
    return true;
}

static void *large_or_enomem(size_t size, size_t align, bool *zeroed) {
    int saved_errno = errno;
    void *block = large_alloc(size, align, zeroed);
    if (HAK_UNLIKELY(!block) && segment_v4_give_up()) block = large_alloc(size, align, zeroed);
    if (HAK_UNLIKELY(!block) && make_room(size)) {
        block = large_alloc(size, align, zeroed);
        last_resort = false;
    }
    errno = block ? saved_errno : ENOMEM;
    return block;
}

static void *guard_or_enomem(size_t size, size_t align, bool zeroed) {
    int saved_errno = errno;
    void *block = guard_alloc(size, align, zeroed);
    errno = block ? saved_errno : ENOMEM;
    return block;
}

/* When segments have no addresses left, or never got any (a tight ulimit -v), the tiny heap and the pool
 * serve the classes of the boxes in segments. */
static void *without_segments(size_t size) {
    if (size > HAK_SMALL_MAX) return NULL;
    unsigned class_id = hak_small_class(size);
    enum hak_box box = hak_small_route(class_id);
    if (box == HAK_BOX_NONE || hak_boxes[box]->pages != BOX_PAGES_SEGMENT) return NULL;
    HAK_TALLY(FALLBACK);
    return class_id == HAK_M768 ? hak_pool_try_alloc(size) : tiny_heap_alloc(class_id);
}

void *hak_alloc_slow(size_t size) {
    bool zeroed;
    if (HAK_UNLIKELY(!hak_routes_known())) {
        hak_start();
        /* Called from inside the start: boxes need a route, a mapping does not. */
        if (hak_in_wrapper()) return large_or_enomem(size, os_page_size(), &zeroed);
        if (guard_on) return guard_or_enomem(size, 16, false);
        return hak_alloc_at(size);
    }
    if (size > HAK_POOL_MAX) return large_or_enomem(size, os_page_size(), &zeroed);
    int saved_errno = errno;
    void *block = without_segments(size);
    if (!block && segment_v4_give_up()) return hak_alloc_at(size);
    if (!block && make_room(size)) {
        block = hak_alloc_at(size);
        last_resort = false;
    }
    /* A mapping of its own may fit where a page of a box does not. */
    if (!block && !last_resort && size > HAK_SMALL_MAX) return large_or_enomem(size, os_page_size(), &zeroed);
    errno = block ? saved_errno : ENOMEM;
    return block;
}

void *hak_resize_large(void *pointer, size_t size) {
    if (!segment_v4_owns(pointer)) return large_realloc(pointer, size);
    struct hak_page *unit = segment_v4_page(pointer);
    if (unit->box != HAK_BOX_SPAN) return NULL;
    return span_grow(unit, pointer, size) ? pointer : span_move(unit, pointer, size);
}

void *hak_calloc_large(size_t size) {
    hak_start();
    if (guard_on && !hak_in_wrapper()) return guard_or_enomem(size, 16, true);
    bool zeroed = false;
    void *block = NULL;
    if (hak_span_route() && size <= SPAN_MAX) block = span_alloc(size, HAK_BOX_SPAN, &zeroed);
    if (!block) block = large_or_enomem(size, os_page_size(), &zeroed);
    /* Fresh memory is already zero. */
    return block && !zeroed ? memset(block, 0, size) : block;
}

void *hak_alloc_routed(size_t size, unsigned class_id, enum hak_box box) {
    void *block = NULL;
    switch (box) {
#define X(id, name, allocate, free)                                                                          \
    case HAK_BOX_##id:                                                                                       \
        block = allocate;                                                                                    \
        break;
        HAK_BOXES_IN_SEGMENTS(X)
        HAK_BOXES_BY_LOOKUP(X)
#undef X
    default:
        break; /* not started */
    }
    return HAK_LIKELY(block != NULL) ? block : hak_alloc_slow(size);
}

void *hak_alloc_above_small(size_t size) {
    void *block = NULL;
    bool zeroed;
    if (size > HAK_POOL_MAX) {
        if (hak_span_route() && size <= SPAN_MAX) block = span_alloc(size, HAK_BOX_SPAN, &zeroed);
        return HAK_LIKELY(block != NULL) ? block : hak_alloc_slow(size);
    }
    enum hak_box box = hak_above_small_route();
    if (HAK_LIKELY(box == HAK_BOX_BINS))
        block = bins_alloc(size);
    else if (box == HAK_BOX_ENCODED)
        block = encoded_alloc(hak_size_class(size));
    if (HAK_LIKELY(block != NULL)) return block;
    /* Segments have no addresses left: a pool serves it. */
    if (box == HAK_BOX_BINS || box == HAK_BOX_ENCODED) HAK_TALLY(FALLBACK);
    if (HAK_LIKELY(hak_routes_known())) block = hak_pool_try_alloc(size);
    return HAK_LIKELY(block != NULL) ? block : hak_alloc_slow(size);
}

void *hak_alloc_sampled(size_t size) {
    hak_sample(size);
    if (size > HAK_SMALL_MAX) return hak_alloc_above_small(size);
    unsigned class_id = hak_small_class(size);
    return hak_alloc_routed(size, class_id, hak_small_route(class_id));
}

/* C6 and M768 have the same route, so the size alone gives the class. The boxes are those of
 * hak_size_path_of. */
void *hak_alloc_mid_size(size_t size) {
    enum hak_box box = hak_size_path();
    unsigned above_c6 = size > 512;
    void *block;
    HAK_TALLY(FRONT_SIZE_PATH);
    if (box == HAK_BOX_SMALL_V4)
        block = small_v4_alloc(above_c6 ? HAK_M768 : HAK_C6);
    else if (box == HAK_BOX_POOL_V2)
        block = hak_pool_try_alloc_v2_impl(above_c6);
    else
        block = hak_pool_try_alloc_v1(above_c6);
    return HAK_LIKELY(block != NULL) ? block : hak_alloc_slow(size);
}

#define FREE(id, name, allocate, free)                                                                       \
    case HAK_BOX_##id:                                                                                       \
        free;                                                                                                \
        return;

void hak_free_in_segment(struct hak_page *page, void *pointer) {
    switch ((enum hak_box)page->box) {
        HAK_BOXES_IN_SEGMENTS(FREE)
    default:
        hak_free_invalid(pointer);
    }
}

void hak_free_by_lookup(void *pointer) {
    if (HAK_UNLIKELY(!pointer)) return;
    if (HAK_UNLIKELY(hak_shortcuts_on) && hak_free_shortcut(pointer)) return;
    struct hak_page *page = classify_ptr(pointer);
    if (HAK_UNLIKELY(!page)) {
        hak_free_slow(pointer);
        return;
    }
    switch ((enum hak_box)page->box) {
        HAK_BOXES_BY_LOOKUP(FREE)
    default:
        hak_free_slow(pointer);
    }
}

/* Pages without a box lead here too: they hold the guard's blocks, or no blocks any more. */
void hak_free_slow(void *pointer) {
    if (guard_on && guard_free(pointer)) return;
    if (!large_free(pointer)) hak_free_invalid(pointer);
}

_Noreturn void hak_free_invalid(const void *pointer) {
    if (segment_v4_owns(pointer)) {
        const struct hak_page *unit = segment_v4_page(pointer);
        if (unit->box == HAK_BOX_NONE && unit->flags == HAK_BOX_SPAN && unit->start == pointer)
            hak_misuse("double free", pointer, HAK_LARGE, span_box.name);
    }
    switch (large_place_of(pointer)) {
    case LARGE_FREED:
        hak_misuse("double free", pointer, HAK_LARGE, large_box.name);
    case LARGE_INSIDE:
        hak_misuse("invalid pointer inside a block", pointer, HAK_LARGE, large_box.name);
    default:
        hak_misuse("invalid pointer", pointer, HAK_CLASSES, "none: no block is there");
    }
}

size_t hak_usable_at(void *pointer) {
    if (HAK_UNLIKELY(guard_on)) {
        size_t guarded = guard_usable(pointer);
        if (guarded != SIZE_MAX) return guarded;
    }
    struct hak_page *page = classify_any(pointer);
    size_t size = 0;
    if (!page)
        size = large_usable(pointer);
    else if (page->box != HAK_BOX_NONE)
        size = hak_boxes[page->box]->usable(page, pointer);
    if (!size) hak_free_invalid(pointer);
    return size;
}

void *hak_alloc_aligned_at(size_t align, size_t size) {
    if (align <= 16) return hak_alloc_at(size < align ? align : size);
    bool zeroed;
    hak_start();
    if (guard_on && !hak_in_wrapper()) return guard_or_enomem(size, align, false);
    if (size > PTRDIFF_MAX || align > PTRDIFF_MAX || hak_in_wrapper())
        return large_or_enomem(size, align, &zeroed);

    /* The power of two that satisfies both: blocks without a header are aligned to their size. */
    size_t block_size = align;
    while (block_size < size && block_size <= HAK_POOL_MAX)
        block_size *= 2;
    if (block_size <= HAK_POOL_MAX) {
        enum hak_box box = block_size <= HAK_SMALL_MAX ? hak_small_route(hak_small_class(block_size))
                                                       : hak_pool_route(hak_pool_get_class_index(block_size));
        /* If segments run out, the tiny heap serves the block, without a header too. */
        if (!hak_boxes[box]->header) return hak_alloc_at(block_size);
    }
    if (size < HAK_POOL_MAX && align < HAK_POOL_MAX && hak_pool_is_poolable(size + align)) {
        void *block = hak_pool_try_alloc(size + align);
        if (block) return pool_v1_align(block, align);
        errno = ENOMEM;
        return NULL;
    }
    return large_or_enomem(size, align < os_page_size() ? os_page_size() : align, &zeroed);
}
