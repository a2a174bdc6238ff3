#include "page/page.h"
#include "base/misuse.h"
#include "base/tally.h"
#include "os/os_lock.h"
#include "os/os_meta.h"

/* Blocks are carved in steps, so that the memory of blocks that are never needed stays untouched. */
#define CARVE_BYTES 4096u

/* Empty pages that a heap keeps per class, so that a working set that grows and shrinks does not use the
 * shared lists each time. */
#define MAX_SPARES 2u

struct hak_page hak_page_none;

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
    if (cls->spares < MAX_SPARES) {
        page->flags |= PAGE_SPARE;
        cls->spares++;
    } else {
        release_page(cls, page);
    }
}

static void collect_remote(struct page_heap *heap) {
    struct hak_page *page = atomic_exchange_explicit(&heap->pending, NULL, memory_order_acquire);
    while (page) {
        /* Read this before emptying `remote`: from then on another thread may queue the page again. */
        struct hak_page *next = page->pending_next;
        struct hak_block *first = atomic_exchange_explicit(&page->remote, NULL, memory_order_acq_rel);
        struct hak_block *last = first;
        uint32_t count = 1;
        for (; last->next; last = last->next)
            count++;
        last->next = page->free;
        page->free = first;
        page->used -= count;
        page_settle(page);
        page = next;
    }
}

/* Does what the owner would do with its queue if it had a thread. */
static void collect_for_idle(struct page_heap *heap) {
    hak_lock(HAK_LOCK_HEAPS);
    if (atomic_load_explicit(&heap->idle, memory_order_relaxed)) collect_remote(heap);
    hak_unlock(HAK_LOCK_HEAPS);
}

void page_remote_free(struct hak_page *page, struct hak_block *block) {
    struct page_heap *owner = page->owner;
    struct hak_block *head = atomic_load_explicit(&page->remote, memory_order_relaxed);
    do {
        if (HAK_UNLIKELY(head == block)) page_misuse(page, block);
        block->next = head;
    } while (!atomic_compare_exchange_weak_explicit(&page->remote, &head, block, memory_order_acq_rel,
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

_Noreturn void page_misuse(const struct hak_page *page, const void *pointer) {
    const struct box *box = page->owner->box;
    hak_misuse(page_pointer_is_inside(page, pointer) ? "invalid pointer inside a block" : "double free",
               (const char *)pointer + box->header, box_class_id(box, page->class_index), box->name);
}

static void carve(struct hak_page *page) {
    uint32_t count = CARVE_BYTES / page->stride;
    uint32_t left = page->capacity - page->carved;
    if (count == 0) count = 1;
    if (count > left) count = left;
    char *at = page->start + (size_t)page->carved * page->stride;
    page->carved += count;
    /* In address order, so that fresh memory is used from low to high. */
    struct hak_block *first = (struct hak_block *)at;
    for (uint32_t i = 1; i < count; i++, at += page->stride)
        ((struct hak_block *)at)->next = (struct hak_block *)(at + page->stride);
    ((struct hak_block *)at)->next = page->free;
    page->free = first;
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
            list_add(cls, page);
        }
        if (page->flags & PAGE_SPARE) {
            page->flags &= (uint8_t)~PAGE_SPARE;
            cls->spares--;
        }
        if (!page->free && page->carved < page->capacity) carve(page);
        if (page->free) return page_heap_pop(heap, class_index);
        list_remove(cls, page);
        page->flags |= PAGE_FULL;
    }
}

struct page_heap *page_heap_acquire(const struct box *box) {
    struct page_heaps *heaps = box->heaps;
    hak_tallies_acquire();
    hak_lock(HAK_LOCK_HEAPS);
    struct page_heap *heap = heaps->idle;
    if (heap) {
        heaps->idle = heap->next_idle;
        atomic_store_explicit(&heap->idle, false, memory_order_relaxed);
    } else if ((heap = os_meta_alloc(heaps->heap_size)) != NULL) {
        heap->box = box;
        for (unsigned i = 0; i < PAGE_HEAP_CLASSES; i++)
            heap->classes[i].current = &hak_page_none;
        heap->next_all = heaps->all;
        heaps->all = heap;
    }
    hak_unlock(HAK_LOCK_HEAPS);
    return heap;
}

void page_heap_release(struct page_heap *heap) {
    if (atomic_load_explicit(&heap->pending, memory_order_relaxed)) collect_remote(heap);
    for (unsigned i = 0; i < PAGE_HEAP_CLASSES; i++) {
        struct page_class *cls = &heap->classes[i];
        struct hak_page *page = cls->current == &hak_page_none ? NULL : cls->current;
        while (page) {
            struct hak_page *next = page->next;
            if (page->used == 0) release_page(cls, page);
            page = next;
        }
    }
    struct page_heaps *heaps = heap->box->heaps;
    hak_lock(HAK_LOCK_HEAPS);
    atomic_store_explicit(&heap->idle, true, memory_order_seq_cst);
    if (atomic_load_explicit(&heap->pending, memory_order_seq_cst)) collect_remote(heap);
    heap->next_idle = heaps->idle;
    heaps->idle = heap;
    hak_unlock(HAK_LOCK_HEAPS);
}

void page_heaps_for_each(struct page_heaps *heaps, void (*fn)(struct page_heap *, void *), void *data) {
    hak_lock(HAK_LOCK_HEAPS);
    for (struct page_heap *heap = heaps->all; heap; heap = heap->next_all)
        fn(heap, data);
    hak_unlock(HAK_LOCK_HEAPS);
}

static void add_heap(struct page_heap *heap, void *data) {
    struct box_counts *counts = data;
    for (unsigned i = 0; i < PAGE_HEAP_CLASSES; i++) {
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
    for (unsigned i = 0; i < PAGE_HEAP_CLASSES; i++) {
        uint64_t orphans = atomic_load_explicit(&box->heaps->orphan_frees[i], memory_order_relaxed);
        counts[box_class_id(box, i)].frees += orphans;
        counts[box_class_id(box, i)].remote += orphans;
    }
}

size_t page_usable(struct hak_page *page, void *pointer) {
    (void)pointer;
    return page->stride;
}
