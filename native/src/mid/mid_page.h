/* Mid pages: where the pools' memory comes from and goes to. */
#ifndef HAK_MID_MID_PAGE_H
#define HAK_MID_MID_PAGE_H

#include "base/box.h"
#include "mid/mid_desc.h"

/* Units of a page for blocks of `block_size` bytes: large blocks get larger pages, so that little is lost at
 * the end. */
static inline unsigned mid_page_units(size_t block_size) {
    return block_size <= 4096 ? 1 : 4;
}

/* A page of 1 or 4 units with start set; its memory may be dirty. NULL without memory. */
struct mid_desc *mid_page_alloc(enum hak_box box, unsigned units);

/* All blocks are free. Gives the memory back (DONTNEED) when enough free pages keep theirs. */
void mid_page_free(struct mid_desc *desc);

/* Gives back the memory of all free pages; bytes. Their addresses stay. */
size_t mid_trim(void);

/* Addresses of all pages so far, in use or not. */
size_t mid_mapped_bytes(void);

/* One block fewer in use. True when the page may be due for giving back (DN): it has become empty, or was
 * full and is worth having in the list again; the owner then settles it. */
static inline bool mid_page_inuse_dec_and_maybe_dn(struct mid_desc *desc) {
    return (--desc->page.used == 0) | (desc->page.flags & PAGE_FULL);
}

#endif
