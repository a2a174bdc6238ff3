/* Pool v1: per-thread heaps of mid pages for C6 and up, with a header in front of every block.
 *
 * Flatten (HAKMEM_POOL_V1_FLATTEN_ENABLED) puts a thread's stack of free C6 blocks in front of the ordinary
 * path. A hit touches no page metadata: the blocks in the stack count as in use for their pages. The stack
 * may hold blocks of other threads' pages. */
#ifndef HAK_HEAPS_POOL_V1_H
#define HAK_HEAPS_POOL_V1_H

#include "mid/mid_header.h"
#include "mid/mid_page.h"

enum { POOL_V1_FLAT_BLOCKS = 64, POOL_V1_FLAT_CLASS = 0 };
struct pool_v1_flat {
    uint32_t count;
    struct hak_block *blocks[POOL_V1_FLAT_BLOCKS];
    hak_counter alloc_tls_hit, alloc_fb, free_tls_hit, free_fb;
    hak_counter remote; /* of free_tls_hit: returned to another thread's page */
};

/* Frees into one page that have not been subtracted from its occupancy yet. Until then the page counts as
 * fuller than it is, so it is not given back. */
enum { POOL_V1_BATCH = 32 };
struct pool_v1_batch {
    struct mid_desc *desc;
    uint32_t count;
};

struct pool_v1_heap {
    struct page_heap heap;
    struct pool_v1_flat flat;
    struct pool_v1_batch batch;
};

/* HAKMEM_POOL_V1_FLATTEN_ENABLED and HAKMEM_POOL_V1_BATCH_OCCUPANCY; set before the first block exists. */
extern bool pool_v1_flatten_on, pool_v1_batch_occupancy;

extern const struct box pool_v1_box;
/* NULL before the thread's first allocation from the pool and after its end. */
extern HAK_TLS struct pool_v1_heap *pool_v1_tls;

struct pool_v1_heap *hak_pool_init_slow(void);
struct hak_block *pool_v1_take_slow(struct pool_v1_heap *heap, unsigned class_index);

/* The thread's heap, created on first use, because many threads never allocate a block of this size. NULL
 * without memory. */
static inline struct pool_v1_heap *hak_pool_init(void) {
    struct pool_v1_heap *heap = pool_v1_tls;
    return HAK_LIKELY(heap != NULL) ? heap : hak_pool_init_slow();
}

/* The ordinary path: allocates a block from the thread's current page. NULL without memory. */
static inline void *hak_pool_try_alloc_v1_impl(unsigned class_index) {
    struct pool_v1_heap *heap = hak_pool_init();
    if (HAK_UNLIKELY(!heap)) return NULL;
    struct hak_block *block = page_heap_pop(&heap->heap, class_index);
    if (HAK_UNLIKELY(!block)) {
        block = pool_v1_take_slow(heap, class_index);
        if (!block) return NULL;
    } else {
        HAK_COUNT(heap->heap.classes[class_index].alloc_fast);
    }
    return mid_set_header(block, class_index);
}

/* Reports that `pointer` is not a live block, and aborts. */
_Noreturn void pool_v1_bad_pointer(const struct mid_desc *desc, const void *pointer);

/* The header of the live block that `pointer`, which lies in the page of `desc`, belongs to. Aborts on a
 * pointer that is not a live block. */
static inline struct mid_header *hak_pool_mid_lookup_v1_impl(struct mid_desc *desc, void *pointer) {
    struct mid_header *header = mid_header_of(pointer);
    /* In front of the first block there may be no readable memory. */
    size_t offset = (size_t)((char *)pointer - desc->page.start);
    if (HAK_UNLIKELY((offset & 15) || offset < sizeof *header)) pool_v1_bad_pointer(desc, pointer);
    if (HAK_UNLIKELY(header->tag == MID_TAG(0, MID_ALIGNED))) header = (struct mid_header *)header->link.next;
    if (HAK_UNLIKELY(header->tag != MID_TAG(desc->page.class_index, MID_USED)))
        pool_v1_bad_pointer(desc, pointer);
    return header;
}

/* Subtracts the batch from its page's occupancy and settles the page if necessary. */
void pool_v1_batch_apply(struct pool_v1_heap *heap);

/* Adds a free of an own block to the batch. Out of line, because batches are off by default and would make
 * every free too large to be inlined. */
void pool_v1_batch_add(struct pool_v1_heap *heap, struct mid_desc *desc);

/* Frees a block of a page that this thread owns, without atomics. */
static inline void hak_pool_free_fast_v1_impl(struct pool_v1_heap *heap, struct mid_desc *desc,
                                              struct hak_block *block) {
    page_push(&desc->page, block);
    if (HAK_UNLIKELY(pool_v1_batch_occupancy))
        pool_v1_batch_add(heap, desc);
    else if (HAK_UNLIKELY(mid_page_inuse_dec_and_maybe_dn(desc)))
        page_settle(&desc->page);
}

/* The ordinary path of free. Any thread. */
static inline void hak_pool_free_v1_impl(struct mid_desc *desc, void *pointer) {
    struct mid_header *header = hak_pool_mid_lookup_v1_impl(desc, pointer);
    unsigned class_index = desc->page.class_index;
    struct pool_v1_heap *heap = pool_v1_tls;
    mid_mark_free(header, class_index);
    if (HAK_LIKELY((struct page_heap *)heap == desc->page.owner)) {
        HAK_COUNT(heap->heap.classes[class_index].free_local);
        hak_pool_free_fast_v1_impl(heap, desc, &header->link);
        return;
    }
    if (heap)
        HAK_COUNT(heap->heap.classes[class_index].free_remote);
    else
        page_count_orphan(&desc->page);
    page_remote_free(&desc->page, &header->link);
}

/* Moves `pointer` up to a multiple of `align`; its block must have room for that. */
static inline void *pool_v1_align(void *pointer, size_t align) {
    if (((uintptr_t)pointer & (align - 1)) == 0) return pointer;
    /* align >= 32 and the block is 16-aligned, so a header fits in front. */
    void *aligned = (void *)HAK_ALIGN_UP(pointer, align);
    mid_set_aligned(aligned, mid_header_of(pointer));
    return aligned;
}

/* Flatten. */

/* Frees in a thread without a heap of the pool, which cannot own the block. */
void pool_v1_free_without_heap(struct mid_desc *desc, void *pointer);

/* True for the class that has a flatten cache. The class comes first: other classes then execute the same
 * instructions whether there is one or not. */
static inline bool hak_pool_v1_flatten_enabled(unsigned class_index) {
    return class_index == POOL_V1_FLAT_CLASS && pool_v1_flatten_on;
}

/* Returns the oldest blocks to their pages until `keep` are left. */
void pool_v1_flat_flush(struct pool_v1_heap *heap, uint32_t keep);

static inline void *hak_pool_try_alloc_v1_flat(unsigned class_index) {
    struct pool_v1_heap *heap = hak_pool_init();
    if (HAK_UNLIKELY(!heap)) return NULL;
    struct pool_v1_flat *flat = &heap->flat;
    if (HAK_LIKELY(flat->count)) {
        HAK_COUNT(flat->alloc_tls_hit);
        return mid_set_header(flat->blocks[--flat->count], class_index);
    }
    HAK_COUNT(flat->alloc_fb);
    return hak_pool_try_alloc_v1_impl(class_index);
}

/* Pushes a live block of this class without reading its page. False when the thread has no cache or no room
 * in it. */
static inline bool pool_v1_flat_push(struct mid_header *header, unsigned class_index) {
    struct pool_v1_heap *heap = pool_v1_tls;
    if (HAK_UNLIKELY(!heap || heap->flat.count == POOL_V1_FLAT_BLOCKS)) return false;
    mid_mark_free(header, class_index);
    HAK_COUNT(heap->flat.free_tls_hit);
    heap->flat.blocks[heap->flat.count++] = &header->link;
    return true;
}

static inline void hak_pool_free_v1_flat(struct mid_desc *desc, void *pointer) {
    struct pool_v1_heap *heap = pool_v1_tls;
    if (HAK_UNLIKELY(!heap)) {
        pool_v1_free_without_heap(desc, pointer);
        return;
    }
    struct pool_v1_flat *flat = &heap->flat;
    if (HAK_UNLIKELY(flat->count == POOL_V1_FLAT_BLOCKS)) {
        HAK_COUNT(flat->free_fb);
        pool_v1_flat_flush(heap, POOL_V1_FLAT_BLOCKS / 2);
        hak_pool_free_v1_impl(desc, pointer);
        return;
    }
    pool_v1_flat_push(hak_pool_mid_lookup_v1_impl(desc, pointer), desc->page.class_index);
}

/* The box's allocation and free: through the flatten cache if the class has one. */
static HAK_ALWAYS_INLINE void *hak_pool_try_alloc_v1(unsigned class_index) {
    if (hak_pool_v1_flatten_enabled(class_index)) return hak_pool_try_alloc_v1_flat(class_index);
    return hak_pool_try_alloc_v1_impl(class_index);
}

static HAK_ALWAYS_INLINE void hak_pool_free_v1(struct mid_desc *desc, void *pointer) {
    if (hak_pool_v1_flatten_enabled(desc->page.class_index))
        hak_pool_free_v1_flat(desc, pointer);
    else
        hak_pool_free_v1_impl(desc, pointer);
}

/* Sums over all threads, in the order of struct pool_v1_flat. */
enum { POOL_V1_FLAT_COUNTERS = 5 };
void pool_v1_flat_counters(uint64_t sums[POOL_V1_FLAT_COUNTERS]);

/* HAKMEM_POOL_V1_FLATTEN_STATS: prints the counters as one line. */
void pool_v1_flat_print(int fd);

#endif
