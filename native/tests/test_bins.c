/* When the lists of a bin are set aside, when they go home, and what an ended thread leaves. */
#define _GNU_SOURCE
#include "check.h"
#include "hakmem.h"
#include "heaps/bins.h"
#include "os/os_mem.h"

#include <pthread.h>
#include <sys/mman.h>

enum { SIZE = 256, INDEX = SIZE / 16, BLOCKS = 8192 }; /* 2 MiB */
enum { FOREIGN = 768, LONELY = 1280 };                 /* sizes of which no other test keeps blocks */
static void *blocks[BLOCKS];

static void allocate_all(void) {
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = hak_malloc(SIZE);
}

static void free_some(int from, int bytes) {
    for (int i = from; i < from + bytes / SIZE; i++)
        hak_free(blocks[i]);
}

static void in_thread(void *(*run)(void *), void *argument) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, run, argument) == 0);
    pthread_join(thread, NULL);
}

static uint32_t length_of(unsigned index) {
    uint32_t blocks_in_list = 0;
    for (const struct hak_block *block = bins_tls->bin[index].head; block; block = block->next)
        blocks_in_list++;
    return blocks_in_list;
}
static uint32_t length(void) {
    return length_of(INDEX);
}

/* The only comparison that free makes of where a pointer lies in a block: of the product's upper half with
 * what the bin takes, at most BINS_TAKES_MOST times BINS_ONE. */
static uint32_t place(uint64_t offset, unsigned index) {
    return (uint32_t)(offset * bins_tls->bin[index].inverse >> 32);
}
static void test_bins_tell_the_start_of_a_block(void) {
    const uint64_t reach = (uint64_t)BINS_UNITS << SEGMENT_V4_PAGE_SHIFT;
    uint64_t random = 1;
    for (size_t size = 16; size <= BINS_MAX; size += 16) {
        void *block = hak_malloc(size);
        uint64_t stride = hak_malloc_usable_size(block), last = (reach - 1) / stride;
        unsigned index = bins_index(size);
        for (int i = 0; i < 100; i++) {
            uint64_t n = i == 0 ? 1 : i == 1 ? last : 1 + check_random(&random) % last;
            uint64_t inside = i % 4 == 0   ? 1
                              : i % 4 == 1 ? stride - 1
                              : i % 4 == 2 ? 8
                                           : 1 + check_random(&random) % (stride - 1);
            CHECK(place(n * stride, index) < BINS_ONE);
            CHECK(place(n * stride + inside, index) > BINS_TAKES_MOST * BINS_ONE);
            CHECK(place(inside, index) > BINS_TAKES_MOST * BINS_ONE);
        }
        hak_free(block);
    }
}

/* Those of a thread without bins take nothing, whatever the product. */
static void *frees_without_bins(void *block) {
    CHECK(bins_tls->bin[INDEX].takes == 0 && bins_tls->bin[0].takes == 0);
    hak_free(block);
    CHECK(bins_tls->bin[INDEX].takes == 0 && !bins_tls->bin[INDEX].head);
    return NULL;
}
static void test_bins_of_no_thread_take_nothing(void) {
    in_thread(frees_without_bins, hak_malloc(SIZE));
}

/* A heap keeps its only page of a size anyway. */
static void *uses_one_page(void *unused) {
    (void)unused;
    enum { HERE = 40 }; /* of 51 in a page */
    unsigned index = bins_index(LONELY);
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < HERE; i++)
            blocks[i] = hak_malloc(LONELY);
        for (int i = 0; i < HERE; i++)
            hak_free(blocks[i]);
        CHECK(length_of(index) >= HERE);
    }
    CHECK(bins_tls->bin[index].aside_count == 0);
    return NULL;
}
static void test_bins_of_one_page_keep_its_blocks(void) {
    hak_malloc_trim(0); /* the thread starts without pages */
    in_thread(uses_one_page, NULL);
}

/* Other threads' blocks go home nevertheless. */
static void *frees_many_with_one_page(void *unused) {
    hak_free(hak_malloc(SIZE));
    for (int i = 0; i < BLOCKS; i++) {
        hak_free(blocks[i]);
        CHECK(length() <= 2 * 64 * 1024 / SIZE);
    }
    CHECK(bins_tls->bin[INDEX].aside_count < BINS_ASIDE);
    return unused;
}
static void test_bins_of_one_page_send_others_blocks_home(void) {
    allocate_all();
    in_thread(frees_many_with_one_page, NULL);
}

/* Long lists stay, as long as malloc may still want them: their blocks are no longer in the cache. */
static void test_bins_long_lists_are_set_aside(void) {
    allocate_all();
    free_some(0, 192 * 1024);
    CHECK(bins_tls->bin[INDEX].aside_count == 2);
    CHECK(length() <= 8 * 1024 / SIZE);
}

static void test_bins_short_lists_go_home(void) {
    int from = 192 * 1024 / SIZE;
    free_some(from, 512 * 1024);
    CHECK(bins_tls->bin[INDEX].aside_count == 2);
    CHECK(length() <= 8 * 1024 / SIZE);
}

static void test_bins_unwanted_lists_go_home_in_the_end(void) {
    int from = (192 + 512) * 1024 / SIZE;
    free_some(from, 640 * 1024);
    CHECK(bins_tls->bin[INDEX].aside_count == 1);
}

static void test_bins_malloc_takes_what_was_set_aside(void) {
    uint32_t listed = length();
    for (uint32_t i = 0; i <= listed; i++)
        CHECK(hak_malloc(SIZE));
    CHECK(bins_tls->bin[INDEX].aside_count == 0);
    CHECK(length() == 64 * 1024 / SIZE - 1);
}

/* Large blocks: a list is not examined at each quantum of 16, but stays below 64 blocks and a quantum. */
enum { LARGE_SIZE = 20000, LARGE_BLOCKS = 400, LARGE_MOST = 64 + 16 };
static void *large_blocks[LARGE_BLOCKS];

static void allocate_large(int from, int to) {
    for (int i = from; i < to; i++)
        CHECK((large_blocks[i] = hak_malloc(LARGE_SIZE)) != NULL);
}
static void free_large(int from, int to) {
    unsigned index = bins_index(LARGE_SIZE);
    for (int i = from; i < to; i++) {
        hak_free(large_blocks[i]);
        CHECK(length_of(index) <= LARGE_MOST);
    }
}

static void test_bins_of_large_blocks_stay_short(void) {
    allocate_large(0, LARGE_BLOCKS);
    free_large(0, LARGE_BLOCKS);
}

/* The thread has one page of its own, so that its own blocks can't be many. */
static void *free_large_elsewhere(void *unused) {
    (void)unused;
    void *own[10];
    for (int round = 0; round < 8; round++) {
        for (int i = 0; i < 10; i++)
            own[i] = hak_malloc(LARGE_SIZE);
        for (int i = 0; i < 10; i++)
            hak_free(own[i]);
    }
    free_large(0, LARGE_BLOCKS);
    return NULL;
}
static void test_bins_of_others_large_blocks_stay_short(void) {
    allocate_large(0, LARGE_BLOCKS);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, free_large_elsewhere, NULL) == 0);
    pthread_join(thread, NULL);
}

/* What an ended thread leaves. */

static void *use_some_sizes(void *unused) {
    (void)unused;
    for (size_t size = 16; size <= 512; size += 16)
        hak_free(hak_malloc(size));
    return NULL;
}
static void *starts_with_full_bins(void *unused) {
    (void)unused;
    hak_free(hak_malloc(16));
    unsigned full = 0;
    for (unsigned index = 2; index <= bins_index(512); index++)
        full += bins_tls->bin[index].head != NULL;
    CHECK(full == bins_index(512) - 1);
    return NULL;
}
static void test_bins_pass_from_thread_to_thread(void) {
    in_thread(use_some_sizes, NULL);
    in_thread(starts_with_full_bins, NULL);
    in_thread(starts_with_full_bins, NULL);
}

static uint64_t blocks_in_use(void) {
    struct hak_mallinfo info = hak_mallinfo2();
    return info.uordblks;
}
static void test_bins_of_ended_threads_count_as_free(void) {
    uint64_t before = blocks_in_use();
    in_thread(use_some_sizes, NULL);
    CHECK(blocks_in_use() == before);
}

/* A block of a living thread must not wait in the bin of an ended one: it would hold its page. */
static void *free_it(void *block) {
    hak_free(hak_malloc(FOREIGN));
    hak_free(block);
    CHECK(bins_tls->bin[bins_index(FOREIGN)].head == block);
    return NULL;
}
static void test_bins_keep_no_foreign_blocks(void) {
    void *block = hak_malloc(FOREIGN);
    struct hak_page *page = segment_v4_first(segment_v4_page(block));
    in_thread(free_it, block);
    CHECK((void *)atomic_load(&page->remote) == block);
}

static void test_bins_are_trimmed(void) {
    in_thread(use_some_sizes, NULL);
    CHECK(bins_box.heaps->warm);
    hak_malloc_trim(0);
    CHECK(!bins_box.heaps->warm);
}

enum { SET = 100 };
static void *live_shortly(void *seed) {
    uint64_t random = (uintptr_t)seed;
    void *set[SET] = {NULL};
    for (int i = 0; i < 3 * SET; i++) {
        uint64_t r = check_random(&random);
        void **slot = &set[r % SET];
        size_t size = 1 + (r >> 32) % (r & 1 << 20 ? 256 : r & 15 << 21 ? 2048 : 32768);
        hak_free(*slot);
        *slot = memset(hak_malloc(size), 1, size);
    }
    for (int i = 0; i < SET; i++)
        hak_free(set[i]);
    return NULL;
}
/* Of segments only: the sanitizers have memory of their own for each thread. */
static size_t resident_bytes(void) {
    static unsigned char resident[64 << 10];
    size_t pages = segment_v4_mapped_bytes() / os_page_size(), bytes = 0;
    CHECK(pages <= sizeof resident);
    CHECK(mincore((void *)segment_v4_range.base, segment_v4_mapped_bytes(), resident) == 0);
    for (size_t i = 0; i < pages; i++)
        if (resident[i] & 1) bytes += os_page_size();
    return bytes;
}

/* The bins of an ended thread serve the next one, so a thousand threads need no more memory than the few that
 * live at once. */
static void test_bins_of_short_threads_stay_small(void) {
    hak_malloc_trim(0);
    for (uintptr_t round = 0; round < 250; round++) {
        pthread_t threads[4];
        for (uintptr_t i = 0; i < 4; i++)
            CHECK(pthread_create(&threads[i], NULL, live_shortly, (void *)(round * 4 + i + 1)) == 0);
        for (int i = 0; i < 4; i++)
            pthread_join(threads[i], NULL);
    }
    CHECK(resident_bytes() < 8 << 20);
}

int main(void) {
    RUN(test_bins_long_lists_are_set_aside);
    RUN(test_bins_short_lists_go_home);
    RUN(test_bins_unwanted_lists_go_home_in_the_end);
    RUN(test_bins_malloc_takes_what_was_set_aside);
    RUN(test_bins_of_large_blocks_stay_short);
    RUN(test_bins_of_others_large_blocks_stay_short);
    RUN(test_bins_pass_from_thread_to_thread);
    RUN(test_bins_of_ended_threads_count_as_free);
    RUN(test_bins_keep_no_foreign_blocks);
    RUN(test_bins_are_trimmed);
    RUN(test_bins_of_short_threads_stay_small);
    RUN(test_bins_tell_the_start_of_a_block);
    RUN(test_bins_of_no_thread_take_nothing);
    RUN(test_bins_of_one_page_keep_its_blocks);
    RUN(test_bins_of_one_page_send_others_blocks_home);
    FINISH();
}
