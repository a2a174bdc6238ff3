/* Pages: runs of equal blocks that belong to one thread heap. Every box with pages is built on this engine.
 *
 * Only the heap that owns a page allocates from it and frees into its `free` list, without atomics. Other
 * threads push onto `remote`. The thread that makes `remote` non-empty also queues the page at its owner
 * (`pending`), and the owner takes remote blocks only from queued pages. So no other thread touches a page
 * after its last block has returned, and the page can be given back then.
 *
 * A heap is not freed when its thread ends: it becomes idle, and the next new thread takes it over with all
 * its pages. So the owner of a page with live blocks never changes. While a heap is idle, the thread that
 * queues a page at it does the owner's work under HAK_LOCK_HEAPS, so that the memory does not wait for a
 * thread that may never start. */
#ifndef HAK_PAGE_PAGE_H
#define HAK_PAGE_PAGE_H

#include "page/box.h"

struct hak_block {
    struct hak_block *next;
};

/* How blocks travel to another thread's page in a box with `parcels`: the numbers of blocks of one page,
 * written into one of them, which is the first. The owner then finds the others without waiting for each, as
 * it would along a list: their memory may still be in the cache of another processor. Blocks are counted from
 * the page's first one. */
struct page_parcel {
    struct page_parcel *next;
    uint16_t count;
    uint16_t numbers[];
};
enum { PAGE_PARCEL_BLOCKS = 4096 }; /* at most in a page of such a box */

enum {
    PAGE_FULL = 1,  /* not in its heap's list, because it has no free block */
    PAGE_SPARE = 2, /* empty and kept in the list for later */
};

struct hak_page {
    struct hak_block *free;
    uint32_t used;       /* blocks that have been carved and are not in `free` */
    uint32_t carved;     /* blocks that have been put into `free` at least once */
    uint32_t capacity;   /* blocks that fit */
    uint32_t stride;     /* bytes from block to block */
    uint8_t class_index; /* in the owner's array of classes */
    uint8_t box;         /* number of the box (enum hak_box) that frees blocks of this page; 0: none */
    uint8_t flags;
    uint8_t first_slab; /* superslab pages: position of the page in its superslab */
    uint32_t slabs;     /* 64 KiB units that the page covers */
    struct page_heap *owner;
    struct hak_page *next, *prev;
    char *start;
    /* Written by any thread: a cache line of its own. */
    _Alignas(HAK_CACHE_LINE) _Atomic(struct hak_block *) remote;
    struct hak_page *pending_next;
};
_Static_assert(sizeof(struct hak_page) == 2 * HAK_CACHE_LINE, "one line for the owner, one for the others");

/* Class indices of a heap. The bins have one for each of their sizes, the encoded box one for each class, all
 * other boxes at most 13. */
enum { PAGE_HEAP_CLASSES = 13, PAGE_HEAP_MOST_CLASSES = 73 };

struct page_class {
    struct hak_page *current; /* head of the list of pages with free blocks; never NULL */
    uint32_t spares;
    uint32_t pages; /* all, those without free blocks too */
    hak_counter alloc_fast, alloc_slow, free_local, free_remote;
} __attribute__((aligned(HAK_CACHE_LINE)));

struct page_heap {
    _Alignas(HAK_CACHE_LINE) _Atomic(struct hak_page *) pending;
    _Atomic bool idle; /* without a thread; changes under HAK_LOCK_HEAPS */
    _Alignas(HAK_CACHE_LINE) struct page_heap *next_idle;
    struct page_heap *next_all;
    const struct box *box;
    /* By class index; last, so that a heap of nothing else has memory for the classes of its box only. */
    struct page_class classes[PAGE_HEAP_MOST_CLASSES];
};

/* Bytes of a heap with PAGE_HEAP_CLASSES classes and nothing behind them. */
#define PAGE_HEAP_SIZE (offsetof(struct page_heap, classes) + PAGE_HEAP_CLASSES * sizeof(struct page_class))

/* The heaps of one box: all, and those without a thread. Guarded by HAK_LOCK_HEAPS. */
struct page_heaps {
    size_t heap_size; /* bytes of the box's heap, whose first member is the page_heap */
    unsigned classes; /* class indices in use; 0 stands for PAGE_HEAP_CLASSES */
    bool no_spares;   /* a class keeps no empty page beside its current one, because the box keeps free blocks
                         itself */
    bool encoded;     /* the links between free blocks are encoded (page/link.h) */
    bool parcels;     /* blocks travel in parcels; they have at least 16 bytes */
    uint8_t number;   /* the box's row in the table of boxes; set before the first page exists */
    struct page_heap *idle;
    struct page_heap
        *warm; /* idle too, but the box has left free blocks outside their pages for the next thread */
    struct page_heap *all;
    struct page_heap *late; /* of threads that are ending; guarded by HAK_LOCK_LATE */
    _Atomic uint64_t orphan_frees[PAGE_HEAP_MOST_CLASSES]; /* by threads without a heap of the box */
};

static inline unsigned page_heap_classes(const struct page_heaps *heaps) {
    return heaps->classes ? heaps->classes : PAGE_HEAP_CLASSES;
}

/* What `current` points to when a class has no page: it has no free block and nothing to carve. Never
 * written. */
extern struct hak_page hak_page_none;

/* Returns an idle heap of the box or a new one; NULL without memory. */
struct page_heap *page_heap_acquire(const struct box *box);
/* Returns the heap that became warm last; NULL if there is none. */
struct page_heap *page_heap_acquire_warm(const struct box *box);

/* Collects the blocks that other threads have freed, gives back empty pages and makes the heap idle. */
void page_heap_release(struct page_heap *heap);
/* The same, and makes it warm. */
void page_heap_release_warm(struct page_heap *heap);

/* Counts a free into the page by a thread without a heap of its box. */
static inline void page_count_orphan(const struct hak_page *page) {
    atomic_fetch_add_explicit(&page->owner->box->heaps->orphan_frees[page->class_index], 1,
                              memory_order_relaxed);
}

/* Calls fn for each heap of a box, newest first, under HAK_LOCK_HEAPS. */
void page_heaps_for_each(struct page_heaps *heaps, void (*fn)(struct page_heap *, void *), void *data);

/* The `count` operation of a box that counts everything in its page_class. */
void page_heaps_count(const struct box *box, struct box_counts counts[HAK_CLASSES]);

/* The `usable` operation of a box without block headers. */
size_t page_usable(struct hak_page *page, void *pointer);

/* Allocates when the current page has no free block. NULL without memory. */
struct hak_block *page_heap_alloc_slow(struct page_heap *heap, unsigned class_index);

/* Call after the owner has freed a block into a page that was full or has become empty. */
void page_settle(struct hak_page *page);

/* Returns a block to the owner of its page. Any thread; lock-free while the owner has a thread. */
void page_remote_free(struct hak_page *page, struct hak_block *block);
/* The same for parcels of one page, from `first` to `last`. */
void page_remote_free_parcels(struct hak_page *page, struct page_parcel *first, struct page_parcel *last);

/* The numbers that fit into a parcel. */
static inline uint32_t page_parcel_room(const struct hak_page *page) {
    return (uint32_t)((page->stride - offsetof(struct page_parcel, numbers)) / sizeof(uint16_t));
}
static inline uint16_t page_block_number(const struct hak_page *page, const void *block) {
    return (uint16_t)((uint32_t)((uintptr_t)block - (uintptr_t)page->start) / page->stride);
}
/* Makes a parcel of a block. */
static inline struct page_parcel *page_parcel_of(const struct hak_page *page, struct hak_block *block,
                                                 struct page_parcel *next) {
    struct page_parcel *parcel = (struct page_parcel *)block;
    parcel->next = next;
    parcel->count = 1;
    parcel->numbers[0] = page_block_number(page, block);
    return parcel;
}

/* HAKMEM_RANDOM_PLACEMENT: the blocks of new memory are used in random order. Set before the first block
 * exists. */
extern bool page_random_placement;

/* The fast path of a box without encoded links. NULL when the current page has no free block. */
static inline struct hak_block *page_heap_pop(struct page_heap *heap, unsigned class_index) {
    struct hak_page *page = heap->classes[class_index].current;
    struct hak_block *block = page->free;
    if (HAK_UNLIKELY(!block)) return NULL;
    page->free = block->next;
    page->used++;
    return block;
}

static inline void page_push(struct hak_page *page, struct hak_block *block) {
    block->next = page->free;
    page->free = block;
}

/* True for most pointers into the middle of a block without header: blocks are aligned to the largest power
 * of two that divides their stride. Exact when the stride is itself a power of two. */
static inline bool page_pointer_is_inside(const struct hak_page *page, const void *pointer) {
    return ((uintptr_t)pointer & (page->stride - 1) & ~page->stride) != 0;
}

/* The misuse that a local free can detect with two compares: the block is the one that was freed last, or the
 * pointer points into the middle of a block. */
static inline bool page_free_is_wrong(const struct hak_page *page, const struct hak_block *block) {
    return (page->free == block) | page_pointer_is_inside(page, block);
}

/* Reports what is wrong with freeing `pointer` into `page`, and aborts. */
_Noreturn void page_misuse(const struct hak_page *page, const void *pointer);

/* Counts one block less in use. True when the page has to be settled. */
static inline bool page_used_dec(struct hak_page *page) {
    return (--page->used == 0) | (page->flags & PAGE_FULL);
}

#endif
