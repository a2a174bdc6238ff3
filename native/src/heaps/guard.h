/* The guard box (HAKMEM_GUARD=1) serves every class and detects every misuse, slowly. Its metadata lies
 * outside the blocks: each block has a record, found by arithmetic from its page (large blocks: by their
 * address), that holds where the user's bytes begin, how many there are, and whether they are live. The rest
 * of the block is filled with a canary, which is checked when the block is freed or resized. A freed block is
 * filled with junk, which is checked before the block is allocated again; a quarantine delays that.
 *
 * There is one lock, and pages of small blocks are never given back: this box is for debugging. */
#ifndef HAK_HEAPS_GUARD_H
#define HAK_HEAPS_GUARD_H

#include "page/box.h"

extern const struct box guard_box;

/* HAKMEM_GUARD; set before the first block exists. */
extern bool guard_on;

/* Allocates a block of which exactly `size` bytes are the caller's. `align` is any power of two. NULL without
 * memory. */
void *guard_alloc(size_t size, size_t align, bool zeroed);

/* These abort unless `pointer` is a live block. For an address that has never been a block they return false
 * or SIZE_MAX. */
bool guard_free(void *pointer);
size_t guard_usable(void *pointer);
/* Also returns false when the block has no room for `size` bytes. */
bool guard_resize(void *pointer, size_t size);

#endif
