/* Bins: the default box for sizes up to 32 KiB. A thread keeps its free blocks in bins, one plain list for
 * each block size; malloc pops from a bin and free pushes into one. Neither looks at a page, at its owner or
 * at an option.
 *
 * What the fast paths cost, in instructions after inlining:
 *
 *   malloc   2  size > 32 KiB?               free   4  unit of the pointer
 *            4  bin of the size: by a table         2  unit < reach?
 *            2  the thread's bin                    2  bin of the unit: by a map
 *            3  head of the bin, empty?             2  the thread's bin
 *            2  next block becomes the head         6  start of a block, bin in use, not used up?
 *            1  return                              3  freed twice in a row?
 *                                                   2  one block less until the bin is used up
 *                                                   2  push
 *                                                   1  return
 *
 * One comparison answers three questions: a product says where a pointer lies in its block, and is compared
 * with what the bin still takes (BINS_ONE).
 *
 * They are off without a test: a thread whose bins are off, or that has none yet, has `bins_none`, whose
 * heads are empty and which takes nothing, so that every call takes the slow path.
 *
 * A bin takes blocks of any thread. It is bounded: after 64 KiB of frees it is used up, its list is set
 * aside, and malloc takes a list set aside before it asks a page. When three are set aside, or a thread has 4
 * MiB of them, the oldest goes home to the pages of its blocks, in other threads' heaps too. When malloc does
 * not need a bin, the bound shrinks to 8 KiB, and these short lists go home while their blocks are in the
 * cache; it grows again when malloc finds the bin empty. So a balanced bin never leaves the thread, and a
 * list set aside that nobody needs any more returns after 1 MiB of frees.
 *
 * A thread that has never allocated has no use for blocks. It notes where those lie that it frees, without
 * touching them, and sends them home after 4 KiB of frees.
 *
 * A thread that ends leaves the bins whose blocks lie in one page as they are, and the next thread continues
 * with them: it takes no page, and no lock but that of heaps. All other blocks go home. What waits for new
 * threads is bounded by 4 MiB, and by one page per size of each such heap.
 *
 * Pages are segment pages of one unit, or of four for blocks above 4 KiB. A page's blocks lie at multiples of
 * their size, counted from the start of the reservation, so that one multiplication tells whether a pointer
 * is the start of a block. That costs at most one block per page, and only addresses. */
#ifndef HAK_HEAPS_BINS_H
#define HAK_HEAPS_BINS_H

#include "page/thread_heap.h"
#include "segment/held.h"
#include "segment/segment_v4.h"

enum {
    BINS_SMALL_MAX = 256, /* up to here sizes are 16 bytes apart */
    BINS_MAX = HAK_POOL_MAX,
    BINS_SMALL = BINS_SMALL_MAX / 16,
    BINS = BINS_SMALL + 1 + 7 * 8, /* bin 0 is always empty; above 256 bytes 8 sizes per doubling */
    BINS_ASIDE = 3,
    BINS_HELD = BINS_SMALL + 1 + 8, /* bins of up to 512 bytes */
    BINS_UNITS = 1 << 20,           /* of the largest reservation */
    /* An offset in the reservation times the inverse of a size is below 2^36 for the n-th multiple of the
     * size: n times the inverse's excess, 1 to the size. For all others it is at least the inverse, which is
     * at least 2^49. So the upper half of the product is below BINS_ONE at the start of a block, and at least
     * BINS_ONE << 13 inside one. In between there is room to count: the bound is BINS_ONE times the number of
     * blocks that the bin takes until it is used up. */
    BINS_ONE = 16,
    BINS_TAKES_MOST = (1 << 13) - 1,
};
_Static_assert((int)BINS <= (int)PAGE_HEAP_MOST_CLASSES, "a page_class for each bin");

struct bin {
    struct hak_block *head;
    uint64_t inverse; /* of the block size; 0: the bin never takes blocks */
    uint32_t takes;   /* BINS_ONE for each block that it takes until it is used up */
    uint32_t quantum; /* the number of blocks that it takes in all, with the one that finds it used up */
    uint16_t aside_count;
    uint16_t pages;             /* taken since the last one was given back */
    uint8_t unwanted;           /* lists that have gone home since malloc last found the bin empty */
    bool wanted;                /* malloc has found the bin empty since a list was last set aside */
    bool mixed;                 /* not only the blocks pushed since the count started may be of other pages */
} __attribute__((aligned(32))); /* two to a cache line */

struct bins {
    struct bin bin[BINS];                      /* first: bin 0 is at offset 0 */
    struct hak_block *aside[BINS][BINS_ASIDE]; /* oldest first */
    uint32_t aside_bytes, hand;                /* of all lists set aside; where to look for old ones */
    struct held *held; /* of BINS_HELD sizes; empty unless the thread only frees. NULL: it never did */
};

extern const struct box bins_box;
extern HAK_HIDDEN HAK_TLS struct bins *bins_tls;

/* Bins are found by their offset in `struct bins`, which saves the fast paths a shift. */
typedef uint16_t bins_offset;
_Static_assert(BINS * sizeof(struct bin) <= UINT16_MAX, "an offset for each bin");

/* The bin of each unit's blocks; 0: no blocks of this box. A thread that frees a block has got it from a
 * thread that has seen the entry. */
extern HAK_HIDDEN _Atomic bins_offset bins_map[BINS_UNITS];

/* The bin of a size, by (size + 15) / 16. 4 KiB, of which a program uses a line or two. */
extern HAK_HIDDEN const bins_offset bins_table[BINS_MAX / 16 + 1];

static HAK_ALWAYS_INLINE struct bin *bins_at(struct bins *bins, bins_offset offset) {
    return (struct bin *)((char *)bins + offset);
}

/* The index of a size's bin. */
static inline unsigned bins_index(size_t size) {
    return size ? bins_table[(size + 15) >> 4] / sizeof(struct bin) : 1;
}

/* Pops a block; NULL when the bin is empty or the size has none. Sizes without a bin, as 0, take the empty
 * bin 0: with a single way out of the fast path, malloc needs no stack frame on it. */
static HAK_ALWAYS_INLINE void *bins_pop(size_t size) {
    bins_offset offset = HAK_LIKELY(size <= BINS_MAX) ? bins_table[(size + 15) >> 4] : 0;
    struct bin *bin = bins_at(bins_tls, offset);
    struct hak_block *block = bin->head;
    if (HAK_UNLIKELY(!block)) return NULL;
    bin->head = block->next;
    return block;
}

/* Pushes a block. False when the slow path has to look at it: not a block of this box, misuse, or a bin that
 * is used up. To subtract from the field that was loaded for the comparison is faster than to test the result
 * of a subtraction in memory. */
static HAK_ALWAYS_INLINE bool bins_push(void *pointer) {
    uintptr_t offset = (uintptr_t)pointer - segment_v4_range.base, unit = offset >> SEGMENT_V4_PAGE_SHIFT;
    if (HAK_UNLIKELY(unit >= BINS_UNITS)) return false;
    struct bin *bin = bins_at(bins_tls, atomic_load_explicit(&bins_map[unit], memory_order_relaxed));
    if (HAK_UNLIKELY((uint32_t)(offset * bin->inverse >> 32) >= bin->takes)) return false;
    struct hak_block *block = pointer, *head = bin->head;
    if (HAK_UNLIKELY(head == block)) return false;
    bin->takes -= BINS_ONE;
    block->next = head;
    bin->head = block;
    return true;
}

/* Allocates when bins_pop returned NULL; `size` is at most BINS_MAX. NULL without memory. */
void *bins_alloc(size_t size);

/* Frees when bins_push returned false. Any thread. Aborts on misuse. */
void bins_free(struct hak_page *page, void *pointer);

/* Sends home what the bins of ended threads keep for new threads. */
void bins_trim(void);

#endif
