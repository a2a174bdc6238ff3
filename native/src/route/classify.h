/* From a pointer to the page it lies in. */
#ifndef HAK_ROUTE_CLASSIFY_H
#define HAK_ROUTE_CLASSIFY_H

#include "mid/mid_desc.h"
#include "superslab/super_reg.h"

/* The page that `pointer` lies in; its `box` says who frees it. NULL when it is a large block or not ours.
 * Lock-free. Superslabs first: most blocks of most programs are small. */
static inline struct hak_page *classify_ptr(const void *pointer) {
    struct superslab *superslab = hak_super_lookup(pointer);
    if (superslab) return ss_map_lookup(superslab, pointer);
    return (struct hak_page *)mid_desc_lookup(pointer);
}

#endif
