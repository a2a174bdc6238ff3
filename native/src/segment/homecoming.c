#include "segment/homecoming.h"
#include "segment/segment_v4.h"

static struct hak_page *page_of(const void *pointer) {
    return segment_v4_first(segment_v4_page(pointer));
}

/* Blocks of one page of another thread, which travel together. */
struct trip {
    struct hak_page *page;
    struct hak_block *first, *last;
};
enum { TRIPS = 8 };

static void depart(const struct trip *trip) {
    page_remote_free_list(trip->page, trip->first, trip->last);
}

/* Blocks that follow each other in the list often lie in the same unit, and travel as they are linked. */
void send_home(struct page_heap *heap, struct hak_block *list) {
    struct trip trips[TRIPS];
    unsigned under_way = 0; /* a bit for each trip */
    for (struct hak_block *first = list, *next; first; first = next) {
        struct hak_page *page = page_of(first);
        uintptr_t unit = (uintptr_t)first >> SEGMENT_V4_PAGE_SHIFT;
        struct hak_block *last = first;
        uint32_t blocks = 1;
        for (; (next = last->next) && (uintptr_t)next >> SEGMENT_V4_PAGE_SHIFT == unit; last = next)
            /* A block that has been freed twice makes the list a circle. */
            if (HAK_UNLIKELY(blocks++ == page->capacity)) page_misuse(page, last);
        struct page_class *cls = &heap->classes[page->class_index];
        if (page->owner == heap) {
            if (HAK_UNLIKELY(page->free == first)) page_misuse(page, first);
            last->next = page->free;
            page->free = first;
            page->used -= blocks;
            HAK_COUNT_ADD(cls->free_local, blocks);
            if (page->used == 0 || page->flags & PAGE_FULL) page_settle(page);
            continue;
        }
        HAK_COUNT_ADD(cls->free_remote, blocks);
        unsigned number = ((uintptr_t)page / sizeof *page) % TRIPS;
        struct trip *trip = &trips[number];
        if (under_way >> number & 1 && trip->page == page) {
            last->next = trip->first;
            trip->first = first;
            continue;
        }
        if (under_way >> number & 1) depart(trip);
        under_way |= 1u << number;
        *trip = (struct trip){page, first, last};
    }
    for (; under_way; under_way &= under_way - 1)
        depart(&trips[__builtin_ctz(under_way)]);
}
