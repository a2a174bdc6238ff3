/* Held blocks: what a thread that only frees keeps for a while, so that blocks go home together instead of
 * one by one. It notes where they lie and does not touch them: their memory is in the cache of the processor
 * that has used them, and is soon wanted there again. */
#ifndef HAK_SEGMENT_HELD_H
#define HAK_SEGMENT_HELD_H

#include "page/page.h"

enum { HELD_MOST = 64 };

/* Of one size. */
struct held {
    uint32_t count, most;
    uint32_t places[HELD_MOST]; /* segment_v4_place */
};

/* Makes one for each of the sizes 1 to `sizes` - 1; NULL without memory. It is never freed. */
struct held *held_create(unsigned sizes, uint32_t (*size)(unsigned));

/* Adds a block; false if it is the one that was added last. `heap` is the calling thread's. */
bool held_add(struct held *held, struct page_heap *heap, void *block);

/* Sends the blocks of all sizes home. */
void held_go_home(struct held *held, unsigned sizes, struct page_heap *heap);

#endif
