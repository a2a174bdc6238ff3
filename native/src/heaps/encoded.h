/* The encoded box (HAKMEM_ENCODED_LISTS): per-thread heaps of segment pages for every size up to 32 KiB, as
 * small v4 has them, whose free lists are encoded (page/link.h). It gives up speed for what an attacker or a
 * bug could do with a list: each link is checked before it is followed, and a block that is freed is checked
 * for being free already. The program never sees a link. */
#ifndef HAK_HEAPS_ENCODED_H
#define HAK_HEAPS_ENCODED_H

#include "page/link.h"
#include "page/thread_heap.h"
#include "segment/segment_v4.h"

extern const struct box encoded_box;
extern HAK_TLS struct page_heap *encoded_tls;

void *encoded_alloc_slow(unsigned class_id);

/* Frees a block. Any thread. Aborts on misuse. */
void encoded_free(struct hak_page *unit, void *pointer);

/* Allocates a block of any class below LARGE; NULL without memory. */
static inline void *encoded_alloc(unsigned class_id) {
    struct page_heap *heap = encoded_tls;
    struct hak_page *page = heap->classes[class_id].current;
    struct hak_block *block = page->free;
    if (HAK_UNLIKELY(!block)) return encoded_alloc_slow(class_id);
    page_link_pop(page, block);
    HAK_COUNT(heap->classes[class_id].alloc_fast);
    return block;
}

#endif
