/* Small-object box v4: per-thread heaps of segment pages for every size up to 1024 bytes, M768 included. No
 * header, and no lookup on free: arithmetic gives the page of a pointer, and one comparison of the page's
 * owner tells that it belongs to this box and to this thread. */
#ifndef HAK_HEAPS_SMALL_V4_H
#define HAK_HEAPS_SMALL_V4_H

#include "page/thread_heap.h"
#include "segment/segment_v4.h"

_Static_assert((int)HAK_M768 < (int)PAGE_HEAP_CLASSES, "a page_class for C0..C7 and M768");

extern const struct box small_v4_box;
extern HAK_TLS struct page_heap *small_v4_tls;

void *small_v4_alloc_slow(unsigned class_id);

/* Pops a block of C0..C7 or M768; NULL when the current page has none. */
static HAK_ALWAYS_INLINE void *small_v4_pop(unsigned class_id) {
    struct page_heap *heap = small_v4_tls;
    struct hak_block *block = page_heap_pop(heap, class_id);
    if (HAK_LIKELY(block != NULL)) HAK_COUNT(heap->classes[class_id].alloc_fast);
    return block;
}

/* Allocates a block of C0..C7 or M768; NULL without memory. */
static HAK_ALWAYS_INLINE void *small_v4_alloc(unsigned class_id) {
    void *block = small_v4_pop(class_id);
    return HAK_LIKELY(block != NULL) ? block : small_v4_alloc_slow(class_id);
}

/* True when the page belongs to this thread and this box: a heap owns pages of one box only. */
static inline bool small_v4_is_own(const struct hak_page *page) {
    return page->owner == small_v4_tls;
}

/* Frees a block of one of the thread's own pages. A full page has an empty free list, which is read anyway
 * and so tells whether the page may have to be settled. */
static HAK_ALWAYS_INLINE void small_v4_free_own(struct hak_page *page, void *pointer) {
    struct hak_block *block = pointer, *next = page->free;
    if (HAK_UNLIKELY(page_free_is_wrong(page, block))) page_misuse(page, pointer);
    block->next = next;
    page->free = block;
    HAK_COUNT(page->owner->classes[page->class_index].free_local);
    if (HAK_UNLIKELY((--page->used == 0) | (next == NULL))) page_settle(page);
}

/* Frees a block. Any thread. */
static inline void small_v4_free(struct hak_page *page, void *pointer) {
    if (small_v4_is_own(page))
        small_v4_free_own(page, pointer);
    else
        thread_heap_free_remote(small_v4_tls, page, pointer);
}

#endif
