/* From a pointer to the page it lies in. */
#ifndef HAK_ROUTE_CLASSIFY_H
#define HAK_ROUTE_CLASSIFY_H

#include "base/tally.h"
#include "mid/mid_desc.h"
#include "segment/segment_v4.h"
#include "superslab/super_reg.h"

/* HAKMEM_SUPERSLAB_BYPASS; set before the first block exists. */
extern bool hak_superslab_bypass;

/* Superslabs first, because most blocks of most programs are small. With the bypass mid pages first, which
 * pays off when most blocks come from a pool. */
static HAK_ALWAYS_INLINE struct hak_page *classify_ptr(const void *pointer) {
    if (hak_superslab_bypass) {
        struct mid_desc *desc = mid_desc_lookup(pointer);
        if (HAK_LIKELY(desc != NULL)) return &desc->page;
    }
    HAK_TALLY(SUPER_LOOKUP);
    struct superslab *superslab = hak_super_lookup(pointer);
    if (superslab) return ss_map_lookup(superslab, pointer);
    return hak_superslab_bypass ? NULL : (struct hak_page *)mid_desc_lookup(pointer);
}

/* The page that `pointer` lies in, segments included; its `box` frees the block. NULL for a large block or a
 * foreign address. Lock-free. */
static inline struct hak_page *classify_any(const void *pointer) {
    return segment_v4_owns(pointer) ? segment_v4_page(pointer) : classify_ptr(pointer);
}

#endif
