/* The front gate: size to box on the way in, page to box on the way out. */
#ifndef HAK_FRONT_FRONT_H
#define HAK_FRONT_FRONT_H

#include "base/size_class.h"
#include "front/sample.h"
#include "heaps/c6_heavy.h"
#include "heaps/c7_ultra.h"
#include "heaps/hot_heap_v2.h"
#include "heaps/large.h"
#include "heaps/small_v4.h"
#include "heaps/tiny_heap_v1.h"
#include "os/os_text.h"
#include "route/classify.h"
#include "route/hak_pool.h"
#include "route/route.h"
#include "route/shortcut.h"

/* Large blocks, blocks asked for before the start, and failure (errno = ENOMEM). */
void *hak_alloc_slow(size_t size);
/* Large blocks, and pointers that are not ours, which abort. */
void hak_free_slow(void *pointer);
_Noreturn void hak_free_invalid(const void *pointer);

/* The front's path for 257..768 B: C6 and M768 have one route, `box`, so the size alone gives the class. */
static HAK_ALWAYS_INLINE void *hak_alloc_mid_size(enum hak_box box, size_t size) {
    unsigned above_c6 = size > 512;
    HAK_TALLY(FRONT_SIZE_PATH);
    if (box == HAK_BOX_SMALL_V4) return small_v4_alloc(above_c6 ? HAK_M768 : HAK_C6);
    if (box == HAK_BOX_POOL_V2) return hak_pool_try_alloc_v2_impl(above_c6);
    if (hak_pool_v1_flatten_enabled(above_c6)) return hak_pool_try_alloc_v1_flat(above_c6);
    return hak_pool_try_alloc_v1_impl(above_c6);
}

/* malloc. NULL and errno = ENOMEM without memory. */
static HAK_ALWAYS_INLINE void *hak_alloc_at(size_t size) {
    void *block = NULL;
    enum hak_box size_path = hak_size_path();
    if (HAK_UNLIKELY(size_path != HAK_BOX_NONE) && size - HAK_POOL_MIN <= 768 - HAK_POOL_MIN) {
        block = hak_alloc_mid_size(size_path, size);
        return HAK_LIKELY(block != NULL) ? block : hak_alloc_slow(size);
    }
    if (should_sample()) hak_sample(size);
    if (HAK_LIKELY(size <= HAK_SMALL_MAX)) {
        unsigned class_id = hak_small_class(size);
        enum hak_box box = hak_small_route(class_id);
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
    } else if (hak_pool_is_poolable(size) && HAK_LIKELY(hak_routes_known())) {
        block = hak_pool_try_alloc(size);
    }
    return HAK_LIKELY(block != NULL) ? block : hak_alloc_slow(size);
}

/* A block of a page that is not an own page of box v4. */
static HAK_ALWAYS_INLINE void hak_free_page_at(struct hak_page *page, void *pointer) {
    switch ((enum hak_box)page->box) {
    case HAK_BOX_SMALL_V4:
        small_v4_free_remote(page, pointer);
        return;
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
    case HAK_BOX_C7_ULTRA:
        c7_ultra_free(pointer);
        return;
    default:
        hak_free_invalid(pointer);
    }
}

/* free. Keeps errno. */
static HAK_ALWAYS_INLINE void hak_free_at(void *pointer) {
    struct hak_page *page;
    if (segment_v4_owns(pointer)) {
        page = segment_v4_page(pointer);
        if (HAK_LIKELY(small_v4_is_own(page))) {
            small_v4_free_own(page, pointer);
            return;
        }
    } else {
        if (HAK_UNLIKELY(!pointer)) return;
        if (HAK_UNLIKELY(hak_shortcuts_on) && hak_free_shortcut(pointer)) return;
        page = classify_by_lookup(pointer);
        if (HAK_UNLIKELY(!page)) {
            hak_free_slow(pointer);
            return;
        }
    }
    hak_free_page_at(page, pointer);
}

/* malloc_usable_size of a live block. */
size_t hak_usable_at(void *pointer);

/* `align` is a power of two. Like hak_alloc_at. */
void *hak_alloc_aligned_at(size_t align, size_t size);

#endif
