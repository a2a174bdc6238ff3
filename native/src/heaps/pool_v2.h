/* Pool v2: the pool's classes without block headers. Everything about a block is in its page's descriptor;
 * the free-list link is in the free block itself. Compared with pool v1 it saves 16 bytes per block and the
 * header's cache line on malloc and free, and aligns blocks of 2^k bytes to their size, but it detects only
 * immediate double frees. */
#ifndef HAK_HEAPS_POOL_V2_H
#define HAK_HEAPS_POOL_V2_H

#include "mid/mid_page.h"
#include "page/thread_heap.h"

extern const struct box pool_v2_box;
extern HAK_TLS struct page_heap *pool_v2_tls;

static inline void *hak_pool_try_alloc_v2_impl(unsigned class_index) {
    struct page_heap *heap = pool_v2_tls;
    struct hak_block *block = page_heap_pop(heap, class_index);
    if (HAK_UNLIKELY(!block)) return thread_heap_alloc_slow(&pool_v2_tls, &pool_v2_box, class_index);
    HAK_COUNT(heap->classes[class_index].alloc_fast);
    return block;
}

static inline void hak_pool_free_v2_impl(struct mid_desc *desc, void *pointer) {
    struct page_heap *heap = pool_v2_tls;
    struct hak_block *block = pointer;
    if (HAK_UNLIKELY(desc->page.owner != heap)) {
        thread_heap_free_remote(heap, &desc->page, pointer);
        return;
    }
    if (HAK_UNLIKELY(page_free_is_wrong(&desc->page, block))) page_misuse(&desc->page, pointer);
    page_push(&desc->page, block);
    HAK_COUNT(heap->classes[desc->page.class_index].free_local);
    if (HAK_UNLIKELY(mid_page_inuse_dec_and_maybe_dn(desc))) page_settle(&desc->page);
}

#endif
