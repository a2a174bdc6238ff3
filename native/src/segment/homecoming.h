/* Homecoming: how the free blocks that a thread keeps in lists return to their pages. */
#ifndef HAK_SEGMENT_HOMECOMING_H
#define HAK_SEGMENT_HOMECOMING_H

#include "page/page.h"

/* Returns the blocks of a list, which lie in segment pages, to their pages; `heap` is the calling thread's.
 * Blocks of another heap's page travel together. Aborts on a block that is there twice. */
void send_home(struct page_heap *heap, struct hak_block *list);

/* The same for blocks that are not linked, at the places that segment_v4_place has told. Touches few of them.
 */
void send_places_home(struct page_heap *heap, const uint32_t *places, uint32_t count);

#endif
