/* Held blocks: what a thread that only frees keeps for a while, so that blocks go home together instead of
 * one by one. It notes where they lie and does not touch them: their memory is in the cache of the processor
 * that has used them, and is soon wanted there again. */
#ifndef HAK_SEGMENT_HELD_H
#define HAK_SEGMENT_HELD_H

#include "segment/segment_v4.h"

enum { HELD_MOST = 64 };

/* Of one size. */
struct held {
    uint32_t count, most;
    uint32_t places[HELD_MOST]; /* segment_v4_place */
};

/* Makes one for each of the sizes 1 to `sizes` - 1; NULL without memory. It is never freed. */
struct held *held_create(unsigned sizes, uint32_t (*size)(unsigned));

/* Sends the blocks of a size home. `heap` is the calling thread's. */
void held_go_home(struct held *held, struct page_heap *heap);

void held_all_go_home(struct held *held, unsigned sizes, struct page_heap *heap);

/* Adds a block; false if it is the one that was added last. */
static HAK_ALWAYS_INLINE bool held_add(struct held *held, struct page_heap *heap, const void *block) {
    uint32_t place = segment_v4_place(block);
    if (HAK_UNLIKELY(held->count && held->places[held->count - 1] == place)) return false;
    if (held->count == 0) __builtin_prefetch(block, 1); /* it will carry the others */
    held->places[held->count++] = place;
    if (held->count == held->most) held_go_home(held, heap);
    return true;
}

#endif
