#include "heaps/pool_v1.h"
#include "base/misuse.h"
#include "os/os_text.h"
#include "os/os_thread.h"

HAK_TLS struct pool_v1_heap *pool_v1_tls;
bool pool_v1_flatten_on, pool_v1_batch_occupancy;

static struct hak_page *get_page(unsigned class_index) {
    uint32_t size = hak_pool_class_size[class_index];
    return mid_page_alloc(mid_page_units(size), size + sizeof(struct mid_header));
}

static void put_page(struct hak_page *page) {
    /* Headers that were never marked free must not look live when another box uses the page. */
    if (mid_lazy_header)
        for (uint32_t i = 0; i < page->carved; i++)
            ((struct mid_header *)(page->start + (size_t)i * page->stride))->tag = 0;
    mid_page_free(page);
}

struct pool_v1_heap *hak_pool_init_slow(void) {
    struct pool_v1_heap *heap = (struct pool_v1_heap *)page_heap_acquire(&pool_v1_box);
    if (!heap) return NULL;
    pool_v1_tls = heap;
    os_thread_arm();
    return heap;
}

struct hak_block *pool_v1_take_slow(struct pool_v1_heap *heap, unsigned class_index) {
    if (heap->batch.desc) pool_v1_batch_apply(heap);
    struct hak_block *block = page_heap_alloc_slow(&heap->heap, class_index);
    if (block) HAK_COUNT(heap->heap.classes[class_index].alloc_slow);
    return block;
}

void pool_v1_batch_apply(struct pool_v1_heap *heap) {
    struct mid_desc *desc = heap->batch.desc;
    desc->page.used -= heap->batch.count;
    heap->batch = (struct pool_v1_batch){NULL, 0};
    HAK_TALLY(OCCUPANCY_UPDATE);
    if (desc->page.used == 0 || (desc->page.flags & PAGE_FULL)) page_settle(&desc->page);
}

void pool_v1_free_without_heap(struct mid_desc *desc, void *pointer) {
    struct mid_header *header = hak_pool_mid_lookup_v1_impl(desc, pointer);
    mid_mark_free(header, desc->page.class_index);
    page_count_orphan(&desc->page);
    page_remote_free(&desc->page, &header->link);
}

_Noreturn void pool_v1_bad_pointer(const struct mid_desc *desc, const void *pointer) {
    unsigned class_index = desc->page.class_index;
    size_t offset = (size_t)((const char *)pointer - desc->page.start);
    bool freed = (offset & 15) == 0 && offset >= sizeof(struct mid_header) &&
                 mid_header_of(pointer)->tag == MID_TAG(class_index, MID_FREE);
    hak_misuse(freed ? "double free" : "invalid pointer or overwritten header", pointer,
               box_class_id(&pool_v1_box, class_index), pool_v1_box.name);
}

void pool_v1_batch_add(struct pool_v1_heap *heap, struct mid_desc *desc) {
    struct pool_v1_batch *batch = &heap->batch;
    if (HAK_UNLIKELY(batch->desc != desc)) {
        if (batch->desc) pool_v1_batch_apply(heap);
        batch->desc = desc;
    }
    if (HAK_UNLIKELY(++batch->count == POOL_V1_BATCH || (desc->page.flags & PAGE_FULL)))
        pool_v1_batch_apply(heap);
}

void pool_v1_flat_flush(struct pool_v1_heap *heap, uint32_t keep) {
    struct pool_v1_flat *flat = &heap->flat;
    if (flat->count <= keep) return;
    /* The newest blocks stay: they are still in the processor's cache. */
    uint32_t gone = flat->count - keep;
    for (uint32_t i = 0; i < gone; i++) {
        struct hak_block *block = flat->blocks[i];
        struct mid_desc *desc = mid_desc_lookup(block);
        if (desc->page.owner == &heap->heap) {
            hak_pool_free_fast_v1_impl(heap, desc, block);
        } else {
            HAK_COUNT(flat->remote);
            page_remote_free(&desc->page, block);
        }
    }
    for (uint32_t i = 0; i < keep; i++)
        flat->blocks[i] = flat->blocks[gone + i];
    flat->count = keep;
}

static struct page_heaps heaps = {.heap_size = sizeof(struct pool_v1_heap)};

static void add_flat(struct page_heap *heap, void *data) {
    const struct pool_v1_flat *flat = &((struct pool_v1_heap *)heap)->flat;
    uint64_t *sums = data;
    sums[0] += HAK_COUNTED(flat->alloc_tls_hit);
    sums[1] += HAK_COUNTED(flat->alloc_fb);
    sums[2] += HAK_COUNTED(flat->free_tls_hit);
    sums[3] += HAK_COUNTED(flat->free_fb);
    sums[4] += HAK_COUNTED(flat->remote);
}

void pool_v1_flat_counters(uint64_t sums[POOL_V1_FLAT_COUNTERS]) {
    for (int i = 0; i < POOL_V1_FLAT_COUNTERS; i++)
        sums[i] = 0;
    page_heaps_for_each(&heaps, add_flat, sums);
}

void pool_v1_flat_print(int fd) {
    static const char *const names[4] = {"alloc_tls_hit", "alloc_fb", "free_tls_hit", "free_fb"};
    uint64_t sums[POOL_V1_FLAT_COUNTERS];
    pool_v1_flat_counters(sums);
    struct os_text text;
    os_text_begin(&text, fd);
    os_text_str(&text, "[POOL_V1_FLAT]");
    for (int i = 0; i < 4; i++) {
        os_text_str(&text, " ");
        os_text_str(&text, names[i]);
        os_text_str(&text, "=");
        os_text_u64(&text, sums[i]);
    }
    os_text_str(&text, "\n");
    os_text_end(&text);
}

/* Bytes up to the end of the block: an aligned pointer lies past its start. */
static size_t usable(struct hak_page *page, void *pointer) {
    struct mid_header *header = hak_pool_mid_lookup_v1_impl((struct mid_desc *)page, pointer);
    return (size_t)((char *)(header + 1) + hak_pool_class_size[page->class_index] - (char *)pointer);
}

static void count(const struct box *box, struct box_counts counts[HAK_CLASSES]) {
    page_heaps_count(box, counts);
    /* Hits in the flatten cache do not reach the page heaps' counters. */
    uint64_t flat[POOL_V1_FLAT_COUNTERS];
    pool_v1_flat_counters(flat);
    struct box_counts *c6 = &counts[box_class_id(box, POOL_V1_FLAT_CLASS)];
    c6->fast += flat[0];
    c6->frees += flat[2];
    c6->remote += flat[4];
}

static void start(const struct hak_configuration *configuration) {
    const uint32_t *values = configuration->values;
    pool_v1_flatten_on = values[HAK_OPT_POOL_V1_FLATTEN_ENABLED];
    pool_v1_batch_occupancy = values[HAK_OPT_POOL_V1_BATCH_OCCUPANCY];
    mid_lazy_header = values[HAK_OPT_POOL_V1_LAZY_HEADER];
}

static void thread_exit(void) {
    struct pool_v1_heap *heap = pool_v1_tls;
    if (!heap) return;
    pool_v1_flat_flush(heap, 0);
    if (heap->batch.desc) pool_v1_batch_apply(heap);
    pool_v1_tls = NULL;
    page_heap_release(&heap->heap);
}

const struct box pool_v1_box = {
    .name = "pool_v1",
    .meaning = "Per-thread heaps of mid pages, with a header in front of each block.",
    .classes = HAK_POOL_CLASS_BITS,
    .pages = BOX_PAGES_MID,
    .header = sizeof(struct mid_header),
    .class_ids = hak_pool_class_id,
    .start = start,
    .thread_exit = thread_exit,
    .count = count,
    .usable = usable,
    .get_page = get_page,
    .put_page = put_page,
    .heaps = &heaps,
};
