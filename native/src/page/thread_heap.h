/* The slow paths of boxes that consist of the page engine and nothing else. `tls` is such a box's
 * thread-local pointer to the thread's heap. */
#ifndef HAK_PAGE_THREAD_HEAP_H
#define HAK_PAGE_THREAD_HEAP_H

#include "page/page.h"

/* What `tls` points to before the thread's first allocation and after its end: a heap without free blocks, so
 * that the fast path needs no test for NULL. Never written. */
extern struct page_heap thread_heap_none;

/* Allocates when the current page of the class has no free block. Gives the thread a heap if it has none.
 * NULL without memory. */
void *thread_heap_alloc_slow(struct page_heap **tls, const struct box *box, unsigned class_index);

/* Allocates in a thread that is ending (os_thread_is_over), from a heap that all such threads share. NULL
 * without memory. Takes HAK_LOCK_LATE. */
void *thread_heap_alloc_late(const struct box *box, unsigned class_index);

/* Frees a block of a page that the thread's `heap` does not own. Aborts on misuse. */
void thread_heap_free_remote(struct page_heap *heap, struct hak_page *page, void *pointer);

/* Call when the thread ends. */
void thread_heap_exit(struct page_heap **tls);

#endif
