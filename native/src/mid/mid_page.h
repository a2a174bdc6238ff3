/* Mid pages: where the pools' memory comes from and goes to. */
#ifndef HAK_MID_MID_PAGE_H
#define HAK_MID_MID_PAGE_H

#include "mid/mid_desc.h"

/* Units of a page for blocks of `block_size` bytes: large blocks get larger pages, so that little is lost at
 * the end. */
static inline unsigned mid_page_units(size_t block_size) {
    return block_size <= 4096 ? 1 : 4;
}

/* A page of 1 or 4 units for blocks that lie `stride` bytes apart; its memory may be dirty. The page is the
 * first member of its mid_desc. NULL without memory. */
struct hak_page *mid_page_alloc(unsigned units, uint32_t stride);

/* All blocks are free. Gives the memory back (DONTNEED) when enough free pages keep theirs. */
void mid_page_free(struct hak_page *page);

/* Gives back the memory of all free pages; bytes. Their addresses stay. */
size_t mid_trim(void);

/* Addresses of all pages so far, in use or not. */
size_t mid_mapped_bytes(void);

/* One block fewer in use. True when the page may be due for giving back (DN): it has become empty, or was
 * full and is worth having in the list again; the owner then settles it. */
static inline bool mid_page_inuse_dec_and_maybe_dn(struct mid_desc *desc) {
    return page_used_dec(&desc->page);
}

#endif
