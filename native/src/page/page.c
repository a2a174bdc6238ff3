#include "page/link.h"
#include "base/misuse.h"
#include "base/tally.h"
#include "os/os_lock.h"
#include "os/os_meta.h"
#include "os/os_random.h"
#include "os/os_thread.h"

#include <string.h>

/* Blocks are carved in steps, so that the memory of blocks that are never needed stays untouched: those that
 * start in the same CARVE_BYTES, which are a page of the system's or the least that one can have. */
#define CARVE_BYTES 4096u

/* In random order at least so many at a time, or there would be no choice. */
#define CARVE_RANDOM 32u
#define CARVE_MOST (CARVE_BYTES / sizeof(struct hak_block))

/* Empty pages that a heap keeps per class, so that a working set that grows and shrinks does not use the
 * shared lists each time. */
#define MAX_SPARES 2u

struct hak_page hak_page_none;
bool page_random_placement;

static bool is_encoded(const struct hak_page *page) {
    return page->owner->box->heaps->encoded;
}

static HAK_ALWAYS_INLINE void link_to(struct hak_block *block, struct hak_block *next, bool encoded) {
    if (encoded)
        page_link_set(block, next);
    else
        block->next = next;
}

/* The list of a class starts at `current`. New and returning pages go behind it, so that the current page
 * changes only when it is used up. */
static void list_add(struct page_class *cls, struct hak_page *page) {
    struct hak_page *first = cls->current;
    if (first == &hak_page_none) {
        page->next = page->prev = NULL;
        cls->current = page;
        return;
    }
    page->prev = first;
    page->next = first->next;
    if (first->next) first->next->prev = page;
    first->next = page;
}

static void list_remove(struct page_class *cls, struct hak_page *page) {
    if (page->next) page->next->prev = page->prev;
    if (page->prev)
        page->prev->next = page->next;
    else
        cls->current = page->next ? page->next : &hak_page_none;
    page->next = page->prev = NULL;
}

static void release_page(struct page_class *cls, struct hak_page *page) {
    if (page->flags & PAGE_SPARE) cls->spares--;
    list_remove(cls, page);
    page->flags = 0;
    cls->pages--;
    page->owner->box->put_page(page);
}

void page_settle(struct hak_page *page) {
    struct page_heap *heap = page->owner;
    struct page_class *cls = &heap->classes[page->class_index];
    if (page->flags & PAGE_FULL) {
        page->flags &= (uint8_t)~PAGE_FULL;
        list_add(cls, page);
    }
    if (page->used != 0) return;
    if (atomic_load_explicit(&heap->idle, memory_order_relaxed)) {
        release_page(cls, page);
        return;
    }
    if (page == cls->current || (page->flags & PAGE_SPARE)) return;
    if (cls->spares < MAX_SPARES && !heap->box->heaps->no_spares) {
        page->flags |= PAGE_SPARE;
        cls->spares++;
    } else {
        release_page(cls, page);
    }
}

/* The last block of a remote list, and the number of its blocks. A block that has been freed twice makes the
 * list a circle. */
static HAK_ALWAYS_INLINE struct hak_block *last_of(const struct hak_page *page, struct hak_block *list,
                                                   bool encoded, uint32_t *blocks) {
    uint32_t count = 1, most = page->used;
    for (struct hak_block *next; (next = encoded ? page_link_get(page, list) : list->next); list = next)
        if (HAK_UNLIKELY(count++ == most)) page_remote_twice(page, list);
    *blocks = count;
    return list;
}

/* True if what lies there was made by page_parcel_of. A block that is freed again or written to while it
 * travels may no longer be a parcel. */
static bool is_parcel(const struct hak_page *page, const struct page_parcel *parcel) {
    uintptr_t offset = (uintptr_t)parcel - (uintptr_t)page->start;
    if (offset >= (uintptr_t)page->carved * page->stride || offset % sizeof *parcel) return false;
    return parcel->count - 1u < page_parcel_room(page) &&
           offset == (uintptr_t)parcel->numbers[0] * page->stride;
}

/* Puts the blocks of parcels into the page's list. */
static void unpack(struct hak_page *page, struct page_parcel *parcel) {
    uint64_t seen[PAGE_PARCEL_BLOCKS / 64];
    struct hak_block *free = page->free;
    uint32_t blocks = 0, carved = page->carved;
    memset(seen, 0, (carved + 63) / 64 * sizeof *seen);
    for (struct page_parcel *next; parcel; parcel = next) {
        if (HAK_UNLIKELY(!is_parcel(page, parcel))) page_link_broken(page, (struct hak_block *)parcel);
        next = parcel->next;
        __builtin_prefetch(next);
        uint32_t count = parcel->count;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t number = parcel->numbers[i];
            struct hak_block *block = (struct hak_block *)(page->start + (size_t)number * page->stride);
            if (HAK_UNLIKELY(number >= carved)) page_link_broken(page, (struct hak_block *)parcel);
            if (HAK_UNLIKELY(seen[number / 64] >> number % 64 & 1)) page_remote_twice(page, block);
            seen[number / 64] |= UINT64_C(1) << number % 64;
            block->next = free; /* in front of the numbers */
            free = block;
        }
        blocks += count;
    }
    if (HAK_UNLIKELY(blocks > page->used)) page_remote_twice(page, free);
    page->free = free;
    page->used -= blocks;
}

/* The same for a list of single blocks. */
static void take_list(struct hak_page *page, struct hak_block *first, bool encoded) {
    uint32_t count;
    struct hak_block *last =
        encoded ? last_of(page, first, true, &count) : last_of(page, first, false, &count);
    link_to(last, page->free, encoded);
    page->free = first;
    page->used -= count;
}

/* Several pages at a time, so that it waits for what they have got together. */
static void collect_remote(struct page_heap *heap) {
    enum { TOGETHER = 8 };
    struct {
        struct hak_page *page;
        struct hak_block *first;
    } got[TOGETHER];
    struct hak_page *page = atomic_exchange_explicit(&heap->pending, NULL, memory_order_acquire);
    const struct page_heaps *heaps = heap->box->heaps;
    while (page) {
        unsigned pages = 0;
        for (; page && pages < TOGETHER; pages++) {
            got[pages].page = page;
            /* Read this before emptying `remote`: from then on another thread may queue the page again. */
            page = page->pending_next;
            got[pages].first = atomic_exchange_explicit(&got[pages].page->remote, NULL, memory_order_acq_rel);
            __builtin_prefetch(got[pages].first);
        }
        for (unsigned i = 0; i < pages; i++) {
            if (heaps->parcels)
                unpack(got[i].page, (struct page_parcel *)got[i].first);
            else
                take_list(got[i].page, got[i].first, heaps->encoded);
            page_settle(got[i].page);
        }
    }
}

/* Does what the owner would do with its queue if it had a thread. */
static void collect_for_idle(struct page_heap *heap) {
    hak_lock(HAK_LOCK_HEAPS);
    if (atomic_load_explicit(&heap->idle, memory_order_relaxed)) collect_remote(heap);
    hak_unlock(HAK_LOCK_HEAPS);
}

static void push_remote(struct hak_page *page, struct hak_block *first_block, struct hak_block *last) {
    struct page_heap *owner = page->owner;
    bool encoded = is_encoded(page);
    struct hak_block *head = atomic_load_explicit(&page->remote, memory_order_relaxed);
    do {
        if (HAK_UNLIKELY(head == last)) page_misuse(page, last);
        link_to(last, head, encoded);
    } while (!atomic_compare_exchange_weak_explicit(&page->remote, &head, first_block, memory_order_acq_rel,
                                                    memory_order_relaxed));
    if (head) return; /* the page is already queued, or about to be */

    struct hak_page *first = atomic_load_explicit(&owner->pending, memory_order_relaxed);
    do {
        page->pending_next = first;
    } while (!atomic_compare_exchange_weak_explicit(&owner->pending, &first, page, memory_order_seq_cst,
                                                    memory_order_relaxed));
    /* Sequentially consistent on both sides: either this thread sees that the heap is idle, or the thread
     * that makes it idle sees the page in the queue. */
    if (HAK_UNLIKELY(atomic_load_explicit(&owner->idle, memory_order_seq_cst))) collect_for_idle(owner);
}

void page_remote_free_parcels(struct hak_page *page, struct page_parcel *first, struct page_parcel *last) {
    push_remote(page, (struct hak_block *)first, (struct hak_block *)last);
}

void page_remote_free(struct hak_page *page, struct hak_block *block) {
    if (page->owner->box->heaps->parcels) page_parcel_of(page, block, NULL);
    push_remote(page, block, block);
}

_Noreturn void page_misuse(const struct hak_page *page, const void *pointer) {
    const struct box *box = page->owner->box;
    hak_misuse(page_pointer_is_inside(page, pointer) ? "invalid pointer inside a block" : "double free",
               (const char *)pointer + box->header, box_class_id(box, page->class_index), box->name);
}

/* Puts `count` blocks from `at` on into the page's empty list, in random order. */
static void carve_randomly(struct hak_page *page, char *at, uint32_t count) {
    bool encoded = is_encoded(page);
    uint16_t order[CARVE_MOST];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t other = os_random_below(i + 1);
        order[i] = order[other];
        order[other] = (uint16_t)i;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct hak_block *block = (struct hak_block *)(at + (size_t)order[i] * page->stride);
        link_to(block, page->free, encoded);
        page->free = block;
    }
}

/* In address order, so that fresh memory is used from low to high. Returns the first block. */
static HAK_ALWAYS_INLINE struct hak_block *carve_in_order(const struct hak_page *page, char *at,
                                                          uint32_t count, bool encoded) {
    struct hak_block *first = (struct hak_block *)at;
    for (uint32_t i = 1; i < count; i++, at += page->stride)
        link_to((struct hak_block *)at, (struct hak_block *)(at + page->stride), encoded);
    link_to((struct hak_block *)at, page->free, encoded);
    return first;
}

static void carve(struct hak_page *page) {
    bool encoded = is_encoded(page);
    char *at = page->start + (size_t)page->carved * page->stride;
    uint32_t room = CARVE_BYTES - (uint32_t)((uintptr_t)at % CARVE_BYTES);
    uint32_t count = (room - 1) / page->stride + 1;
    uint32_t left = page->capacity - page->carved;
    if (HAK_UNLIKELY(page_random_placement) && count < CARVE_RANDOM) count = CARVE_RANDOM;
    if (count > left) count = left;
    page->carved += count;
    if (HAK_UNLIKELY(page_random_placement)) {
        carve_randomly(page, at, count);
        return;
    }
    page->free = encoded ? carve_in_order(page, at, count, true) : carve_in_order(page, at, count, false);
}

static struct hak_block *pop(struct page_heap *heap, struct hak_page *page, unsigned class_index) {
    if (HAK_LIKELY(!is_encoded(page))) return page_heap_pop(heap, class_index);
    struct hak_block *block = page->free;
    page_link_pop(page, block);
    return block;
}

struct hak_block *page_heap_alloc_slow(struct page_heap *heap, unsigned class_index) {
    struct page_class *cls = &heap->classes[class_index];
    if (atomic_load_explicit(&heap->pending, memory_order_relaxed)) collect_remote(heap);

    for (;;) {
        struct hak_page *page = cls->current;
        if (page == &hak_page_none) {
            page = heap->box->get_page(class_index);
            if (!page) return NULL;
            page->box = heap->box->heaps->number;
            page->owner = heap;
            page->class_index = (uint8_t)class_index;
            page->flags = 0;
            page->used = 0;
            page->carved = 0;
            page->free = NULL;
            cls->pages++;
            list_add(cls, page);
        }
        if (page->flags & PAGE_SPARE) {
            page->flags &= (uint8_t)~PAGE_SPARE;
            cls->spares--;
        }
        if (!page->free && page->carved < page->capacity) carve(page);
        if (page->free) return pop(heap, page, class_index);
        list_remove(cls, page);
        page->flags |= PAGE_FULL;
    }
}

/* The caller holds HAK_LOCK_HEAPS. */
static struct page_heap *wake(struct page_heap **list) {
    struct page_heap *heap = *list;
    if (!heap) return NULL;
    *list = heap->next_idle;
    atomic_store_explicit(&heap->idle, false, memory_order_relaxed);
    return heap;
}

struct page_heap *page_heap_acquire_warm(const struct box *box) {
    if (!os_thread_is_over()) hak_tallies_acquire();
    hak_lock(HAK_LOCK_HEAPS);
    struct page_heap *heap = wake(&box->heaps->warm);
    hak_unlock(HAK_LOCK_HEAPS);
    return heap;
}

struct page_heap *page_heap_acquire(const struct box *box) {
    struct page_heaps *heaps = box->heaps;
    if (!os_thread_is_over()) hak_tallies_acquire(); /* who would give them back? */
    hak_lock(HAK_LOCK_HEAPS);
    struct page_heap *heap = wake(&heaps->idle);
    if (!heap && (heap = os_meta_alloc(heaps->heap_size)) != NULL) {
        heap->box = box;
        for (unsigned i = 0; i < page_heap_classes(heaps); i++)
            heap->classes[i].current = &hak_page_none;
        heap->next_all = heaps->all;
        heaps->all = heap;
    }
    hak_unlock(HAK_LOCK_HEAPS);
    return heap;
}

static void release(struct page_heap *heap, struct page_heap **list) {
    if (atomic_load_explicit(&heap->pending, memory_order_relaxed)) collect_remote(heap);
    for (unsigned i = 0; i < page_heap_classes(heap->box->heaps); i++) {
        struct page_class *cls = &heap->classes[i];
        struct hak_page *page = cls->current == &hak_page_none ? NULL : cls->current;
        while (page) {
            struct hak_page *next = page->next;
            if (page->used == 0) release_page(cls, page);
            page = next;
        }
    }
    hak_lock(HAK_LOCK_HEAPS);
    atomic_store_explicit(&heap->idle, true, memory_order_seq_cst);
    if (atomic_load_explicit(&heap->pending, memory_order_seq_cst)) collect_remote(heap);
    heap->next_idle = *list;
    *list = heap;
    hak_unlock(HAK_LOCK_HEAPS);
}

void page_heap_release(struct page_heap *heap) {
    release(heap, &heap->box->heaps->idle);
}

void page_heap_release_warm(struct page_heap *heap) {
    release(heap, &heap->box->heaps->warm);
}

void page_heaps_for_each(struct page_heaps *heaps, void (*fn)(struct page_heap *, void *), void *data) {
    hak_lock(HAK_LOCK_HEAPS);
    for (struct page_heap *heap = heaps->all; heap; heap = heap->next_all)
        fn(heap, data);
    hak_unlock(HAK_LOCK_HEAPS);
}

static void add_heap(struct page_heap *heap, void *data) {
    struct box_counts *counts = data;
    for (unsigned i = 0; i < page_heap_classes(heap->box->heaps); i++) {
        const struct page_class *cls = &heap->classes[i];
        struct box_counts *to = &counts[box_class_id(heap->box, i)];
        uint64_t remote = HAK_COUNTED(cls->free_remote);
        to->fast += HAK_COUNTED(cls->alloc_fast);
        to->slow += HAK_COUNTED(cls->alloc_slow);
        to->frees += HAK_COUNTED(cls->free_local) + remote;
        to->remote += remote;
    }
}

void page_heaps_count(const struct box *box, struct box_counts counts[HAK_CLASSES]) {
    page_heaps_for_each(box->heaps, add_heap, counts);
    for (unsigned i = 0; i < page_heap_classes(box->heaps); i++) {
        uint64_t orphans = atomic_load_explicit(&box->heaps->orphan_frees[i], memory_order_relaxed);
        counts[box_class_id(box, i)].frees += orphans;
        counts[box_class_id(box, i)].remote += orphans;
    }
}

size_t page_usable(struct hak_page *page, void *pointer) {
    (void)pointer;
    return page->stride;
}
