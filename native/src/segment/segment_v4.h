/* Tiny segment v4: pointer to metadata by arithmetic, without any lookup.
 *
 * All segments lie in one reserved range of addresses. Each is aligned to its size of 4 MiB and divided into
 * 64 pages of 64 KiB; the first page holds the metadata of the others. So one comparison tells whether a
 * pointer lies in a segment, a mask gives its segment, and a shift gives its page's metadata: no table, no
 * hash, no per-thread cache.
 *
 * Segments are committed in address order and stay committed, so everything below `used` is always readable.
 * Empty pages are purged when more than 16 MiB of them hold memory. */
#ifndef HAK_SEGMENT_SEGMENT_V4_H
#define HAK_SEGMENT_SEGMENT_V4_H

#include "page/page.h"

enum {
    SEGMENT_V4_SHIFT = 22,
    SEGMENT_V4_SIZE = 1 << SEGMENT_V4_SHIFT,
    SEGMENT_V4_PAGE_SHIFT = 16,
    SEGMENT_V4_PAGE_SIZE = 1 << SEGMENT_V4_PAGE_SHIFT,
    SEGMENT_V4_PAGES = SEGMENT_V4_SIZE / SEGMENT_V4_PAGE_SIZE,
};

struct segment_v4 {
    struct hak_page
        pages[SEGMENT_V4_PAGES];    /* the first stands for the metadata and has no box and no owner */
    uint64_t free_mask;             /* this and all below is guarded by HAK_LOCK_SEGMENT */
    uint64_t dirty_mask;            /* free pages whose memory has not been given back */
    struct segment_v4 *next, *prev; /* segments with free pages */
};
_Static_assert(sizeof(struct segment_v4) <= SEGMENT_V4_PAGE_SIZE, "metadata fits the first page");

/* The reservation. `used` is 0 until the first segment exists, so no pointer appears to lie in a segment
 * before. */
struct segment_v4_range {
    uintptr_t base;
    _Atomic(uintptr_t) used;
    _Atomic(uintptr_t) reserved;
};
extern struct segment_v4_range segment_v4_range;

/* True when `pointer` lies in a segment. */
static inline bool segment_v4_owns(const void *pointer) {
    return (uintptr_t)pointer - segment_v4_range.base <
           atomic_load_explicit(&segment_v4_range.used, memory_order_relaxed);
}

/* The segment of a pointer for which segment_v4_owns is true. */
static inline struct segment_v4 *segment_v4_of(const void *pointer) {
    return (struct segment_v4 *)((uintptr_t)pointer & ~((uintptr_t)SEGMENT_V4_SIZE - 1));
}

/* The page of a pointer for which segment_v4_owns is true; a page without a box if the address belongs to
 * none. */
static inline struct hak_page *segment_v4_page(const void *pointer) {
    size_t index = ((uintptr_t)pointer >> SEGMENT_V4_PAGE_SHIFT) & (SEGMENT_V4_PAGES - 1);
    return &segment_v4_of(pointer)->pages[index];
}

/* Reserves the addresses. If that fails, or once they are used up, segment_v4_page_alloc returns NULL and the
 * front falls back to other boxes. */
void segment_v4_start(void);

/* When the process has a limit on its address space, gives back the reserved addresses that are not in use,
 * so that another allocation can have them. From then on there are no new segments. Returns true if it gave
 * anything back. */
bool segment_v4_give_up(void);

/* Allocates a page of 64 KiB for blocks of the class, C0..C7 or M768. The memory may be dirty. NULL without
 * memory. */
struct hak_page *segment_v4_page_alloc(unsigned class_id);

/* Frees a page all of whose blocks are free. */
void segment_v4_page_free(struct hak_page *page);

/* Bytes of committed segments. */
static inline size_t segment_v4_mapped_bytes(void) {
    return atomic_load_explicit(&segment_v4_range.used, memory_order_relaxed);
}

/* Gives back the memory of all free pages. Returns the number of bytes. */
size_t segment_v4_trim(void);

#endif
