#include "heaps/span.h"
#include "base/misuse.h"
#include "os/os_thread.h"

#include <string.h>

/* What a thread keeps: KEPT spans of at most KEPT_UNITS units in total, the oldest first. The longest span
 * alone fits. */
enum { KEPT = 4, KEPT_UNITS = 64 };
/* From here on a block that grows gets room to grow again. Thousands of such blocks have their own page
 * tables and records, and copying a shorter one costs less than that. */
enum { ROOMY_UNITS = 4 };
struct kept {
    uint32_t count, units;
    struct hak_page *spans[KEPT];
};
_Static_assert(KEPT_UNITS *SEGMENT_V4_PAGE_SIZE >= SPAN_MAX, "any span can be kept");
static HAK_TLS struct kept kept;

/* Statistics are on: nothing is kept, so that every call takes the paths that count. Set before the first
 * block exists. */
static bool counted;

/* Of spans that have left segments and returned to them. */
static _Atomic uint64_t count_taken, count_returned;
static _Atomic size_t taken_units;

/* In the record of a run. */
enum { FREED, LIVE };
static void set_state(struct hak_page *page, uint32_t state) {
    __atomic_store_n(&page->used, state, __ATOMIC_RELAXED);
}

static struct hak_page *take_kept(unsigned units) {
    for (unsigned i = kept.count; i-- > 0;) {
        struct hak_page *page = kept.spans[i];
        if (page->slabs != units) continue;
        kept.count--;
        kept.units -= units;
        for (; i < kept.count; i++)
            kept.spans[i] = kept.spans[i + 1];
        return page;
    }
    return NULL;
}

static void give_back(struct hak_page *page) {
    atomic_fetch_add_explicit(&count_returned, 1, memory_order_relaxed);
    atomic_fetch_sub_explicit(&taken_units, page->slabs, memory_order_relaxed);
    segment_v4_page_free(page);
}

static void give_back_oldest(void) {
    struct hak_page *oldest = kept.spans[0];
    kept.count--;
    kept.units -= oldest->slabs;
    for (unsigned i = 0; i < kept.count; i++)
        kept.spans[i] = kept.spans[i + 1];
    give_back(oldest);
}

static unsigned units_of(size_t size) {
    return (unsigned)((size + SEGMENT_V4_PAGE_SIZE - 1) >> SEGMENT_V4_PAGE_SHIFT);
}

/* Sets what depends on the length of a run of which the first `known` units are known. */
static void set_length(struct hak_page *page, unsigned known, unsigned box) {
    page->stride = page->slabs * SEGMENT_V4_PAGE_SIZE;
    for (unsigned i = known; i < page->slabs; i++)
        page[i].box = (uint8_t)box;
    atomic_fetch_add_explicit(&taken_units, page->slabs - known, memory_order_relaxed);
}

static void *make_live(struct hak_page *page) {
    set_state(page, LIVE);
    return page->start;
}

static void *make_span(struct hak_page *page, unsigned box) {
    if (!page) return NULL;
    page->flags = 0;
    set_length(page, 0, box);
    atomic_fetch_add_explicit(&count_taken, 1, memory_order_relaxed);
    return make_live(page);
}

void *span_alloc(size_t size, unsigned box, bool *zeroed) {
    if (!atomic_load_explicit(&segment_v4_range.reserved, memory_order_relaxed))
        return NULL; /* not started, or no addresses available */
    unsigned units = units_of(size);
    struct hak_page *page = take_kept(units);
    return page ? make_live(page) : make_span(segment_v4_run_alloc(units, zeroed), box);
}

static _Noreturn void misuse(const char *what, const void *pointer) {
    hak_misuse(what, pointer, HAK_LARGE, span_box.name);
}

/* The record of a live block, which is live no more. */
static struct hak_page *make_free(struct hak_page *unit, void *pointer) {
    struct hak_page *page = segment_v4_first(unit);
    if (page->start != pointer) misuse("invalid pointer inside a block", pointer);
    if (__atomic_exchange_n(&page->used, FREED, __ATOMIC_RELAXED) != LIVE) misuse("double free", pointer);
    return page;
}

void span_free(struct hak_page *unit, void *pointer) {
    struct hak_page *page = make_free(unit, pointer);
    if (counted || os_thread_is_over()) {
        give_back(page);
        return;
    }
    while (kept.count == KEPT || (kept.count && kept.units + page->slabs > KEPT_UNITS))
        give_back_oldest();
    if (!kept.count) os_thread_arm();
    kept.spans[kept.count++] = page;
    kept.units += page->slabs;
}

bool span_grow(struct hak_page *unit, void *pointer, size_t size) {
    struct hak_page *page = segment_v4_first(unit);
    if (page->start != pointer || size <= page->stride || size > SPAN_MAX) return false;
    unsigned known = page->slabs;
    if (!segment_v4_run_grow(page, units_of(size))) return false;
    set_length(page, known, page->box);
    return true;
}

/* A block that has grown will grow again. Its old units are not kept: they may be what a neighbor grows into.
 */
void *span_move(struct hak_page *unit, void *pointer, size_t size) {
    struct hak_page *page = segment_v4_first(unit);
    if (page->start != pointer || size <= page->stride || size > SPAN_MAX) return NULL;
    unsigned units = units_of(size);
    bool fresh;
    struct hak_page *target =
        units < ROOMY_UNITS ? segment_v4_run_alloc(units, &fresh) : segment_v4_run_alloc_roomy(units, &fresh);
    void *moved = make_span(target, page->box);
    if (!moved) return NULL;
    memcpy(moved, pointer, page->stride);
    give_back(make_free(unit, pointer));
    return moved;
}

static void thread_exit(void) {
    while (kept.count)
        give_back_oldest();
}

size_t span_used_bytes(void) {
    size_t units = atomic_load_explicit(&taken_units, memory_order_relaxed);
    return (units - kept.units) * SEGMENT_V4_PAGE_SIZE;
}

/* Without statistics only the spans that leave segments and return are counted. */
static void count(const struct box *box, struct box_counts counts[HAK_CLASSES]) {
    (void)box;
    counts[HAK_LARGE].slow += atomic_load_explicit(&count_taken, memory_order_relaxed);
    counts[HAK_LARGE].frees += atomic_load_explicit(&count_returned, memory_order_relaxed);
}

static size_t usable(struct hak_page *unit, void *pointer) {
    struct hak_page *page = segment_v4_first(unit);
    if (page->start != pointer) misuse("invalid pointer inside a block", pointer);
    if (__atomic_load_n(&page->used, __ATOMIC_RELAXED) != LIVE) misuse("use of a freed block", pointer);
    return page->stride;
}

static void start(const struct hak_configuration *configuration) {
    counted = configuration->values[HAK_OPT_STATS] || configuration->values[HAK_OPT_STATS_SAMPLE];
}

const struct box span_box = {
    .name = "span",
    .meaning =
        "A run of segment units per block, up to 4 MiB. A thread keeps the last few that it has freed.",
    .classes = HAK_CLASS_BIT(HAK_LARGE),
    .pages = BOX_PAGES_SEGMENT,
    .start = start,
    .thread_exit = thread_exit,
    .count = count,
    .usable = usable,
};
