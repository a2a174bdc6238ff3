/* Each box on its own, without the front. */
#include "check.h"
#include "os/os_mem.h"
#include "route/classify.h"
#include "route/hak_pool.h"

#include <pthread.h>
#include <sys/mman.h>

enum { N = 3000 }; /* a multiple of 4 */
static void *blocks[N];

static struct hak_page *tiny_page(void *pointer) {
    return ss_map_lookup(hak_super_lookup(pointer), pointer);
}

static void *row_alloc(enum hak_box box, size_t size, unsigned class_id) {
    switch (box) {
#define X(id, name, allocate, free)                                                                          \
    case HAK_BOX_##id:                                                                                       \
        return allocate;
        HAK_BOXES_IN_SEGMENTS(X)
        HAK_BOXES_BY_LOOKUP(X)
#undef X
    default:
        return NULL;
    }
}

static void row_free(struct hak_page *page, void *pointer) {
    switch ((enum hak_box)page->box) {
#define X(id, name, allocate, free)                                                                          \
    case HAK_BOX_##id:                                                                                       \
        free;                                                                                                \
        break;
        HAK_BOXES_IN_SEGMENTS(X)
        HAK_BOXES_BY_LOOKUP(X)
#undef X
    default:
        CHECK(!"a block's page has a box with pages");
    }
}

/* The box does what its descriptor says. */
static void serves_class(enum hak_box number, unsigned class_id) {
    const struct box *box = hak_boxes[number];
    size_t size = hak_class_info[class_id].size;
    int n = size > 4096 ? 300 : N;
    size_t align = box->header ? box->header : size & -size;
    struct box_counts before[HAK_CLASSES] = {{0}}, after[HAK_CLASSES] = {{0}};
    box->count(box, before);
    for (int i = 0; i < n; i++) {
        blocks[i] = row_alloc(number, size, class_id);
        CHECK(blocks[i] && (uintptr_t)blocks[i] % align == 0);
        struct hak_page *page = classify_any(blocks[i]);
        page -= page->first_slab * (box->pages == BOX_PAGES_SEGMENT);
        CHECK(page->box == number && box_class_id(box, page->class_index) == class_id);
        CHECK(segment_v4_owns(blocks[i]) == (box->pages == BOX_PAGES_SEGMENT));
        CHECK(box->usable(page, blocks[i]) == size && page->stride == size + box->header);
        memset(blocks[i], i, size);
    }
    for (int i = 0; i < n; i++) {
        unsigned char *bytes = blocks[i];
        CHECK(bytes[0] == (unsigned char)i && bytes[size - 1] == (unsigned char)i);
        row_free(classify_any(blocks[i]), blocks[i]);
    }
    box->count(box, after);
    const struct box_counts *from = &before[class_id], *to = &after[class_id];
    CHECK(to->fast + to->slow - from->fast - from->slow == (uint64_t)n);
    CHECK(to->frees - from->frees == (uint64_t)n && to->remote == from->remote);
}

static enum hak_box box_under_test;
static void serves_its_classes(void) {
    for (unsigned class_id = 0; class_id < HAK_CLASSES; class_id++)
        if (hak_boxes[box_under_test]->classes & HAK_CLASS_BIT(class_id))
            serves_class(box_under_test, class_id);
}

static void each_box_serves_its_classes(void) {
    for (unsigned box = HAK_BOX_NONE + 1; box < HAK_BOXES; box++) {
        char name[64];
        if (!hak_boxes[box]->heaps) continue;
        box_under_test = (enum hak_box)box;
        snprintf(name, sizeof name, "%s_serves_its_classes", hak_boxes[box]->name);
        check_run(name, serves_its_classes);
    }
}

static void magazines_keep_to_their_limit(void) {
    for (unsigned c = 0; c < HAK_TINY_CLASSES; c++) {
        const struct hot_magazine *magazine = &hot_heap_tls->magazines[c];
        CHECK(magazine->count > 0 && magazine->count <= magazine->limit);
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
        size_t usable = pool_v1_box.usable(classify_any(aligned), aligned);
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
static void pool_v1_detects_misuse(void) {
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

static void large_blocks_have_room_to_grow(void) {
    const size_t FROM = 5 << 20, TO = 40 << 20, STEP = 4096;
    bool zeroed;
    unsigned moves = 0;
    char *block = large_alloc(FROM, 4096, &zeroed);
    block[0] = 1;
    for (size_t size = FROM + STEP; size <= TO; size += STEP) {
        char *grown = large_realloc(block, size);
        CHECK(grown && large_usable(grown) >= size && large_usable(grown) <= size + size / 4 + (4 << 20));
        moves += grown != block;
        block = grown;
        block[size - 1] = 1;
    }
    for (size_t size = FROM + STEP; size <= TO; size += STEP)
        CHECK(block[size - 1] == 1);
    CHECK(block[0] == 1 && moves <= 24); /* each time by an eighth */
    large_free(block);
}

/* A program that advises the system about a part of a block splits its mapping, which can't be moved then. */
static void split_mappings_stay_where_they_are(void) {
    const size_t SIZE = 20 << 20;
    bool zeroed;
    char *block = large_alloc(SIZE, 4096, &zeroed);
    memset(block, 7, SIZE);
    CHECK(madvise(block + SIZE / 2, 4096, MADV_DONTDUMP) == 0);
    CHECK(large_realloc(block, 2 * SIZE) == NULL);
    CHECK(large_usable(block) == SIZE && block[0] == 7 && block[SIZE - 1] == 7);
    large_free(block);
    char *longer = large_alloc(SIZE + SIZE / 4, 4096, &zeroed); /* not the cached one, made longer */
    CHECK(longer && zeroed);
    memset(longer, 1, SIZE + SIZE / 4);
    large_free(longer);
}

static void freed_mappings_are_used_again(void) {
    enum { BLOCKS = 40 };
    const size_t MIB = 1 << 20;
    bool zeroed;
    large_trim();
    char *block = large_alloc(20 * MIB, 4096, &zeroed);
    CHECK(zeroed && (uintptr_t)block % OS_HUGE_PAGE == 0);
    memset(block, 7, 20 * MIB);
    large_free(block);
    block = large_alloc(24 * MIB, 4096, &zeroed); /* the same memory, made longer */
    CHECK(!zeroed && large_usable(block) >= 24 * MIB && (uintptr_t)block % OS_HUGE_PAGE == 0);
    CHECK(block[0] == 7 && block[20 * MIB - 1] == 7 && block[20 * MIB] == 0);
    large_free(block);
    block = large_alloc(10 * MIB, 4096, &zeroed); /* would waste more than half of its size */
    CHECK(zeroed && large_usable(block) == 10 * MIB);
    large_free(block);

    static char *many[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
        CHECK((many[i] = large_alloc(5 * MIB, 4096, &zeroed)) != NULL);
    for (int i = 0; i < BLOCKS; i++)
        large_free(many[i]);
    size_t kept = large_trim();
    CHECK(kept >= 5 * MIB && kept <= 32 * MIB);

    /* Half of a huge block's size may be cached, until it is freed. */
    char *huge = large_alloc(2048 * MIB, 4096, &zeroed);
    CHECK(huge != NULL);
    for (int i = 0; i < BLOCKS; i++)
        CHECK((many[i] = large_alloc(33 * MIB, 4096, &zeroed)) != NULL);
    for (int i = 0; i < BLOCKS; i++)
        large_free(many[i]);
    large_free(huge);
    CHECK(large_trim() == 0);
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

static void remotely_freed_blocks_return(void) {
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
        /* Memory must not grow from round to round: the registry would grow with it. */
        uintptr_t live = atomic_load(&super_reg.table)->live + atomic_load(&mid_desc_registry.table)->live;
        if (round == 2) highest = live;
        if (round > 2) CHECK(live <= highest);
    }
}

int main(int argc, char **argv) {
    (void)argc;
    /* With sampling every call of the bins is counted. */
    if (!getenv("HAKMEM_STATS_SAMPLE")) {
        setenv("HAKMEM_STATS_SAMPLE", "1000000000", 1);
        execv("/proc/self/exe", argv);
        abort();
    }
    each_box_serves_its_classes();
    RUN(magazines_keep_to_their_limit);
    RUN(flatten_caches_blocks_and_counts);
    RUN(aligned_blocks_lead_back_to_theirs);
    RUN(pool_v1_detects_misuse);
    RUN(large_blocks_come_and_go);
    RUN(large_blocks_have_room_to_grow);
    RUN(split_mappings_stay_where_they_are);
    RUN(freed_mappings_are_used_again);
    RUN(remotely_freed_blocks_return);
    FINISH();
}
