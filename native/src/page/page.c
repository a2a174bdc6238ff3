#include "page/page.h"
#include "base/box.h"
#include "base/misuse.h"
#include "base/size_class.h"
#include "base/tally.h"
#include "os/os_lock.h"
#include "os/os_meta.h"

/* Blocks are carved in steps, so that a page whose blocks are never asked for stays untouched memory. */
#define CARVE_BYTES 4096u

/* Empty pages that a heap keeps per class, so that a working set that breathes does not go to the shared
 * lists each time. */
#define MAX_SPARES 2u

struct hak_page hak_page_none;

/* The list of a class starts at `current`; a page that comes (back) goes behind it, so that the current page
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

static void release_page(struct page_class *cls, struct hak_page *page, const struct page_source *source) {
    if (page->flags & PAGE_SPARE) cls->spares--;
    list_remove(cls, page);
    page->flags = 0;
    source->put(page);
}

void page_heap_settle(struct page_heap *heap, struct hak_page *page, const struct page_source *source) {
    struct page_class *cls = &heap->classes[page->class_index];
    if (page->flags & PAGE_FULL) {
        page->flags &= (uint8_t)~PAGE_FULL;
        list_add(cls, page);
    }
    if (page->used != 0) return;
    if (atomic_load_explicit(&heap->idle, memory_order_relaxed)) {
        release_page(cls, page, source);
        return;
    }
    if (page == cls->current || (page->flags & PAGE_SPARE)) return;
    if (cls->spares < MAX_SPARES) {
        page->flags |= PAGE_SPARE;
        cls->spares++;
    } else {
        release_page(cls, page, source);
    }
}

static void collect_remote(struct page_heap *heap, const struct page_source *source) {
    struct hak_page *page = atomic_exchange_explicit(&heap->pending, NULL, memory_order_acquire);
    while (page) {
        /* Read before `remote` is emptied: from then on the next pusher may queue the page again. */
        struct hak_page *next = page->pending_next;
        struct hak_block *first = atomic_exchange_explicit(&page->remote, NULL, memory_order_acq_rel);
        struct hak_block *last = first;
        uint32_t count = 1;
        for (; last->next; last = last->next)
            count++;
        last->next = page->free;
        page->free = first;
        page->used -= count;
        page_heap_settle(heap, page, source);
        page = next;
    }
}

/* What the owner would do with its queue, if it had a thread. */
static void collect_for_idle(struct page_heap *heap) {
    hak_lock(HAK_LOCK_HEAPS);
    if (atomic_load_explicit(&heap->idle, memory_order_relaxed)) collect_remote(heap, heap->source);
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
    if (head) return; /* the page is queued already, or about to be */

    struct hak_page *first = atomic_load_explicit(&owner->pending, memory_order_relaxed);
    do {
        page->pending_next = first;
    } while (!atomic_compare_exchange_weak_explicit(&owner->pending, &first, page, memory_order_seq_cst,
                                                    memory_order_relaxed));
    /* Sequentially consistent on both sides: either this thread sees that the heap is idle, or the one that
     * makes it idle sees the page in the queue. */
    if (HAK_UNLIKELY(atomic_load_explicit(&owner->idle, memory_order_seq_cst))) collect_for_idle(owner);
}

_Noreturn void page_misuse(const struct hak_page *page, const void *pointer) {
    bool pool = page->box == HAK_BOX_POOL_V1 || page->box == HAK_BOX_POOL_V2;
    /* A block of pool v1 is known by its header, and got here. */
    bool inside = page->box != HAK_BOX_POOL_V1 && page_pointer_is_inside(page, pointer);
    hak_misuse(inside ? "invalid pointer inside a block" : "double free", pointer,
               pool ? hak_pool_class_id[page->class_index] : page->class_index,
               hak_box_name((enum hak_box)page->box));
}

static void carve(struct hak_page *page) {
    uint32_t count = CARVE_BYTES / page->stride;
    uint32_t left = page->capacity - page->carved;
    if (count == 0) count = 1;
    if (count > left) count = left;
    char *at = page->start + (size_t)page->carved * page->stride;
    page->carved += count;
    /* In address order, so that fresh memory is used upwards. */
    struct hak_block *first = (struct hak_block *)at;
    for (uint32_t i = 1; i < count; i++, at += page->stride)
        ((struct hak_block *)at)->next = (struct hak_block *)(at + page->stride);
    ((struct hak_block *)at)->next = page->free;
    page->free = first;
}

struct hak_block *page_heap_alloc_slow(struct page_heap *heap, unsigned class_index,
                                       const struct page_source *source) {
    struct page_class *cls = &heap->classes[class_index];
    if (atomic_load_explicit(&heap->pending, memory_order_relaxed)) collect_remote(heap, source);

    for (;;) {
        struct hak_page *page = cls->current;
        if (page == &hak_page_none) {
            page = source->get(class_index);
            if (!page) return NULL;
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

struct page_heap *page_heap_acquire(struct page_heap_registry *registry) {
    hak_tallies_acquire();
    hak_lock(HAK_LOCK_HEAPS);
    struct page_heap *heap = registry->idle;
    if (heap) {
        registry->idle = heap->next_idle;
        atomic_store_explicit(&heap->idle, false, memory_order_relaxed);
    } else if ((heap = os_meta_alloc(registry->heap_size)) != NULL) {
        for (unsigned i = 0; i < PAGE_HEAP_CLASSES; i++)
            heap->classes[i].current = &hak_page_none;
        heap->next_all = registry->all;
        registry->all = heap;
    }
    hak_unlock(HAK_LOCK_HEAPS);
    return heap;
}

void page_heap_release(struct page_heap_registry *registry, struct page_heap *heap,
                       const struct page_source *source) {
    if (atomic_load_explicit(&heap->pending, memory_order_relaxed)) collect_remote(heap, source);
    for (unsigned i = 0; i < PAGE_HEAP_CLASSES; i++) {
        struct page_class *cls = &heap->classes[i];
        struct hak_page *page = cls->current == &hak_page_none ? NULL : cls->current;
        while (page) {
            struct hak_page *next = page->next;
            if (page->used == 0) release_page(cls, page, source);
            page = next;
        }
    }
    hak_lock(HAK_LOCK_HEAPS);
    heap->source = source;
    atomic_store_explicit(&heap->idle, true, memory_order_seq_cst);
    if (atomic_load_explicit(&heap->pending, memory_order_seq_cst)) collect_remote(heap, source);
    heap->next_idle = registry->idle;
    registry->idle = heap;
    hak_unlock(HAK_LOCK_HEAPS);
}

void page_heap_for_each(struct page_heap_registry *registry, void (*fn)(struct page_heap *, void *),
                        void *data) {
    hak_lock(HAK_LOCK_HEAPS);
    for (struct page_heap *heap = registry->all; heap; heap = heap->next_all)
        fn(heap, data);
    hak_unlock(HAK_LOCK_HEAPS);
}
