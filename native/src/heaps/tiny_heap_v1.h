/* TinyHeap v1: per-thread heaps of superslab pages for the small classes. No header: blocks are contiguous
 * and aligned to their size. */
#ifndef HAK_HEAPS_TINY_HEAP_V1_H
#define HAK_HEAPS_TINY_HEAP_V1_H

#include "page/thread_heap.h"

extern const struct box tiny_heap_v1_box;
extern HAK_TLS struct page_heap *tiny_heap_tls;

/* Allocates a block of a small class; NULL without memory. */
static inline void *tiny_heap_alloc(unsigned class_index) {
    struct page_heap *heap = tiny_heap_tls;
    struct hak_block *block = page_heap_pop(heap, class_index);
    if (HAK_UNLIKELY(!block)) return thread_heap_alloc_slow(&tiny_heap_tls, &tiny_heap_v1_box, class_index);
    HAK_COUNT(heap->classes[class_index].alloc_fast);
    return block;
}

/* Frees a block; `page` is the page that it lies in. Any thread. */
static inline void tiny_heap_free(struct hak_page *page, void *pointer) {
    struct page_heap *heap = tiny_heap_tls;
    struct hak_block *block = pointer;
    if (HAK_UNLIKELY(page->owner != heap)) {
        thread_heap_free_remote(heap, page, pointer);
        return;
    }
    if (HAK_UNLIKELY(page_free_is_wrong(page, block))) page_misuse(page, pointer);
    page_push(page, block);
    HAK_COUNT(heap->classes[page->class_index].free_local);
    if (HAK_UNLIKELY(page_used_dec(page))) page_settle(page);
}

#endif
