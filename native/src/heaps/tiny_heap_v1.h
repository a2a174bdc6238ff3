/* TinyHeap v1: per-thread heaps of superslab pages for the small classes. No header: blocks lie back to back
 * and are aligned to their size. */
#ifndef HAK_HEAPS_TINY_HEAP_V1_H
#define HAK_HEAPS_TINY_HEAP_V1_H

#include "base/size_class.h"
#include "page/page.h"

/* The thread's heap; before its first allocation and after its end a heap in which nothing is ever free. */
extern HAK_TLS struct page_heap *tiny_heap_tls;
extern struct page_heap tiny_heap_none;
extern struct page_heap_registry tiny_heap_registry;

void tiny_heap_v1_start(void);

void *tiny_heap_alloc_slow(unsigned class_index);
void tiny_heap_free_settle(struct page_heap *heap, struct hak_page *page);
void tiny_heap_free_remote(struct hak_page *page, struct hak_block *block);

/* A block of a small class; NULL without memory. */
static inline void *tiny_heap_alloc(unsigned class_index) {
    struct page_heap *heap = tiny_heap_tls;
    struct hak_block *block = page_heap_pop(heap, class_index);
    if (HAK_UNLIKELY(!block)) return tiny_heap_alloc_slow(class_index);
    HAK_COUNT(heap->classes[class_index].alloc_fast);
    return block;
}

/* Any thread may free. `page` is the page that `pointer` lies in. */
static inline void tiny_heap_free(struct hak_page *page, void *pointer) {
    struct page_heap *heap = tiny_heap_tls;
    struct hak_block *block = pointer;
    if (HAK_UNLIKELY(page->owner != heap)) {
        tiny_heap_free_remote(page, block);
        return;
    }
    if (HAK_UNLIKELY(page_free_is_wrong(page, block))) page_misuse(page, pointer);
    page_push(page, block);
    HAK_COUNT(heap->classes[page->class_index].free_local);
    if (HAK_UNLIKELY(page_used_dec(page))) tiny_heap_free_settle(heap, page);
}

static inline size_t tiny_heap_usable(const struct hak_page *page) {
    return page->stride;
}

#endif
