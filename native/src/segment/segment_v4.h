/* Tiny segment v4: pointer to metadata by arithmetic, without any lookup.
 *
 * All segments lie in one reserved range of addresses, each aligned to its size of 4 MiB and cut into 64
 * pages of 64 KiB. The first page holds the metadata of the others. So whether a pointer lies in a segment is
 * one comparison, its segment is a mask and its page's metadata a shift: no table is read, no hash computed,
 * and nothing has to be remembered per thread.
 *
 * Segments become memory in order of address and stay it: what is below `used` can always be read. Empty
 * pages are purged when more than 16 MiB of them hold memory. */
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
    struct hak_page pages[SEGMENT_V4_PAGES]; /* the first stands for the metadata: no box, no owner */
    uint64_t free_mask;                      /* guarded, as the rest, by HAK_LOCK_SEGMENT */
    uint64_t dirty_mask;                     /* free pages whose memory has not been given back */
    struct segment_v4 *next, *prev;          /* segments with free pages */
};
_Static_assert(sizeof(struct segment_v4) <= SEGMENT_V4_PAGE_SIZE, "metadata fits the first page");

/* The reservation. `used` is 0 until the first segment exists, so that no pointer is taken for one of ours.
 */
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

/* The segment of a pointer that segment_v4_owns. */
static inline struct segment_v4 *segment_v4_of(const void *pointer) {
    return (struct segment_v4 *)((uintptr_t)pointer & ~((uintptr_t)SEGMENT_V4_SIZE - 1));
}

/* The page of a pointer that segment_v4_owns; where no page is, one without a box. */
static inline struct hak_page *segment_v4_page(const void *pointer) {
    size_t index = ((uintptr_t)pointer >> SEGMENT_V4_PAGE_SHIFT) & (SEGMENT_V4_PAGES - 1);
    return &segment_v4_of(pointer)->pages[index];
}

/* Reserves the addresses. Without them, and when they are used up, every segment_v4_page_alloc fails and the
 * front falls back to other boxes. */
void segment_v4_start(void);

/* Gives back the addresses that are reserved and not used, when the process may have only so many: before an
 * allocation fails. From then on there are no new segments. True when that was something. */
bool segment_v4_give_up(void);

/* A page of 64 KiB of blocks of the class, C0..C7 or M768. Its memory may be dirty. NULL without memory. */
struct hak_page *segment_v4_page_alloc(unsigned class_id);

/* Every block of the page is free and nobody holds a pointer to it. */
void segment_v4_page_free(struct hak_page *page);

/* Addresses that are memory. */
static inline size_t segment_v4_mapped_bytes(void) {
    return atomic_load_explicit(&segment_v4_range.used, memory_order_relaxed);
}

/* Gives back the memory of every free page; the number of bytes. */
size_t segment_v4_trim(void);

#endif
