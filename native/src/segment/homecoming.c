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
    uint32_t inverse; /* of the page's stride */
    uint32_t count;   /* of the first parcel, which is not read here: it may not be in the cache yet */
};
enum { TRIPS = 8 };

struct trips {
    struct page_heap *heap;
    unsigned under_way; /* a bit for each trip */
    struct trip trip[TRIPS];
};

static void depart(struct trips *trips, unsigned number) {
    const struct trip *trip = &trips->trip[number];
    trips->under_way &= ~(1u << number);
    trip->first->count = (uint16_t)trip->count;
    HAK_COUNT_ADD(trips->heap->classes[trip->page->class_index].free_remote, trip->blocks);
    page_remote_free_parcels(trip->page, trip->first, trip->last);
}

static void depart_all(struct trips *trips) {
    while (trips->under_way)
        depart(trips, (unsigned)__builtin_ctz(trips->under_way));
}

/* The trip of a block of another heap's page, with the block if it is the first. */
static struct trip *trip_of(struct trips *trips, struct hak_page *page, struct hak_block *block) {
    unsigned number = ((uintptr_t)page / sizeof *page) % TRIPS;
    struct trip *trip = &trips->trip[number];
    bool taken = trips->under_way >> number & 1;
    if (taken && trip->page == page) return trip;
    if (taken) depart(trips, number);
    trips->under_way |= 1u << number;
    struct page_parcel *parcel = page_parcel_of(page, block, NULL);
    /* Rounded up: exact for multiples of the stride within a page, which are below 2^18. */
    uint32_t inverse = UINT32_MAX / page->stride + 1;
    *trip = (struct trip){page, parcel, parcel, 0, page_parcel_room(page), inverse, 1};
    return trip;
}

/* Adds a block to a trip. Overwrites its memory only if it becomes a parcel. */
static HAK_ALWAYS_INLINE void travel(struct trip *trip, struct hak_block *block) {
    struct hak_page *page = trip->page;
    /* A block that has been freed twice makes a list a circle. */
    if (HAK_UNLIKELY(trip->blocks++ == page->capacity)) page_misuse(page, block);
    if (trip->blocks == 1) return; /* a parcel already */
    uint64_t offset = (uintptr_t)block - (uintptr_t)page->start;
    if (HAK_UNLIKELY(trip->count == trip->room)) {
        trip->first->count = (uint16_t)trip->count;
        trip->first = page_parcel_of(page, block, trip->first);
        trip->count = 1;
        return;
    }
    trip->first->numbers[trip->count++] = (uint16_t)(offset * trip->inverse >> 32);
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

/* Blocks that follow each other often lie in the same unit. */
static bool same_unit(const void *one, const void *other) {
    return ((uintptr_t)one ^ (uintptr_t)other) >> SEGMENT_V4_PAGE_SHIFT == 0;
}

void send_home(struct page_heap *heap, struct hak_block *list) {
    struct trips trips;
    trips.heap = heap;
    trips.under_way = 0;
    for (struct hak_block *first = list, *next; first; first = next) {
        struct hak_page *page = page_of(first);
        if (page->owner != heap) {
            next = first->next;
            struct trip *trip = trip_of(&trips, page, first);
            travel(trip, first);
            for (struct hak_block *block; next && same_unit(first, next); travel(trip, block)) {
                block = next;
                next = block->next;
            }
            continue;
        }
        struct hak_block *last = first;
        uint32_t blocks = 1;
        for (; (next = last->next) && same_unit(first, next); last = next)
            if (HAK_UNLIKELY(blocks++ == page->capacity)) page_misuse(page, last);
        arrive(heap, page, first, last, blocks);
    }
    depart_all(&trips);
}

void send_places_home(struct page_heap *heap, const uint32_t *places, uint32_t count) {
    struct trips trips;
    trips.heap = heap;
    trips.under_way = 0;
    for (uint32_t i = 0; i < count;) {
        struct hak_block *first = segment_v4_at(places[i]), *block = first;
        struct hak_page *page = page_of(first);
        bool own = page->owner == heap;
        struct trip *trip = own ? NULL : trip_of(&trips, page, first);
        do {
            if (own)
                arrive(heap, page, block, block, 1);
            else
                travel(trip, block);
        } while (++i < count && same_unit(first, block = segment_v4_at(places[i])));
    }
    depart_all(&trips);
}
