/* How blocks return that another thread frees than the one that has allocated them. */
#define _GNU_SOURCE
#include "check.h"
#include "hakmem.h"
#include "heaps/bins.h"

#include <pthread.h>
#include <signal.h>

static void in_thread(void *(*run)(void *), void *argument) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, run, argument)) abort();
    pthread_join(thread, NULL);
}

enum { FREED = 1000 };
static uint32_t held(void) {
    uint32_t blocks = 0;
    for (unsigned index = 1; index < BINS_HELD; index++)
        blocks += bins_tls->held[index].count;
    return blocks;
}

/* A thread that only frees holds some small blocks, so that they go home together. It doesn't touch them.
 * Once it allocates, its bins are like any other's. */
static void *only_free(void *given) {
    void **blocks = given;
    CHECK(!bins_tls->held);
    for (int i = 0; i < FREED; i++) {
        uint64_t before;
        memcpy(&before, blocks[i], sizeof before);
        size_t size = hak_malloc_usable_size(blocks[i]);
        uint32_t were = i < 100 || size > 512 ? 0 : bins_tls->held[bins_index(size)].count;
        hak_free(blocks[i]);
        if (were && bins_tls->held[bins_index(size)].count == were + 1)
            CHECK(!memcmp(&before, blocks[i], sizeof before));
    }
    for (unsigned index = 1; index < BINS; index++) {
        const struct bin *bin = &bins_tls->bin[index];
        CHECK(!bin->head && !bin->aside_count && !bin->inverse);
        if (index < BINS_HELD) CHECK(bins_tls->held[index].count * (index < 17 ? index * 16 : 512) <= 8192);
    }
    CHECK(held() > 0 && held() < FREED / 4);
    void *own = hak_malloc(2000);
    CHECK(held() == 0);
    hak_free(own);
    const struct bin *bin = &bins_tls->bin[bins_index(2000)];
    CHECK((void *)bin->head == own);
    return NULL;
}
static void threads_that_only_free_keep_little(void) {
    static void *given[FREED];
    static const size_t sizes[] = {16, 100, 300, 512, 513, 1024, 5000};
    for (int i = 0; i < FREED; i++)
        given[i] = hak_malloc(sizes[i % 7]);
    pthread_t thread;
    pthread_create(&thread, NULL, only_free, given);
    pthread_join(thread, NULL);
}

enum { BLOCKS = 6000 };
static void *blocks[BLOCKS];
static size_t size_of_blocks;

static void *free_all(void *unused) {
    for (int i = 0; i < BLOCKS; i++)
        hak_free(blocks[i]);
    return unused;
}
static void *free_all_after_own(void *unused) {
    void *own = hak_malloc(size_of_blocks);
    free_all(NULL);
    hak_free(own);
    return unused;
}
static void *free_backwards_by_threes(void *unused) {
    for (int rest = 0; rest < 3; rest++)
        for (int i = BLOCKS - 1 - rest; i >= 0; i -= 3)
            hak_free(blocks[i]);
    return unused;
}

/* No block is lost and none is there twice: as many as before fit into the same pages, and what is written to
 * one stays. */
static void *they_return(void *run) {
    uint32_t pages = 0;
    for (int round = 0; round < 3; round++) {
        for (uintptr_t i = 0; i < BLOCKS; i++) {
            char *block = blocks[i] = hak_malloc(size_of_blocks);
            memcpy(block, &i, sizeof i);
            memcpy(block + size_of_blocks - sizeof i, &i, sizeof i);
        }
        for (uintptr_t i = 0; i < BLOCKS; i++) {
            const char *block = blocks[i];
            CHECK(!memcmp(block, &i, sizeof i) && !memcmp(block + size_of_blocks - sizeof i, &i, sizeof i));
        }
        const struct page_heap *heap = segment_v4_first(segment_v4_page(blocks[0]))->owner;
        uint32_t now = heap->classes[bins_index(size_of_blocks)].pages;
        CHECK(round == 0 || now <= pages + 1); /* one that is taken before others come back */
        pages = now;
        in_thread(*(void *(**)(void *))run, NULL);
    }
    return NULL;
}
static void blocks_return_whole(void) {
    static void *(*const runs[])(void *) = {free_all, free_all_after_own, free_backwards_by_threes};
    static const size_t sizes[] = {16, 32, 48, 112, 256, 500, 512, 700, 5000};
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (unsigned k = 0; k < 3; k++) {
            size_of_blocks = sizes[i];
            in_thread(they_return, (void *)&runs[k]);
        }
}

/* Misuse that is found at the latest when the owner takes the blocks back. */
static void *free_first(void *unused) {
    for (int i = 0; i < 40; i++)
        hak_free(blocks[i]); /* more than a thread without bins frees */
    return unused;
}
static void *free_again_later(void *unused) {
    free_first(NULL);
    hak_free(blocks[30]);
    return unused;
}
static void *free_again_after_own(void *unused) {
    void *own = hak_malloc(size_of_blocks);
    free_again_later(NULL);
    hak_free(own);
    return unused;
}
static void allocate_all(void) {
    size_of_blocks = 64;
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = hak_malloc(size_of_blocks);
}
static void free_in_two_threads(void) {
    allocate_all();
    in_thread(free_first, NULL);
    in_thread(free_first, NULL);
    allocate_all();
}
static void free_twice_in_a_thread(void) {
    allocate_all();
    in_thread(free_again_later, NULL);
    allocate_all();
}
static void free_twice_in_a_thread_with_bins(void) {
    allocate_all();
    in_thread(free_again_after_own, NULL);
    allocate_all();
}
static void write_after_free(void) {
    allocate_all();
    in_thread(free_all, NULL);
    for (int i = 0; i < BLOCKS; i++)
        memset(blocks[i], 0xa5, size_of_blocks);
    allocate_all();
}
static bool aborts(void (*run)(void), const char *with) {
    char text[512];
    int status = check_child(run, text, sizeof text);
    bool right = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && strstr(text, with);
    if (!right) printf("# %d: %s\n", status, text);
    return right;
}
static void misuse_is_found(void) {
    CHECK(aborts(free_in_two_threads, "double free"));
    CHECK(aborts(free_twice_in_a_thread, "double free"));
    CHECK(aborts(free_twice_in_a_thread_with_bins, "double free"));
    CHECK(aborts(write_after_free, "overwritten"));
}

int main(void) {
    RUN(threads_that_only_free_keep_little);
    RUN(blocks_return_whole);
    RUN(misuse_is_found);
    FINISH();
}
