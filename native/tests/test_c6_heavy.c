/* C6 heavy, and what options change inside pool v1 and the mid descriptors, without the front. */
#include "check.h"
#include "route/boxes.h"

#include <pthread.h>

enum { N = 3000 };
static void *blocks[N];

static uint64_t tally(enum hak_tally which) {
    uint64_t sums[HAK_TALLIES];
    hak_tallies_read(sums);
    return sums[which];
}

static void allocate_and_free(void) {
    for (int i = 0; i < N; i++) {
        blocks[i] = c6_heavy_alloc();
        CHECK(blocks[i] && (uintptr_t)blocks[i] % 512 == 0);
        CHECK(mid_desc_lookup(blocks[i])->page.box == HAK_BOX_C6_HEAVY);
        memset(blocks[i], i, 512);
    }
    for (int i = 0; i < N; i++) {
        unsigned char *bytes = blocks[i];
        CHECK(bytes[0] == (unsigned char)i && bytes[511] == (unsigned char)i);
        c6_heavy_free(blocks[i]);
    }
}

static void c6_heavy_serves_its_class(void) {
    allocate_and_free();
    allocate_and_free();
    struct block_cache *cache = c6_heavy_tls;
    CHECK(cache->count > 0 && cache->count <= cache->limit && cache->limit == BLOCK_CACHE_BLOCKS);
    CHECK(cache->alloc_fast + cache->alloc_slow == 2 * N && cache->frees == 2 * N);
    CHECK(cache->alloc_fast > 4 * cache->alloc_slow);
}

static void *without_cache(void *unused) {
    (void)unused;
    c6_heavy_cache.limit = 0;
    allocate_and_free();
    CHECK(c6_heavy_tls->count == 0 && c6_heavy_tls->alloc_fast == 0);
    CHECK(c6_heavy_tls->alloc_slow == N && c6_heavy_tls->frees == N);
    c6_heavy_cache.limit = BLOCK_CACHE_BLOCKS;
    return NULL;
}

static void without_a_cache_every_call_goes_to_the_pages(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, without_cache, NULL);
    pthread_join(thread, NULL);
}

static void *free_all(void *unused) {
    (void)unused;
    for (int i = 0; i < N; i++)
        c6_heavy_free(blocks[i]);
    return NULL;
}

static void remotely_freed_blocks_return(void) {
    uintptr_t settled = 0;
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < N; i++)
            blocks[i] = c6_heavy_alloc();
        pthread_t thread;
        pthread_create(&thread, NULL, free_all, NULL);
        pthread_join(thread, NULL);
        uintptr_t live = atomic_load(&mid_desc_registry.table)->live;
        if (round == 2) settled = live;
        if (round > 2) CHECK(live == settled);
    }
    CHECK(atomic_load(&c6_heavy_box.heaps->orphan_frees[HAK_C6]) == 20 * N);
}

static void a_context_ends_with_its_page(void) {
    mid_desc_cache_enabled = true;
    struct mid_desc *desc = (struct mid_desc *)mid_page_alloc(1, 512);
    desc->page.box = HAK_BOX_C6_HEAVY;
    desc->page.class_index = 6;
    char *inside = desc->base + 1000;
    const struct mid_desc_cache_entry *entry = mid_context_lookup(inside);
    CHECK(entry && entry->desc == desc && entry->box == HAK_BOX_C6_HEAVY && entry->class_index == 6);
    CHECK(mid_context_lookup(inside) == entry);
    mid_page_free(&desc->page);
    struct hak_page *again = mid_page_alloc(1, 528);
    CHECK(again == &desc->page);
    again->box = HAK_BOX_POOL_V1;
    again->class_index = 0;
    entry = mid_context_lookup(inside);
    CHECK(entry && entry->box == HAK_BOX_POOL_V1 && entry->class_index == 0);
    mid_page_free(again);
    int local;
    CHECK(mid_context_lookup(&local) == NULL);
}

static void headers_give_the_class(void) {
    unsigned class_index = 99;
    for (unsigned c = 0; c < HAK_POOL_CLASSES; c++) {
        void *block = hak_pool_try_alloc_v1_impl(c);
        /* The header is not read if it would lie on the previous system page. */
        if ((uintptr_t)block % 4096) CHECK(mid_header_read_class(block, &class_index) && class_index == c);
        CHECK(!mid_header_read_class((char *)block + 64, &class_index));
        CHECK(!mid_header_read_class((char *)block + 1, &class_index));
        hak_pool_free_v1_impl(mid_desc_lookup(block), block);
        CHECK(!mid_header_read_class(block, &class_index)); /* free now */
    }
}

static void lazy_headers_are_written_once(void) {
    mid_lazy_header = true;
    uint64_t before = tally(HAK_TALLY_HEADER_INIT);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 100; i++)
            blocks[i] = hak_pool_try_alloc_v1_impl(0);
        for (int i = 0; i < 100; i++)
            hak_pool_free_v1_impl(mid_desc_lookup(blocks[i]), blocks[i]);
    }
    uint64_t written = tally(HAK_TALLY_HEADER_INIT) - before;
    CHECK(written >= 90 && written <= 100); /* of 500 allocations */
    mid_lazy_header = false;
}

static void *in_batches(void *unused) {
    (void)unused;
    pool_v1_batch_occupancy = true;
    uint64_t before = tally(HAK_TALLY_OCCUPANCY_UPDATE);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < N; i++)
            blocks[i] = hak_pool_try_alloc_v1_impl(0);
        for (int i = 0; i < N; i++)
            hak_pool_free_v1_impl(mid_desc_lookup(blocks[i]), blocks[i]);
    }
    uint64_t updates = tally(HAK_TALLY_OCCUPANCY_UPDATE) - before;
    CHECK(updates > 5 * N / POOL_V1_BATCH / 2 && updates < 5 * N / 8);
    if (pool_v1_tls->batch.desc) pool_v1_batch_apply(pool_v1_tls);
    /* All remaining pages are empty. */
    for (struct hak_page *page = pool_v1_tls->heap.classes[0].current; page && page != &hak_page_none;
         page = page->next)
        CHECK(page->used == 0);
    pool_v1_batch_occupancy = false;
    return NULL;
}

static void occupancy_is_updated_in_batches(void) {
    pthread_t thread; /* which has its own pages */
    pthread_create(&thread, NULL, in_batches, NULL);
    pthread_join(thread, NULL);
}

int main(void) {
    RUN(c6_heavy_serves_its_class);
    RUN(without_a_cache_every_call_goes_to_the_pages);
    RUN(remotely_freed_blocks_return);
    RUN(a_context_ends_with_its_page);
    RUN(headers_give_the_class);
    RUN(lazy_headers_are_written_once);
    RUN(occupancy_is_updated_in_batches);
    FINISH();
}
