/* Pool v2: the pool's classes without block headers. Everything about a block is in its page's descriptor;
 * the free-list link lies in the free block itself. Saves 16 bytes per block and the header's cache line on
 * both alloc and free, and aligns power-of-two blocks to their size; gives up noticing double frees. */
#ifndef HAK_HEAPS_POOL_V2_H
#define HAK_HEAPS_POOL_V2_H

#include "base/size_class.h"
#include "mid/mid_page.h"

extern HAK_TLS struct page_heap *pool_v2_tls;
extern struct page_heap pool_v2_none;
extern struct page_heap_registry pool_v2_registry;

void pool_v2_start(void);

void *pool_v2_alloc_slow(unsigned class_index);
void pool_v2_free_settle(struct page_heap *heap, struct mid_desc *desc);
void pool_v2_free_remote(struct mid_desc *desc, struct hak_block *block);

static inline void *hak_pool_try_alloc_v2_impl(unsigned class_index) {
    struct page_heap *heap = pool_v2_tls;
    struct hak_block *block = page_heap_pop(heap, class_index);
    if (HAK_UNLIKELY(!block)) return pool_v2_alloc_slow(class_index);
    HAK_COUNT(heap->classes[class_index].alloc_fast);
    return block;
}

static inline void hak_pool_free_v2_impl(struct mid_desc *desc, void *pointer) {
    struct page_heap *heap = pool_v2_tls;
    struct hak_block *block = pointer;
    if (HAK_UNLIKELY(desc->page.owner != heap)) {
        pool_v2_free_remote(desc, block);
        return;
    }
    if (HAK_UNLIKELY(page_free_is_wrong(&desc->page, block))) page_misuse(&desc->page, pointer);
    page_push(&desc->page, block);
    HAK_COUNT(heap->classes[desc->page.class_index].free_local);
    if (HAK_UNLIKELY(mid_page_inuse_dec_and_maybe_dn(desc))) pool_v2_free_settle(heap, desc);
}

static inline size_t pool_v2_usable(const struct mid_desc *desc) {
    return desc->page.stride;
}

#endif
