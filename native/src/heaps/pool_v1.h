/* Pool v1: per-thread heaps of mid pages for C6 and up, with a header in front of every block. */
#ifndef HAK_HEAPS_POOL_V1_H
#define HAK_HEAPS_POOL_V1_H

#include "base/size_class.h"
#include "mid/mid_header.h"
#include "mid/mid_page.h"
#include "os/os_text.h"

/* The flatten cache of a thread: blocks of C6 in front of the ordinary path (pool_v1_flat.h). */
enum { POOL_V1_FLAT_BLOCKS = 64, POOL_V1_FLAT_CLASS = 0 };
struct pool_v1_flat {
    uint32_t count;
    struct hak_block *blocks[POOL_V1_FLAT_BLOCKS];
    hak_counter alloc_tls_hit, alloc_fb, free_tls_hit, free_fb;
    hak_counter remote; /* of free_tls_hit: sent on to another thread's page */
};

/* Frees into one page that have not been subtracted from its occupancy yet. The page counts as fuller than it
 * is until they are, so it is neither given back nor empty meanwhile. */
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

/* HAKMEM_POOL_V1_BATCH_OCCUPANCY; set before the first block exists. */
extern bool pool_v1_batch_occupancy;

/* NULL before the thread's first allocation from the pool and after its end. */
extern HAK_TLS struct pool_v1_heap *pool_v1_tls;
extern struct page_heap_registry pool_v1_registry;

void pool_v1_start(void);

struct pool_v1_heap *hak_pool_init_slow(void);
struct hak_block *pool_v1_take_slow(struct pool_v1_heap *heap, unsigned class_index);
void pool_v1_settle(struct pool_v1_heap *heap, struct mid_desc *desc);

/* The thread's heap, made on first use: many threads never ask for a block of this size. NULL without memory.
 */
static inline struct pool_v1_heap *hak_pool_init(void) {
    struct pool_v1_heap *heap = pool_v1_tls;
    return HAK_LIKELY(heap != NULL) ? heap : hak_pool_init_slow();
}

/* The ordinary path: a block from the thread's current page. NULL without memory. */
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

/* Never returns: the header says that `pointer` is not a live block. */
_Noreturn void pool_v1_bad_pointer(const struct mid_desc *desc, const void *pointer);

/* The header of the block that `pointer`, inside the page of `desc`, was handed out for. Aborts on a pointer
 * that is not a live block. */
static inline struct mid_header *hak_pool_mid_lookup_v1_impl(struct mid_desc *desc, void *pointer) {
    struct mid_header *header = mid_header_of(pointer);
    /* Before the first block there may be no memory to read a header from. */
    size_t offset = (size_t)((char *)pointer - desc->page.start);
    if (HAK_UNLIKELY((offset & 15) || offset < sizeof *header)) pool_v1_bad_pointer(desc, pointer);
    if (HAK_UNLIKELY(header->tag == MID_TAG(0, MID_ALIGNED))) header = (struct mid_header *)header->link.next;
    if (HAK_UNLIKELY(header->tag != MID_TAG(desc->page.class_index, MID_USED)))
        pool_v1_bad_pointer(desc, pointer);
    return header;
}

/* Subtracts the batch, and settles its page if it is due. */
void pool_v1_batch_apply(struct pool_v1_heap *heap);

/* One more free of an own block, out of line: it is off unless an option asks for it, and would make every
 * free too large to be inlined. */
void pool_v1_batch_add(struct pool_v1_heap *heap, struct mid_desc *desc);

/* A block of a page that this thread owns: no atomics. */
static inline void hak_pool_free_fast_v1_impl(struct pool_v1_heap *heap, struct mid_desc *desc,
                                              struct hak_block *block) {
    page_push(&desc->page, block);
    if (HAK_UNLIKELY(pool_v1_batch_occupancy))
        pool_v1_batch_add(heap, desc);
    else if (HAK_UNLIKELY(mid_page_inuse_dec_and_maybe_dn(desc)))
        pool_v1_settle(heap, desc);
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
        page_heap_count_orphan(&pool_v1_registry, class_index);
    page_remote_free(&desc->page, &header->link);
}

/* The same in a thread that has no heap of the pool: the block cannot be its own. */
void pool_v1_free_without_heap(struct mid_desc *desc, void *pointer);

/* Bytes from `pointer` to the end of its block. */
static inline size_t pool_v1_usable(struct mid_desc *desc, void *pointer) {
    struct mid_header *header = hak_pool_mid_lookup_v1_impl(desc, pointer);
    return (size_t)((char *)(header + 1) + hak_pool_class_size[desc->page.class_index] - (char *)pointer);
}

/* `pointer` moved up to a multiple of `align`; its block has size + align bytes. */
static inline void *pool_v1_align(void *pointer, size_t align) {
    if (((uintptr_t)pointer & (align - 1)) == 0) return pointer;
    /* align >= 32 and the block is 16-aligned, so there is room for a header in front. */
    void *aligned = (void *)HAK_ALIGN_UP(pointer, align);
    mid_set_aligned(aligned, mid_header_of(pointer));
    return aligned;
}

#endif
