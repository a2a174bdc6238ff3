/* A thread's heap of a box that is the page engine and nothing more: what such boxes do off their fast paths.
 * `tls` is the box's thread-local pointer to the thread's heap. */
#ifndef HAK_PAGE_THREAD_HEAP_H
#define HAK_PAGE_THREAD_HEAP_H

#include "page/page.h"

/* What `tls` points to before the thread's first allocation and after its end: a heap in which nothing is
 * ever free, so that the fast path does not test for one. Never written. */
extern struct page_heap thread_heap_none;

/* When the current page of the class has no free block. Gives the thread a heap if it has none; NULL without
 * memory. */
void *thread_heap_alloc_slow(struct page_heap **tls, const struct box *box, unsigned class_index);

/* Frees a block of a page that `heap`, the thread's, does not own. Aborts on misuse. */
void thread_heap_free_remote(struct page_heap *heap, struct hak_page *page, void *pointer);

/* When the thread ends. */
void thread_heap_exit(struct page_heap **tls);

#endif
