#include "segment/held.h"
#include "os/os_meta.h"
#include "segment/homecoming.h"
#include "segment/segment_v4.h"

/* Together that is at most 160 KiB of a thread. */
enum { BYTES = 4 * 1024, BLOCKS = 16 };

struct held *held_create(unsigned sizes, uint32_t (*size)(unsigned)) {
    struct held *held = os_meta_alloc(sizes * sizeof *held);
    for (unsigned i = 1; held && i < sizes; i++) {
        uint32_t most = BYTES / size(i);
        held[i].most = most < BLOCKS ? BLOCKS : most > HELD_MOST ? HELD_MOST : most;
    }
    return held;
}

static void go_home(struct held *held, struct page_heap *heap) {
    send_places_home(heap, held->places, held->count);
    held->count = 0;
}

bool held_add(struct held *held, struct page_heap *heap, void *block) {
    uint32_t place = segment_v4_place(block);
    if (HAK_UNLIKELY(held->count && held->places[held->count - 1] == place)) return false;
    held->places[held->count++] = place;
    if (held->count == held->most) go_home(held, heap);
    return true;
}

void held_go_home(struct held *held, unsigned sizes, struct page_heap *heap) {
    for (unsigned i = 1; i < sizes; i++)
        go_home(&held[i], heap);
}
