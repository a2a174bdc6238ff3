/* Each heap on its own, without the front. */
#include "check.h"
#include "heaps/hot_heap_v2.h"
#include "heaps/large.h"
#include "heaps/pool_v1.h"
#include "heaps/pool_v1_flat.h"
#include "heaps/pool_v2.h"
#include "heaps/tiny_heap_v1.h"
#include "superslab/super_reg.h"

#include <pthread.h>

enum { N = 3000 }; /* a multiple of 4 */
static void *blocks[N];

static struct hak_page *tiny_page(void *pointer) {
    return ss_map_lookup(hak_super_lookup(pointer), pointer);
}

static void tiny_heap_serves_every_class(void) {
    for (unsigned c = 0; c < HAK_TINY_CLASSES; c++) {
        size_t size = hak_class_info[c].size;
        for (int i = 0; i < N; i++) {
            blocks[i] = tiny_heap_alloc(c);
            CHECK(blocks[i] && (uintptr_t)blocks[i] % size == 0);
            CHECK(tiny_heap_usable(tiny_page(blocks[i])) == size);
            memset(blocks[i], i, size);
        }
        for (int i = 0; i < N; i++) {
            unsigned char *bytes = blocks[i];
            CHECK(bytes[0] == (unsigned char)i && bytes[size - 1] == (unsigned char)i);
        }
        for (int i = 0; i < N; i++)
            tiny_heap_free(tiny_page(blocks[i]), blocks[i]);
    }
}

static void hot_heap_serves_every_class(void) {
    for (unsigned c = 0; c < HAK_TINY_CLASSES; c++) {
        size_t size = hak_class_info[c].size;
        for (int i = 0; i < N; i++) {
            blocks[i] = hot_heap_alloc(c);
            CHECK(blocks[i] && (uintptr_t)blocks[i] % size == 0);
            CHECK(tiny_page(blocks[i])->box == HAK_BOX_HOT_HEAP_V2);
            CHECK(hot_heap_usable(tiny_page(blocks[i])) == size);
            memset(blocks[i], i, size);
        }
        for (int i = 0; i < N; i++) {
            unsigned char *bytes = blocks[i];
            CHECK(bytes[0] == (unsigned char)i && bytes[size - 1] == (unsigned char)i);
        }
        for (int i = 0; i < N; i++)
            hot_heap_free(tiny_page(blocks[i]), blocks[i]);
        struct hot_magazine *magazine = &hot_heap_tls->magazines[c];
        CHECK(magazine->count > 0 && magazine->count <= magazine->limit);
    }
}

static void pool_v1_serves_every_class(void) {
    for (unsigned c = 0; c < HAK_POOL_CLASSES; c++) {
        size_t size = hak_pool_class_size[c];
        int n = size > 4096 ? 300 : N;
        for (int i = 0; i < n; i++) {
            blocks[i] = hak_pool_try_alloc_v1_impl(c);
            CHECK(blocks[i] && (uintptr_t)blocks[i] % 16 == 0);
            CHECK(pool_v1_usable(mid_desc_lookup(blocks[i]), blocks[i]) == size);
            memset(blocks[i], i, size);
        }
        for (int i = 0; i < n; i++) {
            unsigned char *bytes = blocks[i];
            CHECK(bytes[0] == (unsigned char)i && bytes[size - 1] == (unsigned char)i);
        }
        for (int i = 0; i < n; i++)
            hak_pool_free_v1_impl(mid_desc_lookup(blocks[i]), blocks[i]);
    }
}

static void pool_v2_serves_every_class(void) {
    for (unsigned c = 0; c < HAK_POOL_CLASSES; c++) {
        size_t size = hak_pool_class_size[c];
        int n = size > 4096 ? 300 : N;
        for (int i = 0; i < n; i++) {
            blocks[i] = hak_pool_try_alloc_v2_impl(c);
            CHECK(blocks[i] && (uintptr_t)blocks[i] % 16 == 0);
            if ((size & (size - 1)) == 0) CHECK((uintptr_t)blocks[i] % size == 0);
            CHECK(pool_v2_usable(mid_desc_lookup(blocks[i])) == size);
            memset(blocks[i], i, size);
        }
        for (int i = 0; i < n; i++) {
            unsigned char *bytes = blocks[i];
            CHECK(bytes[0] == (unsigned char)i && bytes[size - 1] == (unsigned char)i);
        }
        for (int i = 0; i < n; i++)
            hak_pool_free_v2_impl(mid_desc_lookup(blocks[i]), blocks[i]);
    }
}

static void flatten_caches_blocks_and_counts(void) {
    uint64_t before[POOL_V1_FLAT_COUNTERS], after[POOL_V1_FLAT_COUNTERS];
    pool_v1_flat_counters(before);
    void *block = hak_pool_try_alloc_v1_flat(0); /* empty cache: ordinary path */
    hak_pool_free_v1_flat(mid_desc_lookup(block), block);
    void *again = hak_pool_try_alloc_v1_flat(0);
    CHECK(block == again);
    hak_pool_free_v1_flat(mid_desc_lookup(again), again);
    for (int i = 0; i < N; i++)
        blocks[i] = hak_pool_try_alloc_v1_flat(0);
    for (int i = 0; i < N; i++)
        hak_pool_free_v1_flat(mid_desc_lookup(blocks[i]), blocks[i]);
    pool_v1_flat_counters(after);
    CHECK(after[0] - before[0] == 2); /* alloc_tls_hit: `again` and the first of the N */
    CHECK(after[1] - before[1] == N); /* alloc_fb: `block` and the other N - 1 */
    CHECK(after[2] - before[2] + (after[3] - before[3]) == N + 2);
    CHECK(after[3] > before[3]); /* the cache overflowed */
    pool_v1_flat_flush(pool_v1_tls, 0);
    CHECK(pool_v1_tls->flat.count == 0);
}

static void aligned_blocks_lead_back_to_theirs(void) {
    for (size_t align = 32; align <= 8192; align *= 2) {
        void *block = hak_pool_try_alloc_v1_impl(hak_pool_get_class_index(300 + align));
        char *aligned = pool_v1_align(block, align);
        CHECK((uintptr_t)aligned % align == 0);
        size_t usable = pool_v1_usable(mid_desc_lookup(aligned), aligned);
        CHECK(usable >= 300);
        memset(aligned, 0xee, usable);
        hak_pool_free_v1_impl(mid_desc_lookup(aligned), aligned);
    }
}

static void free_twice(void) {
    void *block = hak_pool_try_alloc_v1_impl(0);
    hak_pool_free_v1_impl(mid_desc_lookup(block), block);
    hak_pool_free_v1_impl(mid_desc_lookup(block), block);
}
static void free_interior(void) {
    char *block = hak_pool_try_alloc_v1_impl(0);
    memset(block, 0, 512);
    hak_pool_free_v1_impl(mid_desc_lookup(block), block + 64);
}
static void free_page_start(void) {
    char *block = hak_pool_try_alloc_v1_impl(12);
    hak_pool_free_v1_impl(mid_desc_lookup(block), mid_desc_lookup(block)->base);
}
static void pool_v1_notices_misuse(void) {
    char text[512];
    int status = check_child(free_twice, text, sizeof text);
    CHECK(WIFSIGNALED(status));
    CHECK(strstr(text, "double free: pointer 0x") && strstr(text, "class C6, box pool_v1"));
    status = check_child(free_page_start, text, sizeof text);
    CHECK(WIFSIGNALED(status) && strstr(text, "invalid pointer or overwritten header"));
    status = check_child(free_interior, text, sizeof text);
    CHECK(WIFSIGNALED(status));
    CHECK(strstr(text, "invalid pointer or overwritten header"));
}

static void large_blocks_come_and_go(void) {
    bool zeroed;
    char *block = large_alloc(100000, 4096, &zeroed);
    CHECK(block && zeroed && large_usable(block) >= 100000);
    memset(block, 7, 100000);
    CHECK(large_usable(block + 4096) == 0);
    char *grown = large_realloc(block, 10000000);
    CHECK(grown && large_usable(grown) >= 10000000 && grown[0] == 7 && grown[99999] == 7);
    grown[9999999] = 1;
    char *shrunk = large_realloc(grown, 50000);
    CHECK(shrunk == grown && large_usable(shrunk) < 60000 && shrunk[49999] == 7);
    CHECK(large_free(shrunk));
    CHECK(!large_free(shrunk) && large_usable(shrunk) == 0);

    char *reused = large_alloc(50000, 4096, &zeroed);
    CHECK(reused == shrunk && !zeroed);
    large_free(reused);
    char *aligned = large_alloc(5000000, (size_t)1 << 22, &zeroed);
    CHECK(aligned && (uintptr_t)aligned % (1 << 22) == 0);
    large_free(aligned);
    CHECK(large_alloc(SIZE_MAX - 100, 4096, &zeroed) == NULL);
    CHECK(large_alloc((size_t)1 << 50, 4096, &zeroed) == NULL);
    CHECK(large_alloc(4096, (size_t)1 << 63, &zeroed) == NULL);
}

static void *free_all(void *unused) {
    (void)unused;
    for (int i = 0; i < N; i += 4) {
        tiny_heap_free(tiny_page(blocks[i]), blocks[i]);
        hak_pool_free_v1_impl(mid_desc_lookup(blocks[i + 1]), blocks[i + 1]);
        hak_pool_free_v2_impl(mid_desc_lookup(blocks[i + 2]), blocks[i + 2]);
        hot_heap_free(tiny_page(blocks[i + 3]), blocks[i + 3]);
    }
    return NULL;
}

static void blocks_freed_elsewhere_come_home(void) {
    uintptr_t highest = 0;
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < N; i += 4) {
            blocks[i] = tiny_heap_alloc(HAK_C6);
            blocks[i + 1] = hak_pool_try_alloc_v1_impl(1);
            blocks[i + 2] = hak_pool_try_alloc_v2_impl(1);
            blocks[i + 3] = hot_heap_alloc(HAK_C6);
        }
        pthread_t thread;
        pthread_create(&thread, NULL, free_all, NULL);
        pthread_join(thread, NULL);
        /* Memory does not grow from round to round: the registry would. */
        uintptr_t live = atomic_load(&super_reg.table)->live + atomic_load(&mid_desc_registry.table)->live;
        if (round == 2) highest = live;
        if (round > 2) CHECK(live <= highest);
    }
}

int main(void) {
    RUN(tiny_heap_serves_every_class);
    RUN(hot_heap_serves_every_class);
    RUN(pool_v1_serves_every_class);
    RUN(pool_v2_serves_every_class);
    RUN(flatten_caches_blocks_and_counts);
    RUN(aligned_blocks_lead_back_to_theirs);
    RUN(pool_v1_notices_misuse);
    RUN(large_blocks_come_and_go);
    RUN(blocks_freed_elsewhere_come_home);
    FINISH();
}
