#include "segment/segment_v4.h"
#include "os/os_lock.h"
#include "os/os_mem.h"

#include <string.h>

/* The reservation costs addresses only; memory comes with use. Under a limit on the address space it takes at
 * most an eighth of the limit, because the other boxes need addresses too. */
#define RESERVE_MOST ((size_t)64 << 30)
#define RESERVE_LEAST ((size_t)SEGMENT_V4_SIZE)

/* Purging and touching a unit again costs 16 page faults, about as much as 1,000 calls of malloc. So a unit
 * is purged only when it has been free for a period: the program no longer needs it. 16 MiB are never purged,
 * but when more are free than were in use at the peak, which decays, or more than 64 MiB, the excess is
 * purged at once: a program may free no more for a long time. */
#define KEPT_UNITS 256u
#define MOST_UNITS 1024u
#define PERIOD_MS 1000u

/* The segments in which an allocation looks for units with memory once it has found some without. */
#define MOST_SEARCHED 8

/* Where a page has room to grow: a quarter of a segment. */
#define SLOT 64u

/* So many segments may be taken for room although less than a quarter of their units is in use. More of them
 * would be fresh memory for thousands of growing pages, while the units that they leave are purged. */
#define SPARSE_MOST 8

/* A huge page costs one page fault instead of 512, and one entry of the caches of addresses, but a program
 * that stops growing has memory for up to 31 units in vain. So it is for programs with 4 MiB in use that have
 * taken half a MiB without memory since the last huge page was used up. */
#define HUGE_UNITS ((unsigned)(OS_HUGE_PAGE / SEGMENT_V4_PAGE_SIZE))
#define HUGE_LEAST 64u
#define HUGE_AFTER 8u
_Static_assert(64 % (OS_HUGE_PAGE / SEGMENT_V4_PAGE_SIZE) == 0, "a huge page is in one word of a set");

struct segment_v4_range segment_v4_range;
static size_t limit_at_start;
static bool fences;

/* Guarded by HAK_LOCK_SEGMENT. */
static struct {
    uint8_t longest; /* at most so long is a run of free units; 0: there is no segment yet, or it is full */
    bool may_have_slot; /* false: no slot of SLOT units is free */
} summary[RESERVE_MOST >> SEGMENT_V4_SHIFT];
static unsigned dirty_units, live_units, peak_units;
static unsigned fresh_units;         /* taken since there was a huge page */
static struct segment_v4 *last_huge; /* where the last one is; NULL: it is used up */
static uint64_t aged_at;             /* milliseconds */

void segment_v4_start(bool fenced) {
    fences = fenced;
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

static struct segment_v4 *segment_at(size_t number) {
    return (struct segment_v4 *)(segment_v4_range.base + (number << SEGMENT_V4_SHIFT));
}
static size_t number_of(const struct segment_v4 *segment) {
    return ((uintptr_t)segment - segment_v4_range.base) >> SEGMENT_V4_SHIFT;
}
static size_t segments(void) {
    return segment_v4_mapped_bytes() >> SEGMENT_V4_SHIFT;
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

/* With fences, the rest of the first unit and the whole last unit, in front of the next segment's metadata,
 * stay inaccessible. */
static bool commit(struct segment_v4 *segment) {
    if (!fences) return os_commit(segment, SEGMENT_V4_SIZE);
    return os_commit(segment, HAK_ALIGN_UP(sizeof *segment, os_page_size())) &&
           os_commit((char *)segment + SEGMENT_V4_PAGE_SIZE, SEGMENT_V4_SIZE - 2 * SEGMENT_V4_PAGE_SIZE);
}

static struct segment_v4 *new_segment(void) {
    /* The program has set a limit since the start: the reservation must neither bypass the limit nor use it
     * up. */
    if (HAK_UNLIKELY(os_address_limit() < limit_at_start)) give_up();
    uintptr_t used = atomic_load_explicit(&segment_v4_range.used, memory_order_relaxed);
    if (used == atomic_load_explicit(&segment_v4_range.reserved, memory_order_relaxed)) return NULL;
    struct segment_v4 *segment = (struct segment_v4 *)(segment_v4_range.base + used);
    if (!commit(segment)) return NULL;
    /* All except the one with the metadata and the fence. */
    unit_set_add(&segment->free, 1, SEGMENT_V4_RUN_MOST - fences);
    summary[number_of(segment)].longest = SEGMENT_V4_RUN_MOST;
    summary[number_of(segment)].may_have_slot = true;
    /* A thread that receives a pointer into the segment receives it from a thread that has seen this store.
     */
    atomic_store_explicit(&segment_v4_range.used, used + SEGMENT_V4_SIZE, memory_order_release);
    return segment;
}

/* Those of a set that a run can be of: not the rest of a huge page, which is in vain where a program does not
 * write whole blocks. */
static struct unit_set for_run(const struct unit_set *set, const struct segment_v4 *segment, unsigned units) {
    struct unit_set left = *set;
    if (units == 1) return left;
    for (unsigned from = 0; from < SEGMENT_V4_PAGES; from += HUGE_UNITS)
        if (unit_set_count(&segment->free, from, HUGE_UNITS) < HUGE_UNITS)
            left.words[from / 64] &=
                ~(segment->huge.words[from / 64] & unit_set_mask(from / 64, from, HUGE_UNITS));
    return left;
}

/* A segment with a run of free units, and in `*index` where it starts. Units with memory are preferred, then
 * low addresses, so that the high ones become free. */
static struct segment_v4 *find_run(unsigned units, unsigned *index) {
    struct segment_v4 *found = NULL;
    size_t end = segments();
    for (size_t i = 0; i < end; i++) {
        if (summary[i].longest < units) continue;
        struct segment_v4 *segment = segment_at(i);
        struct unit_set dirty = for_run(&segment->dirty, segment, units);
        unsigned start = dirty_units ? unit_set_find(&dirty, units) : UNIT_SET_BITS;
        if (start != UNIT_SET_BITS) {
            *index = start;
            return segment;
        }
        if (found) continue;
        struct unit_set free = for_run(&segment->free, segment, units);
        start = unit_set_find(&free, units);
        if (start == UNIT_SET_BITS) {
            summary[i].longest = (uint8_t)(units - 1);
            continue;
        }
        *index = start;
        found = segment;
        if (!dirty_units) return found;
        if (end > i + MOST_SEARCHED) end = i + MOST_SEARCHED;
    }
    if (!found && (found = new_segment()) != NULL) *index = 1;
    return found;
}

/* The first unit of a segment that has memory and was last taken for `kind`; UNIT_SET_BITS: none. */
static unsigned find_in(const struct segment_v4 *segment, unsigned kind) {
    for (unsigned i = 0; i < UNIT_SET_WORDS; i++)
        for (uint64_t bits = segment->dirty.words[i]; bits; bits &= bits - 1) {
            unsigned at = i * 64 + (unsigned)__builtin_ctzll(bits);
            if (segment->kinds[at] == kind) return at;
        }
    return UNIT_SET_BITS;
}

/* A segment with such a unit, and its index. NULL: none that is found soon. */
static struct segment_v4 *find_kind(unsigned kind, unsigned *index) {
    size_t end = dirty_units ? segments() : 0;
    for (size_t i = 0, searched = 0; i < end && searched < MOST_SEARCHED; i++) {
        if (!summary[i].longest) continue;
        searched++;
        *index = find_in(segment_at(i), kind);
        if (*index != UNIT_SET_BITS) return segment_at(i);
    }
    return NULL;
}

/* A segment with memory in the last huge page, and the index of the unit. */
static struct segment_v4 *find_in_huge(unsigned *index) {
    if (!last_huge) return NULL;
    struct unit_set dirty = last_huge->dirty;
    for (unsigned i = 0; i < UNIT_SET_WORDS; i++)
        dirty.words[i] &= last_huge->huge.words[i];
    *index = unit_set_next(&dirty, 0, true);
    if (*index == UNIT_SET_BITS) last_huge = NULL;
    return last_huge;
}

/* Gives the addresses of HUGE_UNITS free units without memory to a huge page. Returns their segment, and the
 * index of the first; NULL: there are none, or the program is too small. */
static struct segment_v4 *new_huge(unsigned *index) {
    if (++fresh_units <= HUGE_AFTER || live_units < HUGE_LEAST) return NULL;
    fresh_units = 0;
    for (size_t i = 0; i < segments(); i++) {
        if (summary[i].longest < HUGE_UNITS) continue;
        struct segment_v4 *segment = segment_at(i);
        for (unsigned from = 0; from < SEGMENT_V4_PAGES; from += HUGE_UNITS) {
            if (unit_set_count(&segment->free, from, HUGE_UNITS) < HUGE_UNITS) continue;
            if (unit_set_count(&segment->dirty, from, HUGE_UNITS)) continue;
            char *start = (char *)segment + (size_t)from * SEGMENT_V4_PAGE_SIZE;
            if (!os_advise_huge(start, OS_HUGE_PAGE, true)) return NULL;
            unit_set_add(&segment->huge, from, HUGE_UNITS);
            unit_set_add(&segment->dirty, from, HUGE_UNITS);
            dirty_units += HUGE_UNITS;
            *index = from;
            return last_huge = segment;
        }
    }
    return NULL;
}

/* Makes a run `units` units long; those that it does not have yet are free. Returns how many of them have
 * memory. */
static unsigned take(struct segment_v4 *segment, struct hak_page *page, unsigned units) {
    unsigned from = (unsigned)(page - segment->pages) + page->slabs, count = units - page->slabs;
    unit_set_remove(&segment->free, from, count);
    unsigned dirty = unit_set_remove(&segment->dirty, from, count);
    unit_set_remove(&segment->old, from, count);
    memset(&segment->kinds[from], 0, count);
    dirty_units -= dirty;
    live_units += count;
    if (peak_units < live_units) peak_units = live_units;
    for (; page->slabs < units; page->slabs++)
        page[page->slabs].first_slab = (uint8_t)page->slabs;
    return dirty;
}

/* A segment with a free slot, at low addresses first. The first slot of a segment lacks the
 * units of the metadata, and the last one the fence. */
static struct segment_v4 *find_slot(unsigned *index) {
    size_t end = segments();
    for (size_t i = 0; i < end; i++) {
        if (!summary[i].may_have_slot) continue;
        for (unsigned at = 0; at < SEGMENT_V4_PAGES; at += SLOT) {
            unsigned from = at ? at : 1, to = at + SLOT;
            if (to == SEGMENT_V4_PAGES) to -= fences;
            if (unit_set_next(&segment_at(i)->free, from, false) < to) continue;
            *index = from;
            return segment_at(i);
        }
        summary[i].may_have_slot = false;
    }
    *index = 1;
    bool sparse = end >= SPARSE_MOST && live_units < end * SEGMENT_V4_PAGES / 4;
    return limit_at_start == SIZE_MAX && !sparse ? new_segment() : NULL;
}

/* The caller holds the lock. */
static struct hak_page *take_at(struct segment_v4 *segment, unsigned index, unsigned units, bool *fresh) {
    if (!segment) return NULL;
    struct hak_page *page = &segment->pages[index];
    page->start = (char *)segment + (size_t)index * SEGMENT_V4_PAGE_SIZE;
    page->slabs = 0;
    *fresh = take(segment, page, units) == 0;
    return page;
}

struct hak_page *segment_v4_run_alloc(unsigned units, bool *fresh) {
    hak_lock(HAK_LOCK_SEGMENT);
    unsigned index = 0;
    struct segment_v4 *segment = find_run(units, &index);
    struct hak_page *page = take_at(segment, index, units, fresh);
    hak_unlock(HAK_LOCK_SEGMENT);
    return page;
}

struct hak_page *segment_v4_unit_alloc(unsigned kind, bool grows, bool *fresh) {
    hak_lock(HAK_LOCK_SEGMENT);
    unsigned index = 0;
    bool huge = false;
    struct segment_v4 *segment = find_kind(kind, &index);
    if (!segment) segment = find_in_huge(&index);
    if (!segment) {
        segment = find_run(1, &index);
        bool without_memory = segment && !unit_set_count(&segment->dirty, index, 1);
        struct segment_v4 *other = grows && without_memory ? new_huge(&index) : NULL;
        huge = other != NULL;
        if (huge) segment = other;
    }
    struct hak_page *page = take_at(segment, index, 1, fresh);
    if (page) segment->kinds[index] = (uint8_t)kind;
    hak_unlock(HAK_LOCK_SEGMENT);
    if (huge) os_populate(page->start, OS_HUGE_PAGE);
    return page;
}

struct hak_page *segment_v4_run_alloc_roomy(unsigned units, bool *fresh) {
    hak_lock(HAK_LOCK_SEGMENT);
    unsigned index = 0;
    struct segment_v4 *segment = units < SLOT - 1 ? find_slot(&index) : NULL;
    if (!segment) segment = find_run(units, &index);
    struct hak_page *page = take_at(segment, index, units, fresh);
    hak_unlock(HAK_LOCK_SEGMENT);
    return page;
}

bool segment_v4_run_grow(struct hak_page *page, unsigned units) {
    struct segment_v4 *segment = segment_v4_of(page);
    unsigned end = (unsigned)(page - segment->pages) + page->slabs, more = units - page->slabs;
    if (more > SEGMENT_V4_PAGES - end) return false;
    hak_lock(HAK_LOCK_SEGMENT);
    bool room = unit_set_next(&segment->free, end, false) - end >= more;
    if (room) take(segment, page, units);
    hak_unlock(HAK_LOCK_SEGMENT);
    return room;
}

struct hak_page *segment_v4_page_alloc(unsigned class_id) {
    bool fresh;
    struct hak_page *page = segment_v4_run_alloc(1, &fresh);
    if (!page) return NULL;
    page->stride = hak_class_info[class_id].size;
    page->capacity = SEGMENT_V4_PAGE_SIZE / page->stride;
    return page;
}

/* Else the system would fill up the huge pages of purged units again, in the background. */
static void no_longer_huge(struct segment_v4 *segment, unsigned at, unsigned count) {
    summary[number_of(segment)].longest = SEGMENT_V4_RUN_MOST;
    unsigned from = at / HUGE_UNITS * HUGE_UNITS, to = HAK_ALIGN_UP(at + count, HUGE_UNITS);
    os_advise_huge((char *)segment + (size_t)from * SEGMENT_V4_PAGE_SIZE,
                   (size_t)(to - from) * SEGMENT_V4_PAGE_SIZE, false);
}

/* Purges at most `most` units of `set`, which is one of the segment's, adjacent ones with one call. Returns
 * their number. */
static unsigned purge(struct segment_v4 *segment, const struct unit_set *set, unsigned most) {
    unsigned purged = 0;
    for (unsigned at = unit_set_next(set, 0, true); at != UNIT_SET_BITS && purged < most;
         at = unit_set_next(set, at, true)) {
        unsigned count = unit_set_next(set, at, false) - at;
        if (count > most - purged) count = most - purged;
        char *start = (char *)segment + (size_t)at * SEGMENT_V4_PAGE_SIZE;
        if (os_purge(start, (size_t)count * SEGMENT_V4_PAGE_SIZE)) {
            purged += unit_set_remove(&segment->dirty, at, count);
            unit_set_remove(&segment->old, at, count);
            if (unit_set_remove(&segment->huge, at, count)) no_longer_huge(segment, at, count);
        }
        at += count;
    }
    return purged;
}

/* Purges the units that have been free for a whole period, except the last KEPT_UNITS. */
static void purge_old(void) {
    uint64_t now = os_coarse_ms();
    if (now - aged_at < PERIOD_MS) return;
    aged_at = now;
    peak_units -= peak_units / 8;
    if (peak_units < live_units) peak_units = live_units;
    for (size_t i = 0; i < segments(); i++) {
        if (!summary[i].longest) continue;
        struct segment_v4 *segment = segment_at(i);
        if (dirty_units > KEPT_UNITS) dirty_units -= purge(segment, &segment->old, dirty_units - KEPT_UNITS);
        segment->old = segment->dirty;
    }
}

/* Purges units until `most` are left, those first where allocations look last. */
static void purge_excess(unsigned most) {
    for (size_t i = segments(); i-- && dirty_units > most;)
        if (summary[i].longest)
            dirty_units -= purge(segment_at(i), &segment_at(i)->dirty, dirty_units - most);
}

void segment_v4_page_free(struct hak_page *page) {
    hak_lock(HAK_LOCK_SEGMENT);
    struct segment_v4 *segment = segment_v4_of(page);
    unsigned units = page->slabs;
    unsigned index = (unsigned)(page - segment->pages);
    for (unsigned i = 0; i < units; i++) {
        page[i].flags = page[i].box; /* for messages about a second free */
        page[i].box = 0;
        page[i].owner = NULL; /* the fast path of free recognizes its pages by their owner */
        page[i].first_slab = 0;
    }
    summary[number_of(segment)].longest = SEGMENT_V4_RUN_MOST;
    summary[number_of(segment)].may_have_slot = true;
    unit_set_add(&segment->free, index, units);
    unit_set_add(&segment->dirty, index, units);
    dirty_units += units;
    live_units -= units;
    unsigned most = peak_units < KEPT_UNITS ? KEPT_UNITS : peak_units;
    if (most > MOST_UNITS) most = MOST_UNITS;
    if (dirty_units > most)
        purge_excess(most - most / 8);
    else if (dirty_units > KEPT_UNITS)
        purge_old();
    hak_unlock(HAK_LOCK_SEGMENT);
}

size_t segment_v4_trim(void) {
    unsigned units = 0;
    hak_lock(HAK_LOCK_SEGMENT);
    for (size_t i = 0; i < segments(); i++)
        units += purge(segment_at(i), &segment_at(i)->dirty, SEGMENT_V4_PAGES);
    dirty_units -= units;
    hak_unlock(HAK_LOCK_SEGMENT);
    return (size_t)units * SEGMENT_V4_PAGE_SIZE;
}
