/* Mid pages: pages of 64 or 256 KiB, with their metadata in mid descriptors. */
#ifndef HAK_MID_MID_PAGE_H
#define HAK_MID_MID_PAGE_H

#include "mid/mid_desc.h"

/* Units of a page for blocks of `block_size` bytes: larger blocks get larger pages, to lose less at the end
 * of a page. */
static inline unsigned mid_page_units(size_t block_size) {
    return block_size <= 4096 ? 1 : 4;
}

/* Allocates a page of 1 or 4 units for blocks that are `stride` bytes apart. The page is the first member of
 * a mid_desc. The memory may be dirty. NULL without memory. */
struct hak_page *mid_page_alloc(unsigned units, uint32_t stride);

/* Frees a page all of whose blocks are free. Gives its memory back (DONTNEED) if enough free pages keep
 * theirs. */
void mid_page_free(struct hak_page *page);

/* Gives back the memory of all free pages; their addresses stay. Returns the number of bytes. */
size_t mid_trim(void);

/* Bytes of addresses of all pages so far, in use or not. */
size_t mid_mapped_bytes(void);

/* Counts one block less in use. True when the page has to be settled: it has become empty and may be given
 * back (DONTNEED, "dn"), or was full and belongs into the list again. */
static inline bool mid_page_inuse_dec_and_maybe_dn(struct mid_desc *desc) {
    return page_used_dec(&desc->page);
}

#endif
