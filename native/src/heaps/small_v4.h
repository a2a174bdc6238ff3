/* Small-object box v4: per-thread heaps of segment pages for every size up to 1024 bytes, M768 included. No
 * header, and no lookup on free: the page comes from the pointer by arithmetic, and one comparison of its
 * owner says that the page is of this box, of this thread, and where to push the block. */
#ifndef HAK_HEAPS_SMALL_V4_H
#define HAK_HEAPS_SMALL_V4_H

#include "base/size_class.h"
#include "segment/segment_v4.h"

enum { SMALL_V4_CLASSES = HAK_M768 + 1 }; /* C0..C7 and M768, by class identifier */
_Static_assert((int)SMALL_V4_CLASSES <= (int)PAGE_HEAP_CLASSES, "one page_class for each");

/* The thread's heap; before its first allocation and after its end a heap in which nothing is ever free. */
extern HAK_TLS struct page_heap *small_v4_tls;
extern struct page_heap small_v4_none;
extern struct page_heap_registry small_v4_registry;

void small_v4_start(void);

void *small_v4_alloc_slow(unsigned class_id);
void small_v4_free_settle(struct hak_page *page);
/* A block of another thread's page. */
void small_v4_free_remote(struct hak_page *page, void *pointer);

/* A block of C0..C7 or M768, or NULL when the current page has none. */
static HAK_ALWAYS_INLINE void *small_v4_pop(unsigned class_id) {
    struct page_heap *heap = small_v4_tls;
    struct hak_block *block = page_heap_pop(heap, class_id);
    if (HAK_LIKELY(block != NULL)) HAK_COUNT(heap->classes[class_id].alloc_fast);
    return block;
}

/* A block of C0..C7 or M768; NULL without memory. */
static HAK_ALWAYS_INLINE void *small_v4_alloc(unsigned class_id) {
    void *block = small_v4_pop(class_id);
    return HAK_LIKELY(block != NULL) ? block : small_v4_alloc_slow(class_id);
}

/* True when the page is this thread's own and of this box: a heap owns pages of one box only. */
static inline bool small_v4_is_own(const struct hak_page *page) {
    return page->owner == small_v4_tls;
}

/* A block of an own page. A full page is one in which nothing is free, so the list that is read anyway tells
 * whether the page may be due for settling. */
static HAK_ALWAYS_INLINE void small_v4_free_own(struct hak_page *page, void *pointer) {
    struct hak_block *block = pointer, *next = page->free;
    if (HAK_UNLIKELY(page_free_is_wrong(page, block))) page_misuse(page, pointer);
    block->next = next;
    page->free = block;
    HAK_COUNT(page->owner->classes[page->class_index].free_local);
    if (HAK_UNLIKELY((--page->used == 0) | (next == NULL))) small_v4_free_settle(page);
}

static inline size_t small_v4_usable(const struct hak_page *page) {
    return page->stride;
}

#endif
