/* Tiny segment v4: pointer to metadata by arithmetic, without any lookup.
 *
 * All segments lie in one reserved range of addresses. Each is aligned to its size of 16 MiB and divided into
 * 256 units of 64 KiB; the first unit holds the metadata of the others. So one comparison tells whether a
 * pointer lies in a segment, a mask gives its segment, and a shift gives its unit's metadata: no table, no
 * hash, no per-thread cache.
 *
 * A page is a run of 1 to 255 units. Its record is that of its first unit; the others know their distance
 * from it (`first_slab`).
 *
 * Segments are committed in address order and stay committed, so everything below `used` is always readable.
 * Free units keep their memory for a while (see segment_v4.c). */
#ifndef HAK_SEGMENT_SEGMENT_V4_H
#define HAK_SEGMENT_SEGMENT_V4_H

#include "page/page.h"
#include "segment/unit_set.h"

enum {
    SEGMENT_V4_SHIFT = 24,
    SEGMENT_V4_SIZE = 1 << SEGMENT_V4_SHIFT,
    SEGMENT_V4_PAGE_SHIFT = 16,
    SEGMENT_V4_PAGE_SIZE = 1 << SEGMENT_V4_PAGE_SHIFT,
    SEGMENT_V4_PAGES = SEGMENT_V4_SIZE / SEGMENT_V4_PAGE_SIZE,
    SEGMENT_V4_RUN_MOST = SEGMENT_V4_PAGES - 1, /* units of a page */
};

struct segment_v4 {
    /* Guarded by HAK_LOCK_SEGMENT. In front, so that they share a page of the system's with the first
     * records.
     */
    struct unit_set free;
    struct unit_set dirty;           /* free units whose memory has not been given back */
    struct unit_set old;             /* of those, the units that were already so a period ago */
    struct unit_set huge;            /* units in huge pages, for pages of one unit */
    uint8_t kinds[SEGMENT_V4_PAGES]; /* what each unit was last taken for; 0: unknown */
    /* The first stands for the metadata and has no box and no owner. */
    struct hak_page pages[SEGMENT_V4_PAGES];
};
_Static_assert((int)SEGMENT_V4_PAGES == (int)UNIT_SET_BITS, "a bit for each unit");
_Static_assert(sizeof(struct segment_v4) <= SEGMENT_V4_PAGE_SIZE, "metadata fits the first page");

/* The reservation. `used` is 0 until the first segment exists, so no pointer appears to lie in a segment
 * before. */
struct segment_v4_range {
    uintptr_t base;
    _Atomic(uintptr_t) used;
    _Atomic(uintptr_t) reserved;
};
extern HAK_HIDDEN struct segment_v4_range segment_v4_range;

/* True when `pointer` lies in a segment. */
static inline bool segment_v4_owns(const void *pointer) {
    return (uintptr_t)pointer - segment_v4_range.base <
           atomic_load_explicit(&segment_v4_range.used, memory_order_relaxed);
}

/* Where a block of a multiple of 16 bytes lies in the reservation, which has at most 64 GiB. */
static inline uint32_t segment_v4_place(const void *block) {
    return (uint32_t)(((uintptr_t)block - segment_v4_range.base) >> 4);
}
static inline void *segment_v4_at(uint32_t place) {
    return (void *)(segment_v4_range.base + ((uintptr_t)place << 4));
}

/* The segment of a pointer for which segment_v4_owns is true. */
static inline struct segment_v4 *segment_v4_of(const void *pointer) {
    return (struct segment_v4 *)((uintptr_t)pointer & ~((uintptr_t)SEGMENT_V4_SIZE - 1));
}

/* The record of the unit of a pointer for which segment_v4_owns is true; it has no box if the address belongs
 * to no page. */
static inline struct hak_page *segment_v4_page(const void *pointer) {
    size_t index = ((uintptr_t)pointer >> SEGMENT_V4_PAGE_SHIFT) & (SEGMENT_V4_PAGES - 1);
    return &segment_v4_of(pointer)->pages[index];
}

/* The page that a unit belongs to. */
static inline struct hak_page *segment_v4_first(struct hak_page *unit) {
    return unit - unit->first_slab;
}

/* Reserves the addresses. If that fails, or once they are used up, segment_v4_page_alloc returns NULL and the
 * front falls back to other boxes. With `fenced` the metadata of each segment lies between inaccessible
 * memory, so that a program that writes past its blocks does not reach it; that costs the segment's last
 * unit. */
void segment_v4_start(bool fenced);

/* When the process has a limit on its address space, gives back the reserved addresses that are not in use,
 * so that another allocation can have them. From then on there are no new segments. Returns true if it gave
 * anything back. */
bool segment_v4_give_up(void);

/* Allocates a page of 64 KiB for blocks of the class, C0..C7 or M768. The memory may be dirty. NULL without
 * memory. */
struct hak_page *segment_v4_page_alloc(unsigned class_id);

/* The same for a page of `units` units of which only `start` and `slabs` are set. The caller sets the box of
 * all its units. Sets `*fresh` to whether none of them has memory yet. */
struct hak_page *segment_v4_run_alloc(unsigned units, bool *fresh);

/* The same for one unit that is used like others of the same `kind`, not 0. Of the free units with memory it
 * prefers one that was last used so: how much of its memory a page uses depends on its blocks, and if units
 * changed between short and long uses, all of them would have as much memory as the longest. If the number of
 * such pages `grows`, so that the caller will use all of the page, it may give memory to a whole huge page
 * for this one and those to come. */
struct hak_page *segment_v4_unit_alloc(unsigned kind, bool grows, bool *fresh);

/* The same for a page that may grow: if possible the units behind it, to the end of a quarter of a segment,
 * are free. Unless the process has a limit on its address space, it takes a new segment for that. */
struct hak_page *segment_v4_run_alloc_roomy(unsigned units, bool *fresh);

/* Makes a page of one block `units` units long, more than it has, if the units behind it are free. */
bool segment_v4_run_grow(struct hak_page *page, unsigned units);

/* Frees a page all of whose blocks are free. */
void segment_v4_page_free(struct hak_page *page);

/* Bytes of committed segments. */
static inline size_t segment_v4_mapped_bytes(void) {
    return atomic_load_explicit(&segment_v4_range.used, memory_order_relaxed);
}

/* Gives back the memory of all free units. Returns the number of bytes. */
size_t segment_v4_trim(void);

#endif
