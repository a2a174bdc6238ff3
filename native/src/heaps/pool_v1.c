#include "heaps/pool_v1.h"
#include "base/misuse.h"
#include "heaps/pool_v1_flat.h"
#include "os/os_thread.h"

HAK_TLS struct pool_v1_heap *pool_v1_tls;
bool pool_v1_batch_occupancy;
struct page_heap_registry pool_v1_registry = {.heap_size = sizeof(struct pool_v1_heap)};

static struct hak_page *get_page(unsigned class_index) {
    size_t size = hak_pool_class_size[class_index];
    unsigned units = mid_page_units(size);
    struct mid_desc *desc = mid_page_alloc(HAK_BOX_POOL_V1, units);
    if (!desc) return NULL;
    desc->page.stride = (uint32_t)(size + sizeof(struct mid_header));
    desc->page.capacity = units * MID_UNIT_SIZE / desc->page.stride;
    return &desc->page;
}

static void put_page(struct hak_page *page) {
    /* Headers that were never marked free must not be taken for live ones when the page has another box. */
    if (mid_lazy_header)
        for (uint32_t i = 0; i < page->carved; i++)
            ((struct mid_header *)(page->start + (size_t)i * page->stride))->tag = 0;
    mid_page_free((struct mid_desc *)page);
}

static const struct page_source source = {get_page, put_page};

struct pool_v1_heap *hak_pool_init_slow(void) {
    struct pool_v1_heap *heap = (struct pool_v1_heap *)page_heap_acquire(&pool_v1_registry);
    if (!heap) return NULL;
    pool_v1_tls = heap;
    os_thread_arm();
    return heap;
}

struct hak_block *pool_v1_take_slow(struct pool_v1_heap *heap, unsigned class_index) {
    if (heap->batch.desc) pool_v1_batch_apply(heap);
    struct hak_block *block = page_heap_alloc_slow(&heap->heap, class_index, &source);
    if (block) HAK_COUNT(heap->heap.classes[class_index].alloc_slow);
    return block;
}

void pool_v1_settle(struct pool_v1_heap *heap, struct mid_desc *desc) {
    page_heap_settle(&heap->heap, &desc->page, &source);
}

void pool_v1_batch_apply(struct pool_v1_heap *heap) {
    struct mid_desc *desc = heap->batch.desc;
    desc->page.used -= heap->batch.count;
    heap->batch = (struct pool_v1_batch){NULL, 0};
    HAK_TALLY(OCCUPANCY_UPDATE);
    if (desc->page.used == 0 || (desc->page.flags & PAGE_FULL)) pool_v1_settle(heap, desc);
}

void pool_v1_free_without_heap(struct mid_desc *desc, void *pointer) {
    struct mid_header *header = hak_pool_mid_lookup_v1_impl(desc, pointer);
    mid_mark_free(header, desc->page.class_index);
    page_heap_count_orphan(&pool_v1_registry, desc->page.class_index);
    page_remote_free(&desc->page, &header->link);
}

_Noreturn void pool_v1_bad_pointer(const struct mid_desc *desc, const void *pointer) {
    unsigned class_index = desc->page.class_index;
    size_t offset = (size_t)((const char *)pointer - desc->page.start);
    bool freed = (offset & 15) == 0 && offset >= sizeof(struct mid_header) &&
                 mid_header_of(pointer)->tag == MID_TAG(class_index, MID_FREE);
    hak_misuse(freed ? "double free" : "invalid pointer or overwritten header", pointer,
               hak_pool_class_id[class_index], "pool_v1");
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

static void thread_exit(void) {
    struct pool_v1_heap *heap = pool_v1_tls;
    if (!heap) return;
    pool_v1_flat_flush(heap, 0);
    if (heap->batch.desc) pool_v1_batch_apply(heap);
    pool_v1_tls = NULL;
    page_heap_release(&pool_v1_registry, &heap->heap, &source);
}

void pool_v1_start(void) {
    os_thread_on_exit(thread_exit);
}
