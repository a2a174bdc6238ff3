#include "segment/held.h"
#include "os/os_meta.h"
#include "segment/homecoming.h"

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

void held_go_home(struct held *held, struct page_heap *heap) {
    send_places_home(heap, held->places, held->count);
    held->count = 0;
}

void held_all_go_home(struct held *held, unsigned sizes, struct page_heap *heap) {
    for (unsigned i = 1; i < sizes; i++)
        held_go_home(&held[i], heap);
}
