/* The front gate: size to box on the way in, page to box on the way out. */
#ifndef HAK_FRONT_FRONT_H
#define HAK_FRONT_FRONT_H

#include "base/size_class.h"
#include "front/sample.h"
#include "heaps/hot_heap_v2.h"
#include "heaps/large.h"
#include "heaps/small_v4.h"
#include "heaps/tiny_heap_v1.h"
#include "os/os_text.h"
#include "route/classify.h"
#include "route/hak_pool.h"
#include "route/route.h"

/* Large blocks, blocks asked for before the start, and failure (errno = ENOMEM). */
void *hak_alloc_slow(size_t size);
/* Large blocks, and pointers that are not ours, which abort. */
void hak_free_slow(void *pointer);
_Noreturn void hak_free_invalid(const void *pointer);

/* malloc. NULL and errno = ENOMEM without memory. */
static HAK_ALWAYS_INLINE void *hak_alloc_at(size_t size) {
    void *block = NULL;
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
        else if (HAK_LIKELY(box != HAK_BOX_NONE))
            block = hak_pool_try_alloc(size);
    } else if (hak_pool_is_poolable(size) && HAK_LIKELY(hak_small_route(HAK_C0) != HAK_BOX_NONE)) {
        block = hak_pool_try_alloc(size);
    }
    return HAK_LIKELY(block != NULL) ? block : hak_alloc_slow(size);
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
        page = classify_ptr(pointer);
    }
    if (HAK_UNLIKELY(!page)) {
        hak_free_slow(pointer);
        return;
    }
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
    default:
        hak_free_invalid(pointer);
    }
}

/* malloc_usable_size of a live block. */
size_t hak_usable_at(void *pointer);

/* `align` is a power of two. Like hak_alloc_at. */
void *hak_alloc_aligned_at(size_t align, size_t size);

#endif
