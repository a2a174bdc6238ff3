/* HotHeap v2: magazines of free blocks in front of superslab pages, one per thread and small class.
 * Allocating and freeing touch only the magazine, neither the block nor its page; blocks move between
 * magazine and pages half a magazine at a time. Blocks in a magazine count as in use for their pages, and may
 * belong to other threads' pages. */
#ifndef HAK_HEAPS_HOT_HEAP_V2_H
#define HAK_HEAPS_HOT_HEAP_V2_H

#include "page/page.h"

enum { HOT_MAGAZINE_BLOCKS = 128, HOT_MAGAZINE_BYTES = 32768 };

struct hot_magazine {
    uint32_t count;
    uint32_t limit; /* 0 in a thread without a heap, so that its first free takes the slow path */
    hak_counter alloc_fast, alloc_slow, frees, remote;
    struct hak_block *blocks[HOT_MAGAZINE_BLOCKS];
};

struct hot_heap {
    struct page_heap heap;
    struct hot_magazine magazines[HAK_TINY_CLASSES];
};

extern const struct box hot_heap_v2_box;
extern HAK_TLS struct hot_heap *hot_heap_tls;

void *hot_heap_alloc_slow(unsigned class_index);
void hot_heap_free_slow(struct hak_page *page, struct hak_block *block);

/* Allocates a block of a small class; NULL without memory. */
static inline void *hot_heap_alloc(unsigned class_index) {
    struct hot_magazine *magazine = &hot_heap_tls->magazines[class_index];
    if (HAK_UNLIKELY(magazine->count == 0)) return hot_heap_alloc_slow(class_index);
    HAK_COUNT(magazine->alloc_fast);
    return magazine->blocks[--magazine->count];
}

/* True for a pointer into the middle of a block, and for the block that was freed last. With an empty
 * magazine it may also be true for a valid pointer; the slow path tells them apart. */
static inline bool hot_heap_is_suspicious(const struct hot_magazine *magazine, const struct hak_page *page,
                                          const void *pointer) {
    return page_pointer_is_inside(page, pointer) |
           (magazine->blocks[(magazine->count - 1) & (HOT_MAGAZINE_BLOCKS - 1)] == pointer);
}

/* Frees a block; `page` is the page that it lies in. Any thread. */
static inline void hot_heap_free(struct hak_page *page, void *pointer) {
    struct hot_magazine *magazine = &hot_heap_tls->magazines[page->class_index];
    if (HAK_UNLIKELY((magazine->count == magazine->limit) |
                     hot_heap_is_suspicious(magazine, page, pointer))) {
        hot_heap_free_slow(page, pointer);
        return;
    }
    HAK_COUNT(magazine->frees);
    magazine->blocks[magazine->count++] = pointer;
}

#endif
