/* Superslabs: aligned regions of 2 MiB, cut into 32 slabs of 64 KiB. Slab 0 holds the superslab's own
 * metadata; a page covers one or more neighbouring slabs. */
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
    /* The slab map: for each slab the first slab of its page; 0 where there is no page. */
    uint8_t ss_map[SUPERSLAB_SLABS];
    uint32_t free_mask;  /* slabs without a page; guarded, as the rest, by HAK_LOCK_SUPERSLAB */
    uint32_t dirty_mask; /* free slabs whose memory has not been given back */
    uint8_t run;         /* the list that it is in */
    struct superslab *next, *prev;
    struct hak_page pages[SUPERSLAB_SLABS]; /* at the index of the page's first slab */
};
_Static_assert(sizeof(struct superslab) <= SLAB_SIZE, "metadata fits slab 0");

/* A slab's place in the map: a perfect hash, since a superslab is aligned to its size. */
static inline unsigned ss_map_hash(const void *pointer) {
    return (unsigned)((uintptr_t)pointer >> SLAB_SHIFT) & (SUPERSLAB_SLABS - 1);
}

/* The page that `pointer` lies in. For an address that belongs to no page, a page without a box. */
static inline struct hak_page *ss_map_lookup(struct superslab *superslab, const void *pointer) {
    return &superslab->pages[superslab->ss_map[ss_map_hash(pointer)]];
}

/* A page of `slabs` slabs with start set; NULL without memory. Its memory may be dirty. */
struct hak_page *superslab_page_alloc(unsigned slabs);

/* Every block of the page is free and nobody holds a pointer to it. */
void superslab_page_free(struct hak_page *page);

/* Gives back the memory of all free slabs; bytes. */
size_t superslab_trim(void);

size_t superslab_mapped_bytes(void);

#endif
