/* Two ways to free a block without classifying its address: by the class in its header, and by its page's
 * context in the thread's descriptor cache. Both are off by default. */
#ifndef HAK_ROUTE_SHORTCUT_H
#define HAK_ROUTE_SHORTCUT_H

#include "route/boxes.h"

/* HAKMEM_POOL_V1_HEADER_CLASS and HAKMEM_MID_DESC_CACHE_CONTEXT; set before the first block exists. */
extern bool hak_shortcut_header, hak_shortcut_context;
/* True if either is on; this is what free reads. */
extern bool hak_shortcuts_on;

/* A valid header says that a live block of pool v1 begins here: the superslab registry is skipped, and the
 * flatten cache takes a block of C6 without any lookup. */
static inline bool hak_free_by_header(void *pointer) {
    unsigned class_index;
    if (!mid_header_read_class(pointer, &class_index)) return false;
    if (hak_pool_v1_flatten_enabled(class_index) && pool_v1_flat_push(mid_header_of(pointer), class_index)) {
        HAK_TALLY(HEADER_CLASS);
        return true;
    }
    struct mid_desc *desc = mid_desc_lookup(pointer);
    if (HAK_UNLIKELY(!desc || desc->page.box != HAK_BOX_POOL_V1)) return false;
    HAK_TALLY(HEADER_CLASS);
    hak_pool_free_v1_impl(desc, pointer);
    return true;
}

/* The page's box and class are cached, so a block cache can take the block without reading the page. */
static inline bool hak_free_by_context(void *pointer) {
    const struct mid_desc_cache_entry *entry = mid_context_lookup(pointer);
    if (!entry) return false;
    if (entry->box == HAK_BOX_C6_HEAVY) {
        HAK_TALLY(MID_CONTEXT_HIT);
        c6_heavy_free(pointer);
        return true;
    }
    if (entry->box != HAK_BOX_POOL_V1 || !hak_pool_v1_flatten_enabled(entry->class_index)) return false;
    unsigned class_index;
    if (!mid_header_read_class(pointer, &class_index) || class_index != entry->class_index ||
        !pool_v1_flat_push(mid_header_of(pointer), class_index))
        return false;
    HAK_TALLY(MID_CONTEXT_HIT);
    return true;
}

/* Returns false when the address has to be classified. */
static HAK_ALWAYS_INLINE bool hak_free_shortcut(void *pointer) {
    return (hak_shortcut_header && hak_free_by_header(pointer)) ||
           (hak_shortcut_context && hak_free_by_context(pointer));
}

#endif
