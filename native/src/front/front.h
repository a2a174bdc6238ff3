/* The front gate: finds the box by size for malloc, and by page for free. */
#ifndef HAK_FRONT_FRONT_H
#define HAK_FRONT_FRONT_H

#include "front/sample.h"
#include "route/classify.h"
#include "route/hak_pool.h"
#include "route/route.h"
#include "route/shortcut.h"

/* Large blocks, allocations before the start, and failure (errno = ENOMEM). */
void *hak_alloc_slow(size_t size);
/* Zeroed, above HAK_POOL_MAX. */
void *hak_calloc_large(size_t size);
/* Gives a live block above HAK_POOL_MAX another size above it, if its box does that better than malloc,
 * memcpy and free. Otherwise NULL. */
void *hak_resize_large(void *pointer, size_t size);
/* Large blocks and the guard's blocks. Aborts on any other pointer. */
void hak_free_slow(void *pointer);
_Noreturn void hak_free_invalid(const void *pointer);

/* Out of line, so that malloc and free themselves are short and save no registers for paths that they do not
 * take. */
void *hak_alloc_routed(size_t size, unsigned class_id, enum hak_box box); /* up to 1024 B, routed to `box` */
void *hak_alloc_above_small(size_t size);                                 /* above 1024 B */
void *hak_alloc_sampled(size_t size);                                     /* any size; records it first */
void *hak_alloc_mid_size(size_t size); /* HAKMEM_FRONT_SIZE_PATH: 257..768 B, served by hak_size_path() */
void hak_free_in_segment(struct hak_page *page, void *pointer);
void hak_free_by_lookup(void *pointer); /* not in a segment; may be NULL */

/* malloc. NULL and errno = ENOMEM without memory. */
static HAK_ALWAYS_INLINE void *hak_alloc_at(size_t size) {
#ifndef HAK_FIXED_ROUTES
    void *binned = bins_pop(size);
    if (HAK_LIKELY(binned != NULL)) return binned;
#endif
    if (HAK_UNLIKELY(hak_size_path() != HAK_BOX_NONE) && size - HAK_POOL_MIN <= 768 - HAK_POOL_MIN)
        return hak_alloc_mid_size(size);
    if (should_sample()) return hak_alloc_sampled(size);
    if (HAK_LIKELY(size <= HAK_SMALL_MAX)) {
        unsigned class_id = hak_small_class(size);
        enum hak_box box = hak_small_route(class_id);
        if (box == HAK_BOX_SMALL_V4) {
            void *block = small_v4_pop(class_id);
            if (HAK_LIKELY(block != NULL)) return block;
        }
        return hak_alloc_routed(size, class_id, box);
    }
    return hak_alloc_above_small(size);
}

/* free. Keeps errno. */
static HAK_ALWAYS_INLINE void hak_free_at(void *pointer) {
#ifndef HAK_FIXED_ROUTES
    if (HAK_LIKELY(bins_push(pointer))) return;
#endif
    if (segment_v4_owns(pointer)) {
        struct hak_page *page = segment_v4_page(pointer);
        if (HAK_LIKELY(small_v4_is_own(page))) {
            small_v4_free_own(page, pointer);
            return;
        }
        hak_free_in_segment(page, pointer);
        return;
    }
    hak_free_by_lookup(pointer);
}

/* malloc_usable_size of a live block. */
size_t hak_usable_at(void *pointer);

/* Like hak_alloc_at, aligned to `align`, a power of two. */
void *hak_alloc_aligned_at(size_t align, size_t size);

#endif
