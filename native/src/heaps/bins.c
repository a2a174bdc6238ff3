#include "heaps/bins.h"
#include "base/misuse.h"
#include "os/os_mem.h"
#include "os/os_thread.h"
#include "segment/homecoming.h"

#include <errno.h>

enum {
    /* A list is set aside after so many bytes of frees, but after so many blocks at the earliest; the first
     * figures are those of bins that malloc does not use. A list of at most SHORT blocks stays: the bin is
     * balanced, and would ask for the list at once. That costs less than to examine many blocks, each of
     * which is waited for. */
    LEAST_BYTES = 8 * 1024,
    LEAST_BLOCKS = 2,
    QUANTUM_BYTES = 64 * 1024,
    QUANTUM_BLOCKS = 16,
    SHORT = 8,
    /* A bin at its full quantum that is shorter may grow to so many blocks before it is examined again: to
     * examine it is to wait for each block of the list. */
    CALM_BLOCKS = 64,
    /* So many short lists have to go home before the oldest list set aside does, too. To walk a long list is
     * to wait for each of its blocks, because they have left the cache. */
    PATIENCE = 128,
    ASIDE_BYTES = 4 << 20, /* of a thread, counted as one quantum per list */
    SPREAD_ABOVE = 4096,
    ONE_UNIT_MAX = 4096, /* larger blocks have pages of LARGE_RUN units */
    LARGE_RUN = 4,
    /* A bin that has taken so many pages and given none back is growing: the memory of its next page is
     * wanted at once. That is a sixth more at most, for a sixteenth of the page faults. */
    GROWING = 6,
    /* A thread that frees so many blocks and has never allocated gets a frugal heap, whose bins take nothing:
     * it holds small blocks instead. */
    ORPHANS = 16,
    /* Bytes in the bins of ended threads that wait for new threads, counted as their pages are carved. A
     * thread takes at most half of what is left, so that those that end together all leave something. */
    KEPT_BYTES = 4 << 20,
};

struct bins_heap {
    struct page_heap heap;
    struct bins bins;
    bool frugal; /* the thread has not allocated yet */
    size_t kept; /* bytes in kept bins while the heap is warm */
};

/* Takes nothing and has nothing; in memory that can't be written to, as nothing may be. */
static const struct bins none;
#define bins_none (*(struct bins *)&none)
HAK_TLS struct bins *bins_tls = &bins_none;
_Atomic bins_offset bins_map[BINS_UNITS];

/* Set before the first block exists: statistics are on, and bins stay empty, so that every call is counted.
 */
static bool counted;

/* 8 sizes per doubling: that of 256..512 bytes has bins 17..24, and so on. `i` counts 16 bytes. */
#define BIN(i)                                                                                               \
    ((i) <= 16     ? (i)                                                                                     \
     : (i) <= 32   ? 17 + ((i)-17) / 2                                                                       \
     : (i) <= 64   ? 25 + ((i)-33) / 4                                                                       \
     : (i) <= 128  ? 33 + ((i)-65) / 8                                                                       \
     : (i) <= 256  ? 41 + ((i)-129) / 16                                                                     \
     : (i) <= 512  ? 49 + ((i)-257) / 32                                                                     \
     : (i) <= 1024 ? 57 + ((i)-513) / 64                                                                     \
                   : 65 + ((i)-1025) / 128)
#define T1(i) BIN(i) * sizeof(struct bin),
#define T4(i) T1(i) T1((i) + 1) T1((i) + 2) T1((i) + 3)
#define T16(i) T4(i) T4((i) + 4) T4((i) + 8) T4((i) + 12)
#define T64(i) T16(i) T16((i) + 16) T16((i) + 32) T16((i) + 48)
#define T256(i) T64(i) T64((i) + 64) T64((i) + 128) T64((i) + 192)
#define T1024(i) T256(i) T256((i) + 256) T256((i) + 512) T256((i) + 768)
const bins_offset bins_table[BINS_MAX / 16 + 1] = {T1024(0) T1024(1024) T1(2048)};

static uint32_t bin_size(unsigned index) {
    if (index <= BINS_SMALL) return index * 16;
    unsigned doubling = (index - BINS_SMALL - 1) / 8, step = (index - BINS_SMALL - 1) % 8;
    uint32_t size = (BINS_SMALL_MAX + BINS_SMALL_MAX / 8 * (step + 1)) << doubling;
    /* Multiples of 512 and more would share a few sets of the first-level cache. 2^k and 3 * 2^k stay, since
     * their blocks are aligned. */
    return size > SPREAD_ABOVE && step % 4 != 3 ? size + HAK_CACHE_LINE : size;
}

static struct bins_heap *heap_of(struct bins *bins) {
    return (struct bins_heap *)((char *)bins - offsetof(struct bins_heap, bins));
}

static uint32_t at_least(uint32_t bytes, uint32_t least, unsigned index) {
    uint32_t blocks = bytes / bin_size(index);
    return blocks < least ? least : blocks;
}

/* Of each bin; so that a thread gets its bins without divisions. */
static uint64_t inverses[BINS];
static uint32_t least_quanta[BINS];

_Static_assert(SEGMENT_V4_PAGE_SIZE / 16 <= PAGE_PARCEL_BLOCKS, "each block of a page has a number");
_Static_assert(QUANTUM_BYTES / 16 <= BINS_TAKES_MOST, "the largest quantum fits the count");
static uint32_t most_quantum(unsigned index) {
    return at_least(QUANTUM_BYTES, QUANTUM_BLOCKS, index);
}

/* What a list set aside counts as. */
static uint32_t quantum_bytes(unsigned index) {
    return most_quantum(index) * bin_size(index);
}

static void set_takes(struct bin *bin, uint32_t blocks) {
    bin->takes = bin->inverse ? blocks * BINS_ONE : 0;
}

static void set_quantum(struct bin *bin, uint32_t blocks) {
    bin->quantum = blocks;
    set_takes(bin, blocks - 1); /* the slow path takes the last one */
}

/* Pages. */

static struct hak_page *get_page(unsigned index) {
    uint32_t size = bin_size(index);
    struct bin *bin = &bins_tls->bin[index];
    bool has_bins = bins_tls != &bins_none, grows = bin->pages >= GROWING, fresh;
    struct hak_page *page = size <= ONE_UNIT_MAX ? segment_v4_unit_alloc(index, grows, &fresh)
                                                 : segment_v4_run_alloc(LARGE_RUN, &fresh);
    if (!page) return NULL;
    if (has_bins && !grows)
        bin->pages++;
    else if (has_bins && fresh && size <= ONE_UNIT_MAX)
        os_populate(page->start, SEGMENT_V4_PAGE_SIZE);
    uintptr_t from = (uintptr_t)page->start - segment_v4_range.base;
    uintptr_t first = (from + size - 1) / size * size;
    uintptr_t end = from + (uintptr_t)page->slabs * SEGMENT_V4_PAGE_SIZE;
    page->start += first - from;
    page->stride = size;
    page->capacity = (uint32_t)((end - first) / size);
    uintptr_t unit = from >> SEGMENT_V4_PAGE_SHIFT;
    bins_offset offset = (bins_offset)(counted ? 0 : index * sizeof(struct bin));
    for (unsigned i = 0; i < page->slabs; i++) {
        page[i].box = bins_box.heaps->number;
        atomic_store_explicit(&bins_map[unit + i], offset, memory_order_relaxed);
    }
    return page;
}

static void put_page(struct hak_page *page) {
    if (bins_tls != &bins_none) bins_tls->bin[page->class_index].pages = 0;
    uintptr_t unit = ((uintptr_t)page->start - segment_v4_range.base) >> SEGMENT_V4_PAGE_SHIFT;
    for (unsigned i = 0; i < page->slabs; i++)
        atomic_store_explicit(&bins_map[unit + i], 0, memory_order_relaxed);
    segment_v4_page_free(page);
}

/* Homecoming. */

/* Sends the oldest list of a bin home. */
static void oldest_goes_home(struct bins *bins, unsigned index) {
    struct bin *bin = &bins->bin[index];
    struct hak_block *oldest = bins->aside[index][0];
    bin->aside_count--;
    for (unsigned i = 0; i < bin->aside_count; i++)
        bins->aside[index][i] = bins->aside[index][i + 1];
    bins->aside_bytes -= quantum_bytes(index);
    send_home(&heap_of(bins)->heap, oldest);
}

/* The length of a list, but at most `most`. */
static uint32_t length_of(const struct hak_block *list, uint32_t most) {
    uint32_t blocks = 0;
    for (; list && blocks < most; blocks++)
        list = list->next;
    return blocks;
}

/* True if the heap has at most `pages` pages for blocks like those of `page`. Other threads' blocks can make
 * the list long nevertheless, but then most of the blocks that are freed are theirs: one is examined, that of
 * `page`. */
static bool has_at_most(const struct page_heap *heap, uint32_t pages, const struct hak_page *page) {
    return page->owner == heap && heap->classes[page->class_index].pages <= pages;
}

/* Runs when a bin is used up and a block of `page` is freed. */
static void set_aside(struct bins *bins, const struct hak_page *page) {
    unsigned index = page->class_index;
    struct bin *bin = &bins->bin[index];
    const struct page_heap *heap = &heap_of(bins)->heap;
    uint32_t quantum = bin->quantum, full = most_quantum(index);
    /* The heap keeps a single page even if all its blocks are at home, so they can as well stay. To examine
     * the list would be to wait for each block of it. */
    if (has_at_most(heap, 1, page)) {
        bin->quantum = full;
        set_takes(bin, full > CALM_BLOCKS ? full - 1 : CALM_BLOCKS);
        return;
    }
    set_quantum(bin, quantum);
    bool may_be_calm = quantum < CALM_BLOCKS && quantum == full;
    bool calm = may_be_calm && has_at_most(heap, CALM_BLOCKS / page->capacity, page);
    uint32_t most = quantum <= SHORT ? quantum - 1 : SHORT;
    uint32_t length = calm ? 0 : length_of(bin->head, most + 1);
    if (length <= most) {
        if (may_be_calm) set_takes(bin, CALM_BLOCKS - length);
        return;
    }
    if (bin->wanted) {
        bin->wanted = false;
        bin->unwanted = 0;
    } else {
        uint32_t least = least_quanta[index];
        set_quantum(bin, least);
        if (bin->aside_count && ++bin->unwanted == PATIENCE) {
            bin->unwanted = 0;
            oldest_goes_home(bins, index);
        }
        if (quantum == least) {
            struct hak_block *list = bin->head;
            bin->head = NULL;
            send_home(&heap_of(bins)->heap, list);
            return;
        }
    }
    if (bin->aside_count == BINS_ASIDE) oldest_goes_home(bins, index);
    while (bins->aside_bytes >= ASIDE_BYTES) {
        do
            bins->hand = (bins->hand + 1) % BINS;
        while (!bins->bin[bins->hand].aside_count);
        oldest_goes_home(bins, bins->hand);
    }
    bins->aside[index][bin->aside_count++] = bin->head;
    bin->head = NULL;
    bins->aside_bytes += quantum_bytes(index);
}

/* Bytes of the page that all blocks of a bin lie in, if it is the current one of its heap and at most `most`
 * bytes of it have been carved; otherwise 0. What a bin takes from a page it takes when it is empty, so that
 * only blocks that have been pushed since can be of another page. */
static size_t bytes_of_one_page(struct bins *bins, unsigned index, size_t most) {
    const struct hak_page *page = heap_of(bins)->heap.classes[index].current;
    const struct bin *bin = &bins->bin[index];
    size_t bytes = (size_t)page->carved * page->stride;
    if (bytes > most) return 0;
    uint32_t pushed = bin->mixed ? page->carved + 1 : bin->quantum - 1 - bin->takes / BINS_ONE;
    for (const struct hak_block *block = bin->head; block && pushed; block = block->next, pushed--)
        if ((uintptr_t)block - (uintptr_t)page->start >= bytes) return 0;
    return bin->mixed && !pushed ? 0 : bytes; /* a circle, or not of this page */
}

/* Sends all blocks home, except from bins with a single page, as long as these have at most `most` bytes.
 * Returns how many they have. Such a bin holds no page that its heap would not keep for its other blocks
 * anyway, and the next thread starts with it instead of taking a page, which the threads share. */
static size_t go_home_except(struct bins *bins, size_t most) {
    size_t kept = 0;
    for (unsigned index = 1; index < BINS; index++) {
        struct bin *bin = &bins->bin[index];
        while (bin->aside_count)
            oldest_goes_home(bins, index);
        struct hak_block *list = bin->head;
        if (!list) continue;
        size_t bytes = bytes_of_one_page(bins, index, most - kept);
        kept += bytes;
        bin->mixed = false;
        set_quantum(bin, bin->quantum);
        if (bytes) continue;
        bin->head = NULL;
        send_home(&heap_of(bins)->heap, list);
    }
    return kept;
}

/* The slow paths. */

/* Without an inverse a bin takes no blocks. */
static void set_up(struct bins *bins, bool frugal) {
    heap_of(bins)->frugal = frugal;
    if (frugal && !bins->held && !counted) bins->held = held_create(BINS_HELD, bin_size);
    for (unsigned index = 1; index < BINS; index++) {
        struct bin *bin = &bins->bin[index];
        bin->inverse = counted || frugal ? 0 : inverses[index];
        bin->wanted = bin->mixed = false;
        set_quantum(bin, least_quanta[index]);
    }
}

/* Of all warm heaps. */
static _Atomic size_t kept_bytes;

static struct bins_heap *take_warm(void) {
    struct bins_heap *heap = (struct bins_heap *)page_heap_acquire_warm(&bins_box);
    if (heap) atomic_fetch_sub_explicit(&kept_bytes, heap->kept, memory_order_relaxed);
    return heap;
}

static struct bins *acquire(bool frugal) {
    struct bins_heap *heap = NULL;
    if (!frugal && atomic_load_explicit(&kept_bytes, memory_order_relaxed)) heap = take_warm();
    if (!heap) {
        heap = (struct bins_heap *)page_heap_acquire(&bins_box);
        if (!heap) return NULL;
        set_up(&heap->bins, frugal);
    }
    struct bins *bins = &heap->bins;
    bins_tls = bins;
    os_thread_arm();
    return bins;
}

void *bins_alloc(size_t size) {
    if (!atomic_load_explicit(&segment_v4_range.reserved, memory_order_relaxed))
        return NULL; /* not started, or no addresses available */
    unsigned index = bins_index(size);
    struct bins *bins = bins_tls;
    if (HAK_UNLIKELY(bins == &bins_none)) {
        if (os_thread_is_over()) return thread_heap_alloc_late(&bins_box, index);
        bins = acquire(false);
        if (!bins) return NULL;
    }
    struct bin *bin = &bins->bin[index];
    struct page_heap *heap = &heap_of(bins)->heap;
    struct page_class *cls = &heap->classes[index];
    struct hak_block *block = bin->head;
    if (block) { /* size 0 */
        bin->head = block->next;
        return block;
    }
    bin->wanted = true;
    uint32_t room = most_quantum(index) - bin->quantum, more = bin->quantum < room ? bin->quantum : room;
    bin->quantum += more;
    if (bin->inverse) bin->takes += more * BINS_ONE;
    if (bin->aside_count) {
        block = bins->aside[index][--bin->aside_count];
        bins->aside_bytes -= quantum_bytes(index);
        bin->head = block->next;
        bin->mixed = true;
        return block;
    }
    if (HAK_UNLIKELY(heap_of(bins)->frugal)) { /* so far: nothing was wanted, so nothing is set aside */
        if (bins->held) held_all_go_home(bins->held, BINS_HELD, heap);
        set_up(bins, false);
        bin->wanted = true;
    }
    block = page_heap_pop(heap, index);
    if (block && counted) {
        HAK_COUNT(cls->alloc_fast);
        return block;
    }
    if (!block) block = page_heap_alloc_slow(heap, index);
    if (!block) return NULL;
    if (counted) {
        HAK_COUNT(cls->alloc_slow);
        return block;
    }
    /* The bin takes all free blocks of the page at once. It was empty, so the count starts again. */
    struct hak_page *page = cls->current;
    HAK_COUNT_ADD(cls->alloc_slow, page->carved - page->used + 1);
    bin->head = page->free;
    bin->mixed = false;
    set_quantum(bin, bin->quantum);
    page->free = NULL;
    page->used = page->carved;
    return block;
}

static _Noreturn void misuse(const struct hak_page *page, const void *pointer, bool inside) {
    hak_misuse(inside ? "invalid pointer inside a block" : "double free", pointer,
               box_class_id(&bins_box, page->class_index), bins_box.name);
}

/* Returns true once the thread has freed enough to get bins. */
static bool get_frugal_bins(void) {
    static HAK_TLS unsigned orphans;
    if (os_thread_is_over() || ++orphans <= ORPHANS) return false;
    int saved_errno = errno;
    bool got = acquire(true) != NULL;
    errno = saved_errno;
    return got;
}

/* Frees a block that no bin takes. */
static __attribute__((noinline)) void go_home(struct hak_page *page, struct hak_block *block) {
    if (bins_tls == &bins_none && !get_frugal_bins()) {
        page_count_orphan(page);
        page_remote_free(page, block);
        return;
    }
    struct bins *bins = bins_tls;
    struct page_heap *heap = &heap_of(bins)->heap;
    uint32_t place = segment_v4_place(block);
    send_places_home(heap, &place, 1);
}

void bins_free(struct hak_page *unit, void *pointer) {
    struct hak_page *page = segment_v4_first(unit);
    struct hak_block *block = pointer;
    unsigned index = page->class_index;
    if ((((uintptr_t)pointer - segment_v4_range.base) * inverses[index]) >> 32 >= BINS_ONE)
        misuse(page, pointer, true);
    struct bins *bins = bins_tls;
    struct bin *bin = &bins->bin[index];
    if (HAK_LIKELY(bin->inverse != 0)) {
        if (bin->head == block) misuse(page, pointer, false);
        set_aside(bins, page);
        bin->mixed = true; /* the count has started again */
        block->next = bin->head;
        bin->head = block; /* stays, so that a second free of it is still detected */
        return;
    }
    if (HAK_LIKELY(bins->held && index < BINS_HELD && heap_of(bins)->frugal)) {
        if (HAK_UNLIKELY(!held_add(&bins->held[index], &heap_of(bins)->heap, block)))
            misuse(page, pointer, false);
        return;
    }
    go_home(page, block);
}

/* Cold operations. */

static void thread_exit(void) {
    struct bins *bins = bins_tls;
    if (bins == &bins_none) return;
    struct bins_heap *heap = heap_of(bins);
    if (bins->held) held_all_go_home(bins->held, BINS_HELD, &heap->heap);
    size_t kept = atomic_load_explicit(&kept_bytes, memory_order_relaxed);
    heap->kept = go_home_except(bins, heap->frugal || kept > KEPT_BYTES ? 0 : (KEPT_BYTES - kept) / 2);
    bins_tls = &bins_none;
    if (!heap->kept) {
        page_heap_release(&heap->heap);
        return;
    }
    atomic_fetch_add_explicit(&kept_bytes, heap->kept, memory_order_relaxed);
    page_heap_release_warm(&heap->heap);
}

void bins_trim(void) {
    for (struct bins_heap *heap; (heap = take_warm()) != NULL;) {
        go_home_except(&heap->bins, 0);
        page_heap_release(&heap->heap);
    }
}

static void count_lists(const struct bins *bins, struct box_counts counts[HAK_CLASSES]) {
    for (unsigned index = 1; index < BINS; index++) {
        struct box_counts *to = &counts[box_class_id(&bins_box, index)];
        if (bins->held && index < BINS_HELD) to->frees += bins->held[index].count;
        for (const struct hak_block *block = bins->bin[index].head; block; block = block->next)
            to->frees++;
        for (unsigned i = 0; i < bins->bin[index].aside_count; i++)
            for (const struct hak_block *block = bins->aside[index][i]; block; block = block->next)
                to->frees++;
    }
}

static void count_if_idle(struct page_heap *heap, void *counts) {
    if (atomic_load_explicit(&heap->idle, memory_order_relaxed))
        count_lists(&((struct bins_heap *)heap)->bins, counts);
}

/* Without statistics only the transfers between pages and bins are counted: blocks in bins count as in use,
 * except in the calling thread's and those of ended threads, which can be walked. */
static void count(const struct box *box, struct box_counts counts[HAK_CLASSES]) {
    page_heaps_count(box, counts);
    page_heaps_for_each(box->heaps, count_if_idle, counts);
    count_lists(bins_tls, counts);
}

static size_t usable(struct hak_page *unit, void *pointer) {
    (void)pointer;
    return segment_v4_first(unit)->stride;
}

static uint8_t class_ids[BINS];

static void start(const struct hak_configuration *configuration) {
    counted = configuration->values[HAK_OPT_STATS] || configuration->values[HAK_OPT_STATS_SAMPLE];
    for (unsigned index = 1; index < BINS; index++) {
        class_ids[index] = (uint8_t)hak_size_class(bin_size(index));
        inverses[index] = UINT64_MAX / bin_size(index) + 1;
        inverses[index] += inverses[index] * bin_size(index) == 0; /* the excess of a power of two: not 0 */
        least_quanta[index] = at_least(LEAST_BYTES, LEAST_BLOCKS, index);
    }
}

static struct page_heaps heaps = {
    .heap_size = sizeof(struct bins_heap), .classes = BINS, .no_spares = true, .parcels = true};
const struct box bins_box = {
    .name = "bins",
    .meaning = "Thread-local lists of free blocks, one per size. Malloc and free look at no page.",
    .classes = HAK_ALL_CLASSES & ~HAK_CLASS_BIT(HAK_LARGE) & ~HAK_CLASS_BIT(HAK_C0), /* C0 counts as C1 */
    .pages = BOX_PAGES_SEGMENT,
    .class_ids = class_ids,
    .start = start,
    .thread_exit = thread_exit,
    .count = count,
    .usable = usable,
    .get_page = get_page,
    .put_page = put_page,
    .heaps = &heaps,
};
