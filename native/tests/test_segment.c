/* Tiny segment v4 and the boxes on top of it: small-object box v4 and C7 ultra. */
#include "check.h"
#include "hakmem.h"
#include "os/os_mem.h"
#include "route/boxes.h"

#include <errno.h>
#include <pthread.h>
#include <sys/resource.h>

static void other_addresses_are_not_owned(void) {
    int local;
    CHECK(!segment_v4_owns(&local) && !segment_v4_owns(NULL) && !segment_v4_owns((void *)UINTPTR_MAX));
    /* Addresses that are reserved but unused do not count, because they are not readable. */
    CHECK(segment_v4_range.reserved > 0);
    CHECK(!segment_v4_owns((char *)segment_v4_range.base + segment_v4_range.reserved - 1));
}

static void pages_are_found_by_arithmetic(void) {
    enum { N = 200 }; /* more than three segments */
    static struct hak_page *pages[N];
    for (int i = 0; i < N; i++) {
        pages[i] = segment_v4_page_alloc(HAK_C6);
        CHECK(pages[i] && pages[i]->capacity == 128 && pages[i]->stride == 512);
        pages[i]->box = HAK_BOX_SMALL_V4;
        CHECK((uintptr_t)pages[i]->start % SEGMENT_V4_PAGE_SIZE == 0);
        memset(pages[i]->start, i, SEGMENT_V4_PAGE_SIZE);
    }
    for (int i = 0; i < N; i++) {
        for (size_t at = 0; at < SEGMENT_V4_PAGE_SIZE; at += 4096 - 8) {
            CHECK(segment_v4_owns(pages[i]->start + at));
            CHECK(segment_v4_page(pages[i]->start + at) == pages[i]);
            CHECK(pages[i]->start[at] == (char)i);
        }
    }
    other_addresses_are_not_owned();
    CHECK(segment_v4_page(segment_v4_of(pages[0]->start))->box == HAK_BOX_NONE); /* the metadata itself */

    uintptr_t used = atomic_load(&segment_v4_range.used);
    for (int i = 0; i < N; i++) {
        segment_v4_page_free(pages[i]);
        CHECK(segment_v4_page(pages[i]->start)->box == HAK_BOX_NONE && !pages[i]->owner);
    }
    CHECK(segment_v4_trim() == N * (size_t)SEGMENT_V4_PAGE_SIZE && segment_v4_trim() == 0);
    for (int i = 0; i < N; i++) {
        pages[i] = segment_v4_page_alloc(HAK_C7);
        CHECK(pages[i]->start[0] == 0); /* purged */
    }
    CHECK(atomic_load(&segment_v4_range.used) == used); /* the same segments again */
    for (int i = 0; i < N; i++)
        segment_v4_page_free(pages[i]);
}

enum { N = 3000 };
static void *blocks[N];

static void small_v4_serves_every_class(void) {
    for (unsigned c = 0; c <= HAK_M768; c++) {
        size_t size = hak_class_info[c].size;
        for (int i = 0; i < N; i++) {
            blocks[i] = small_v4_alloc(c);
            CHECK(blocks[i] && (uintptr_t)blocks[i] % (size & -size) == 0);
            struct hak_page *page = segment_v4_page(blocks[i]);
            CHECK(page->box == HAK_BOX_SMALL_V4 && page_usable(page, blocks[i]) == size);
            memset(blocks[i], i, size);
        }
        for (int i = 0; i < N; i++) {
            unsigned char *bytes = blocks[i];
            CHECK(bytes[0] == (unsigned char)i && bytes[size - 1] == (unsigned char)i);
        }
        for (int i = 0; i < N; i++)
            small_v4_free(segment_v4_page(blocks[i]), blocks[i]);
        struct page_class *cls = &small_v4_tls->classes[c];
        CHECK(cls->alloc_fast + cls->alloc_slow == N && cls->free_local == N && cls->free_remote == 0);
    }
}

/* The set against an array of flags, with random runs. */
static void unit_sets_find_the_first_run(void) {
    static bool flags[UNIT_SET_BITS];
    struct unit_set set = {{0}};
    unsigned random = 1;
    for (int round = 0; round < 3000; round++) {
        random = random * 1664525 + 1013904223;
        unsigned from = random >> 24, count = 1 + (random >> 8) % 40, in = 0, run = 0,
                 expected = UNIT_SET_BITS;
        if (from + count > UNIT_SET_BITS) count = UNIT_SET_BITS - from;
        bool add = random >> 20 & 1;
        for (unsigned i = from; i < from + count; i++) {
            in += flags[i];
            flags[i] = add;
        }
        if (add)
            unit_set_add(&set, from, count);
        else
            CHECK(unit_set_remove(&set, from, count) == in);
        unsigned wanted = 1 + (random >> 4) % 70;
        for (unsigned i = 0; i < UNIT_SET_BITS && expected == UNIT_SET_BITS; i++) {
            run = flags[i] ? run + 1 : 0;
            if (run == wanted) expected = i + 1 - wanted;
        }
        CHECK(unit_set_find(&set, wanted) == expected);
    }
}

static void runs_grow_into_free_units_only(void) {
    bool fresh;
    struct hak_page *first = segment_v4_run_alloc(40, &fresh), *second = segment_v4_run_alloc(30, &fresh);
    if (second < first) {
        struct hak_page *lower = second;
        second = first;
        first = lower;
    }
    CHECK(segment_v4_of(first) == segment_v4_of(second));
    if (first + first->slabs == second) CHECK(!segment_v4_run_grow(first, first->slabs + 1));
    unsigned to_the_end = SEGMENT_V4_PAGES - (unsigned)(second - segment_v4_of(second)->pages);
    CHECK(!segment_v4_run_grow(second, to_the_end + 1));
    CHECK(segment_v4_run_grow(second, second->slabs + 7));
    CHECK(segment_v4_first(second + second->slabs - 1) == second);
    second->flags = second->box = 0;
    segment_v4_page_free(second);
    CHECK(segment_v4_trim() > 0);
    segment_v4_page_free(first);
}

/* Of the free units with memory, a page gets one that was last used as it will be. */
static void units_keep_their_kind(void) {
    enum { ONE = 250, OTHER = 251, NEW = 252 };
    bool fresh;
    struct hak_page *low = segment_v4_unit_alloc(ONE, false, &fresh),
                    *high = segment_v4_unit_alloc(OTHER, false, &fresh);
    if (high < low) {
        struct hak_page *lower = high;
        high = low;
        low = lower;
        segment_v4_of(low)->kinds[low - segment_v4_of(low)->pages] = ONE;
        segment_v4_of(high)->kinds[high - segment_v4_of(high)->pages] = OTHER;
    }
    segment_v4_page_free(low);
    segment_v4_page_free(high);
    CHECK(segment_v4_unit_alloc(OTHER, false, &fresh) == high && !fresh);
    CHECK(segment_v4_unit_alloc(ONE, false, &fresh) == low && !fresh);
    segment_v4_page_free(low);
    struct hak_page *other =
        segment_v4_unit_alloc(NEW, false, &fresh); /* any unit with memory rather than none */
    CHECK(!fresh);
    segment_v4_page_free(other);
    segment_v4_page_free(high);
    segment_v4_trim();
    struct hak_page *page = segment_v4_unit_alloc(OTHER, false, &fresh);
    CHECK(fresh);
    segment_v4_page_free(page);
}

static unsigned units_in_huge_pages(void) {
    unsigned count = 0;
    for (size_t at = 0; at < segment_v4_mapped_bytes(); at += SEGMENT_V4_SIZE) {
        struct segment_v4 *segment = (struct segment_v4 *)(segment_v4_range.base + at);
        count += unit_set_count(&segment->huge, 0, SEGMENT_V4_PAGES);
    }
    return count;
}

/* A program that grows takes memory by the huge page. Runs get none of it, and all of it can be given back.
 */
static void growing_programs_get_huge_pages(void) {
    enum { ONE = 250, UNITS = 400, PER_HUGE_PAGE = OS_HUGE_PAGE / SEGMENT_V4_PAGE_SIZE };
    static struct hak_page *pages[UNITS];
    bool fresh;
    segment_v4_trim();
    CHECK(units_in_huge_pages() == 0);
    for (int i = 0; i < UNITS; i++) {
        CHECK(pages[i] = segment_v4_unit_alloc(ONE, true, &fresh));
        pages[i]->box = HAK_BOX_SMALL_V4;
        memset(pages[i]->start, 1, SEGMENT_V4_PAGE_SIZE);
    }
    unsigned huge = units_in_huge_pages();
    CHECK(huge % PER_HUGE_PAGE == 0 && huge > UNITS / 2 && huge < UNITS + PER_HUGE_PAGE);
    struct hak_page *run = segment_v4_run_alloc(2, &fresh);
    CHECK(run && !unit_set_count(&segment_v4_of(run)->huge, (unsigned)(run - segment_v4_of(run)->pages), 2));
    segment_v4_page_free(run);
    for (int i = 0; i < UNITS; i++)
        segment_v4_page_free(pages[i]);
    segment_v4_trim();
    CHECK(units_in_huge_pages() == 0);
    for (int i = 0; i < UNITS; i++) {
        CHECK(pages[i] = segment_v4_unit_alloc(ONE, false, &fresh));
        CHECK(fresh && pages[i]->start[0] == 0 && pages[i]->start[SEGMENT_V4_PAGE_SIZE - 1] == 0);
    }
    CHECK(units_in_huge_pages() == 0); /* these pages are not said to be used in whole */
    for (int i = 0; i < UNITS; i++)
        segment_v4_page_free(pages[i]);
    segment_v4_trim();
}

/* Each has its own quarter of a segment. */
static void runs_with_room_can_grow(void) {
    enum { RUNS = 6, QUARTER = SEGMENT_V4_PAGES / 4 };
    struct hak_page *runs[RUNS];
    bool fresh;
    for (int i = 0; i < RUNS; i++) {
        runs[i] = segment_v4_run_alloc_roomy(2, &fresh);
        CHECK(runs[i] && runs[i]->slabs == 2);
    }
    for (int i = 0; i < RUNS; i++)
        CHECK(segment_v4_run_grow(runs[i], QUARTER - 1));
    struct hak_page *longest = segment_v4_run_alloc_roomy(SEGMENT_V4_RUN_MOST, &fresh);
    CHECK(longest && longest->slabs == SEGMENT_V4_RUN_MOST);
    segment_v4_page_free(longest);
    for (int i = 0; i < RUNS; i++)
        segment_v4_page_free(runs[i]);
    CHECK(segment_v4_run_alloc_roomy(2, &fresh) == runs[0]);
    segment_v4_page_free(runs[0]);
}

static void small_v4_gives_empty_pages_back(void) {
    segment_v4_trim();
    for (int i = 0; i < N; i++)
        memset(blocks[i] = small_v4_alloc(HAK_C7), 1, 1024);
    for (int i = 0; i < N; i++)
        small_v4_free(segment_v4_page(blocks[i]), blocks[i]);
    /* All pages except those that a heap keeps. */
    CHECK(segment_v4_trim() >= (size_t)(N / 64 - 4) * SEGMENT_V4_PAGE_SIZE);
}

static void c7_ultra_serves_its_class(void) {
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < N; i++) {
            blocks[i] = c7_ultra_alloc();
            CHECK(blocks[i] && (uintptr_t)blocks[i] % 1024 == 0);
            struct hak_page *page = segment_v4_page(blocks[i]);
            CHECK(page->box == HAK_BOX_C7_ULTRA && page->stride == 1024);
            memset(blocks[i], i, 1024);
        }
        for (int i = 0; i < N; i++) {
            unsigned char *bytes = blocks[i];
            CHECK(bytes[0] == (unsigned char)i && bytes[1023] == (unsigned char)i);
            c7_ultra_free(blocks[i]);
        }
    }
    struct block_cache *cache = c7_ultra_tls;
    CHECK(cache->count > 0 && cache->count <= cache->limit);
    CHECK(cache->alloc_fast + cache->alloc_slow == 3 * N && cache->frees == 3 * N);
    CHECK(cache->alloc_fast > cache->alloc_slow && cache->free_remote == 0);
    void *top = cache->blocks[cache->count - 1];
    CHECK(c7_ultra_alloc() == top); /* the newest first */
    c7_ultra_free(top);
}

static void *free_all(void *unused) {
    (void)unused;
    for (int i = 0; i < N; i += 2) {
        small_v4_free(segment_v4_page(blocks[i]), blocks[i]);
        c7_ultra_free(blocks[i + 1]);
    }
    return NULL;
}

static void remotely_freed_blocks_return(void) {
    uintptr_t settled = 0;
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < N; i += 2) {
            blocks[i] = small_v4_alloc(HAK_M768);
            blocks[i + 1] = c7_ultra_alloc();
        }
        pthread_t thread;
        pthread_create(&thread, NULL, free_all, NULL);
        pthread_join(thread, NULL);
        uintptr_t used = atomic_load(&segment_v4_range.used);
        if (round == 2) settled = used;
        if (round > 2) CHECK(used == settled);
    }
    /* The freeing thread had no heap of these boxes. */
    CHECK(atomic_load(&small_v4_box.heaps->orphan_frees[HAK_M768]) == 20 * N / 2);
    CHECK(atomic_load(&c7_ultra_box.heaps->orphan_frees[HAK_C7]) == 20 * N / 2);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) /* they need more address space */
/* A program that limits its address space after the start: the reservation must neither use up the limit nor
 * bypass it. */
static void limit_addresses(void) {
    struct rlimit limit = {(rlim_t)1 << 30, (rlim_t)1 << 30};
    setrlimit(RLIMIT_AS, &limit);
    char *large = hak_malloc((size_t)64 << 20);
    CHECK(large != NULL);
    size_t count = 0;
    for (void **block; (block = hak_malloc(1000)) != NULL; count++)
        *block = NULL;
    CHECK(errno == ENOMEM);
    CHECK(count > (300 << 20) / 1024 && count < ((size_t)1 << 30) / 1024);
    hak_free(large);
    CHECK(hak_malloc(1000) != NULL || errno == ENOMEM);
}
static void a_later_address_space_limit_holds(void) {
    int status = check_child(limit_addresses, NULL, 0);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
#else
static void a_later_address_space_limit_holds(void) {}
#endif

int main(void) {
    RUN(other_addresses_are_not_owned);
    RUN(pages_are_found_by_arithmetic);
    RUN(small_v4_serves_every_class);
    RUN(unit_sets_find_the_first_run);
    RUN(runs_grow_into_free_units_only);
    RUN(units_keep_their_kind);
    RUN(growing_programs_get_huge_pages);
    RUN(runs_with_room_can_grow);
    RUN(small_v4_gives_empty_pages_back);
    RUN(c7_ultra_serves_its_class);
    RUN(remotely_freed_blocks_return);
    RUN(a_later_address_space_limit_holds);
    FINISH();
}
