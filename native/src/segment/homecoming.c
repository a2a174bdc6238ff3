#include "segment/homecoming.h"
#include "segment/segment_v4.h"

static struct hak_page *page_of(const void *pointer) {
    return segment_v4_first(segment_v4_page(pointer));
}

/* Blocks of one page of another thread, which travel together. */
struct trip {
    struct hak_page *page;
    struct page_parcel *first, *last;
    uint32_t blocks, room;
};
enum { TRIPS = 8 };

struct trips {
    struct page_heap *heap;
    unsigned under_way; /* a bit for each trip */
    struct trip trip[TRIPS];
};

static void depart(const struct trip *trip) {
    page_remote_free_parcels(trip->page, trip->first, trip->last);
}

static void depart_all(struct trips *trips) {
    for (; trips->under_way; trips->under_way &= trips->under_way - 1)
        depart(&trips->trip[__builtin_ctz(trips->under_way)]);
}

/* Adds a block of another heap's page. Overwrites its memory only if that becomes a parcel. */
static void travel(struct trips *trips, struct hak_page *page, struct hak_block *block) {
    unsigned number = ((uintptr_t)page / sizeof *page) % TRIPS;
    struct trip *trip = &trips->trip[number];
    HAK_COUNT(trips->heap->classes[page->class_index].free_remote);
    if (!(trips->under_way >> number & 1) || trip->page != page) {
        if (trips->under_way >> number & 1) depart(trip);
        trips->under_way |= 1u << number;
        struct page_parcel *parcel = page_parcel_of(page, block, NULL);
        *trip = (struct trip){page, parcel, parcel, 1, page_parcel_room(page)};
        return;
    }
    /* A block that has been freed twice makes the list a circle. */
    if (HAK_UNLIKELY(trip->blocks++ == page->capacity)) page_misuse(page, block);
    struct page_parcel *parcel = trip->first;
    if (parcel->count == trip->room)
        trip->first = page_parcel_of(page, block, parcel);
    else
        parcel->numbers[parcel->count++] = page_block_number(page, block);
}

/* Returns `blocks` blocks of the heap's own page, which are linked from `first` to `last`. */
static void arrive(struct page_heap *heap, struct hak_page *page, struct hak_block *first,
                   struct hak_block *last, uint32_t blocks) {
    if (HAK_UNLIKELY(page->free == first)) page_misuse(page, first);
    last->next = page->free;
    page->free = first;
    page->used -= blocks;
    HAK_COUNT_ADD(heap->classes[page->class_index].free_local, blocks);
    if (page->used == 0 || page->flags & PAGE_FULL) page_settle(page);
}

/* Blocks that follow each other in the list often lie in the same unit. */
void send_home(struct page_heap *heap, struct hak_block *list) {
    struct trips trips;
    trips.heap = heap;
    trips.under_way = 0;
    for (struct hak_block *first = list, *next; first; first = next) {
        struct hak_page *page = page_of(first);
        if (page->owner != heap) {
            next = first->next;
            travel(&trips, page, first);
            continue;
        }
        uintptr_t unit = (uintptr_t)first >> SEGMENT_V4_PAGE_SHIFT;
        struct hak_block *last = first;
        uint32_t blocks = 1;
        for (; (next = last->next) && (uintptr_t)next >> SEGMENT_V4_PAGE_SHIFT == unit; last = next)
            if (HAK_UNLIKELY(blocks++ == page->capacity)) page_misuse(page, last);
        arrive(heap, page, first, last, blocks);
    }
    depart_all(&trips);
}

void send_places_home(struct page_heap *heap, const uint32_t *places, uint32_t count) {
    struct trips trips;
    trips.heap = heap;
    trips.under_way = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct hak_block *block = segment_v4_at(places[i]);
        struct hak_page *page = page_of(block);
        if (page->owner == heap)
            arrive(heap, page, block, block, 1);
        else
            travel(&trips, page, block);
    }
    depart_all(&trips);
}
