#include "segment/segment_v4.h"
#include "os/os_lock.h"
#include "os/os_mem.h"

/* The reservation costs addresses only; memory comes with use. Under a limit on the address space it takes at
 * most an eighth of the limit, because the other boxes need addresses too. */
#define RESERVE_MOST ((size_t)64 << 30)
#define RESERVE_LEAST ((size_t)4 * SEGMENT_V4_SIZE)

#define ALL_FREE (~UINT64_C(1)) /* all pages except the one with the metadata */

/* Free pages of all segments that keep their memory: 16 MiB. Anything above is given back at once. */
#define MAX_DIRTY_PAGES 256u

struct segment_v4_range segment_v4_range;
static size_t limit_at_start;

/* Guarded by HAK_LOCK_SEGMENT. */
static struct segment_v4 *with_room;
static unsigned dirty_pages;

void segment_v4_start(void) {
    size_t limit = limit_at_start = os_address_limit();
    size_t size = limit == SIZE_MAX ? RESERVE_MOST : limit / 8 & ~((size_t)SEGMENT_V4_SIZE - 1);
    if (size > RESERVE_MOST) size = RESERVE_MOST;
    for (; size >= RESERVE_LEAST; size = size / 2 & ~((size_t)SEGMENT_V4_SIZE - 1)) {
        void *base = os_reserve(size, SEGMENT_V4_SIZE);
        if (!base) continue;
        segment_v4_range.base = (uintptr_t)base;
        atomic_store_explicit(&segment_v4_range.reserved, size, memory_order_relaxed);
        return;
    }
}

static void room_add(struct segment_v4 *segment) {
    segment->prev = NULL;
    segment->next = with_room;
    if (with_room) with_room->prev = segment;
    with_room = segment;
}

static void room_remove(struct segment_v4 *segment) {
    if (segment->next) segment->next->prev = segment->prev;
    if (segment->prev)
        segment->prev->next = segment->next;
    else
        with_room = segment->next;
}

/* The caller holds the lock. */
static bool give_up(void) {
    uintptr_t used = atomic_load_explicit(&segment_v4_range.used, memory_order_relaxed);
    uintptr_t reserved = atomic_load_explicit(&segment_v4_range.reserved, memory_order_relaxed);
    if (used == reserved) return false;
    os_unmap((char *)segment_v4_range.base + used, reserved - used);
    atomic_store_explicit(&segment_v4_range.reserved, used, memory_order_relaxed);
    return true;
}

bool segment_v4_give_up(void) {
    if (os_address_limit() == SIZE_MAX) return false;
    hak_lock(HAK_LOCK_SEGMENT);
    bool something = give_up();
    hak_unlock(HAK_LOCK_SEGMENT);
    return something;
}

static struct segment_v4 *new_segment(void) {
    /* The program has set a limit since the start: the reservation must neither bypass the limit nor use it
     * up. */
    if (HAK_UNLIKELY(os_address_limit() < limit_at_start)) give_up();
    uintptr_t used = atomic_load_explicit(&segment_v4_range.used, memory_order_relaxed);
    if (used == atomic_load_explicit(&segment_v4_range.reserved, memory_order_relaxed)) return NULL;
    struct segment_v4 *segment = (struct segment_v4 *)(segment_v4_range.base + used);
    if (!os_commit(segment, SEGMENT_V4_SIZE)) return NULL;
    segment->free_mask = ALL_FREE;
    room_add(segment);
    /* A thread that receives a pointer into the segment receives it from a thread that has seen this store.
     */
    atomic_store_explicit(&segment_v4_range.used, used + SEGMENT_V4_SIZE, memory_order_release);
    return segment;
}

struct hak_page *segment_v4_page_alloc(unsigned class_id) {
    hak_lock(HAK_LOCK_SEGMENT);
    struct segment_v4 *segment = with_room ? with_room : new_segment();
    if (!segment) {
        hak_unlock(HAK_LOCK_SEGMENT);
        return NULL;
    }
    uint64_t dirty = segment->free_mask & segment->dirty_mask;
    unsigned index = (unsigned)__builtin_ctzll(dirty ? dirty : segment->free_mask);
    uint64_t bit = UINT64_C(1) << index;
    segment->free_mask &= ~bit;
    if (dirty) dirty_pages--;
    segment->dirty_mask &= ~bit;
    if (!segment->free_mask) room_remove(segment);

    struct hak_page *page = &segment->pages[index];
    page->start = (char *)segment + (size_t)index * SEGMENT_V4_PAGE_SIZE;
    page->stride = hak_class_info[class_id].size;
    page->capacity = SEGMENT_V4_PAGE_SIZE / page->stride;
    page->slabs = 1;
    hak_unlock(HAK_LOCK_SEGMENT);
    return page;
}

void segment_v4_page_free(struct hak_page *page) {
    hak_lock(HAK_LOCK_SEGMENT);
    struct segment_v4 *segment = segment_v4_of(page);
    uint64_t bit = UINT64_C(1) << (page - segment->pages);
    page->box = 0;
    page->owner = NULL; /* the fast path of free recognizes its pages by their owner */
    if (!segment->free_mask) room_add(segment);
    segment->free_mask |= bit;
    if (dirty_pages == MAX_DIRTY_PAGES) {
        os_purge(page->start, SEGMENT_V4_PAGE_SIZE);
    } else {
        segment->dirty_mask |= bit;
        dirty_pages++;
    }
    hak_unlock(HAK_LOCK_SEGMENT);
}

size_t segment_v4_trim(void) {
    size_t given_back = 0;
    hak_lock(HAK_LOCK_SEGMENT);
    for (struct segment_v4 *segment = with_room; segment; segment = segment->next) {
        for (uint64_t dirty = segment->dirty_mask; dirty; dirty &= dirty - 1) {
            size_t index = (size_t)__builtin_ctzll(dirty);
            os_purge((char *)segment + index * SEGMENT_V4_PAGE_SIZE, SEGMENT_V4_PAGE_SIZE);
            given_back += SEGMENT_V4_PAGE_SIZE;
        }
        segment->dirty_mask = 0;
    }
    dirty_pages = 0;
    hak_unlock(HAK_LOCK_SEGMENT);
    return given_back;
}
