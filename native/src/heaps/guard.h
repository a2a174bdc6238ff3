/* The guard box (HAKMEM_GUARD=1): every class, every misuse, slowly. Nothing that it decides by lies where a
 * program can write: for each block there is a record outside, found by arithmetic from its page (large
 * blocks: by their address), which says where the user's bytes begin, how many there are, and whether they
 * are live. What surrounds them in the block is filled with a canary that is compared when the block is freed
 * or resized; a freed block is filled with junk that is compared before the block is handed out again, which
 * the quarantine delays.
 *
 * One lock, and pages of small blocks are never given back: this box is for finding faults. */
#ifndef HAK_HEAPS_GUARD_H
#define HAK_HEAPS_GUARD_H

#include "page/box.h"

extern const struct box guard_box;

/* HAKMEM_GUARD; set before the first block exists. */
extern bool guard_on;

/* `align` is a power of two of any size. Exactly `size` bytes are the caller's. NULL without memory. */
void *guard_alloc(size_t size, size_t align, bool zeroed);

/* These abort on anything that is not a live block, and are false, or SIZE_MAX, for an address that has never
 * been one. */
bool guard_free(void *pointer);
size_t guard_usable(void *pointer);
/* Also false where the block has no room for `size` bytes. */
bool guard_resize(void *pointer, size_t size);

#endif
