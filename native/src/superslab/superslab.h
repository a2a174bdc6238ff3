/* Superslabs: aligned regions of 2 MiB, divided into 32 slabs of 64 KiB. Slab 0 holds the superslab's own
 * metadata; a page covers one or more adjacent slabs. */
#ifndef HAK_SUPERSLAB_SUPERSLAB_H
#define HAK_SUPERSLAB_SUPERSLAB_H

#include "page/page.h"

enum {
    SUPERSLAB_SHIFT = 21,
    SUPERSLAB_SIZE = 1 << SUPERSLAB_SHIFT,
    SLAB_SHIFT = 16,
    SLAB_SIZE = 1 << SLAB_SHIFT,
    SUPERSLAB_SLABS = SUPERSLAB_SIZE / SLAB_SIZE,
};

struct superslab {
    /* The slab map: for each slab, the first slab of its page; 0 where there is no page. */
    uint8_t ss_map[SUPERSLAB_SLABS];
    uint32_t free_mask;  /* slabs without a page; this and all below is guarded by HAK_LOCK_SUPERSLAB */
    uint32_t dirty_mask; /* free slabs whose memory has not been given back */
    uint8_t run;         /* its list in with_run */
    struct superslab *next, *prev;
    struct hak_page pages[SUPERSLAB_SLABS]; /* at the index of the page's first slab */
};
_Static_assert(sizeof(struct superslab) <= SLAB_SIZE, "metadata fits slab 0");

/* A slab's index in the map: a perfect hash, because a superslab is aligned to its size. */
static inline unsigned ss_map_hash(const void *pointer) {
    return (unsigned)((uintptr_t)pointer >> SLAB_SHIFT) & (SUPERSLAB_SLABS - 1);
}

/* The page that `pointer` lies in; a page without a box if the address belongs to none. */
static inline struct hak_page *ss_map_lookup(struct superslab *superslab, const void *pointer) {
    return &superslab->pages[superslab->ss_map[ss_map_hash(pointer)]];
}

/* Allocates a page of `slabs` slabs and sets its start. The memory may be dirty. NULL without memory. */
struct hak_page *superslab_page_alloc(unsigned slabs);

/* Frees a page all of whose blocks are free. */
void superslab_page_free(struct hak_page *page);

/* Gives back the memory of all free slabs. Returns the number of bytes. */
size_t superslab_trim(void);

size_t superslab_mapped_bytes(void);

#endif
