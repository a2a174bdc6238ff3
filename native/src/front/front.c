#include "front/front.h"
#include "base/misuse.h"
#include "front/memory.h"
#include "front/start.h"
#include "os/os_mem.h"
#include "os/os_thread.h"

#include <errno.h>
#include <string.h>

/* Kept out of the fast paths, which inline into malloc and free. */

/* Before an allocation fails, what is kept for later is given back, once: its addresses may be what is
 * missing. A request that is larger than all that can be kept fails at once. */
#define KEPT_AT_MOST ((size_t)64 << 20)
static HAK_TLS bool last_resort;

static bool make_room(size_t size) {
    if (last_resort || size > KEPT_AT_MOST) return false;
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

/* The boxes over segments have no addresses left, or never got any (a tight ulimit -v): the tiny heap and the
 * pool serve their classes then. */
static void *without_segments(size_t size) {
    if (size > HAK_SMALL_MAX) return NULL;
    unsigned class_id = hak_small_class(size);
    enum hak_box box = hak_small_route(class_id);
    if (box != HAK_BOX_SMALL_V4 && box != HAK_BOX_C7_ULTRA) return NULL;
    HAK_TALLY(FALLBACK);
    return class_id == HAK_M768 ? hak_pool_try_alloc(size) : tiny_heap_alloc(class_id);
}

void *hak_alloc_slow(size_t size) {
    bool zeroed;
    if (HAK_UNLIKELY(!hak_routes_known())) {
        hak_start();
        /* From inside the start: any box would need a route, a mapping needs none. */
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
    errno = block ? saved_errno : ENOMEM;
    return block;
}

void *hak_calloc_large(size_t size) {
    hak_start();
    if (guard_on && !hak_in_wrapper()) return guard_or_enomem(size, 16, true);
    bool zeroed;
    void *block = large_or_enomem(size, os_page_size(), &zeroed);
    /* A fresh mapping is zero already. */
    return block && !zeroed ? memset(block, 0, size) : block;
}

void *hak_alloc_routed(size_t size, unsigned class_id, enum hak_box box) {
    void *block = NULL;
    if (box == HAK_BOX_SMALL_V4)
        block = small_v4_alloc(class_id);
    else if (box == HAK_BOX_TINY_HEAP_V1)
        block = tiny_heap_alloc(class_id);
    else if (box == HAK_BOX_HOT_HEAP_V2)
        block = hot_heap_alloc(class_id);
    else if (box == HAK_BOX_C6_HEAVY)
        block = c6_heavy_alloc();
    else if (box == HAK_BOX_C7_ULTRA)
        block = c7_ultra_alloc();
    else if (HAK_LIKELY(box != HAK_BOX_NONE))
        block = hak_pool_try_alloc(size);
    return HAK_LIKELY(block != NULL) ? block : hak_alloc_slow(size);
}

void *hak_alloc_above_small(size_t size) {
    void *block = NULL;
    if (hak_pool_is_poolable(size) && HAK_LIKELY(hak_routes_known())) block = hak_pool_try_alloc(size);
    return HAK_LIKELY(block != NULL) ? block : hak_alloc_slow(size);
}

void *hak_alloc_sampled(size_t size) {
    hak_sample(size);
    if (size > HAK_SMALL_MAX) return hak_alloc_above_small(size);
    unsigned class_id = hak_small_class(size);
    return hak_alloc_routed(size, class_id, hak_small_route(class_id));
}

/* C6 and M768 have one route, so the size alone gives the class. */
void *hak_alloc_mid_size(size_t size) {
    enum hak_box box = hak_size_path();
    unsigned above_c6 = size > 512;
    void *block;
    HAK_TALLY(FRONT_SIZE_PATH);
    if (box == HAK_BOX_SMALL_V4)
        block = small_v4_alloc(above_c6 ? HAK_M768 : HAK_C6);
    else if (box == HAK_BOX_POOL_V2)
        block = hak_pool_try_alloc_v2_impl(above_c6);
    else if (hak_pool_v1_flatten_enabled(above_c6))
        block = hak_pool_try_alloc_v1_flat(above_c6);
    else
        block = hak_pool_try_alloc_v1_impl(above_c6);
    return HAK_LIKELY(block != NULL) ? block : hak_alloc_slow(size);
}

void hak_free_in_segment(struct hak_page *page, void *pointer) {
    switch ((enum hak_box)page->box) {
    case HAK_BOX_SMALL_V4:
        small_v4_free_remote(page, pointer);
        return;
    case HAK_BOX_C7_ULTRA:
        c7_ultra_free(pointer);
        return;
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
    case HAK_BOX_TINY_HEAP_V1:
        tiny_heap_free(page, pointer);
        return;
    case HAK_BOX_HOT_HEAP_V2:
        hot_heap_free(page, pointer);
        return;
    case HAK_BOX_POOL_V1:
    case HAK_BOX_POOL_V2:
        hak_pool_free(page, pointer);
        return;
    case HAK_BOX_C6_HEAVY:
        c6_heavy_free(pointer);
        return;
    default:
        hak_free_slow(pointer);
    }
}

/* Pages without a box lead here too: blocks of the guard, and addresses where no block lies any more. */
void hak_free_slow(void *pointer) {
    if (guard_on && guard_free(pointer)) return;
    if (!large_free(pointer)) hak_free_invalid(pointer);
}

_Noreturn void hak_free_invalid(const void *pointer) {
    switch (large_place_of(pointer)) {
    case LARGE_FREED:
        hak_misuse("double free", pointer, HAK_LARGE, "large");
    case LARGE_INSIDE:
        hak_misuse("invalid pointer inside a block", pointer, HAK_LARGE, "large");
    default:
        hak_misuse("invalid pointer", pointer, HAK_CLASSES, "none: no block lies there");
    }
}

size_t hak_usable_at(void *pointer) {
    if (HAK_UNLIKELY(guard_on)) {
        size_t guarded = guard_usable(pointer);
        if (guarded != SIZE_MAX) return guarded;
    }
    struct hak_page *page = classify_any(pointer);
    size_t size = 0;
    switch (page ? (enum hak_box)page->box : HAK_BOX_LARGE) {
    case HAK_BOX_TINY_HEAP_V1:
        size = tiny_heap_usable(page);
        break;
    case HAK_BOX_HOT_HEAP_V2:
        size = hot_heap_usable(page);
        break;
    case HAK_BOX_POOL_V1:
        size = pool_v1_usable((struct mid_desc *)page, pointer);
        break;
    case HAK_BOX_POOL_V2:
        size = pool_v2_usable((struct mid_desc *)page);
        break;
    case HAK_BOX_SMALL_V4:
    case HAK_BOX_C6_HEAVY:
    case HAK_BOX_C7_ULTRA:
        size = page->stride;
        break;
    case HAK_BOX_LARGE:
        size = large_usable(pointer);
        break;
    default:
        break;
    }
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

    /* A power of two that is enough for both: blocks of the headerless boxes are aligned to their size. */
    size_t block_size = align;
    while (block_size < size && block_size <= HAK_POOL_MAX)
        block_size *= 2;
    if (block_size <= HAK_SMALL_MAX) {
        enum hak_box box = hak_small_route(hak_small_class(block_size));
        /* Every box but the pools cuts its pages into blocks without headers. Where segments run out, the
         * tiny heap does so too. */
        if (box != HAK_BOX_POOL_V1 && box != HAK_BOX_POOL_V2) return hak_alloc_at(block_size);
    }
    if (block_size > HAK_SMALL_MAX / 4 && block_size <= HAK_POOL_MAX &&
        hak_pool_v2_route(hak_pool_get_class_index(block_size)))
        return hak_alloc_at(block_size);

    if (size < HAK_POOL_MAX && align < HAK_POOL_MAX && hak_pool_is_poolable(size + align)) {
        void *block = hak_pool_try_alloc(size + align);
        if (block) return pool_v1_align(block, align);
        errno = ENOMEM;
        return NULL;
    }
    return large_or_enomem(size, align < os_page_size() ? os_page_size() : align, &zeroed);
}
