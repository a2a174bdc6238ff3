#include "page/block_cache.h"
#include "os/os_thread.h"

struct block_cache block_cache_none;

static struct block_cache *init(struct block_cache **tls, const struct block_cache_kind *kind) {
    if (*tls != &block_cache_none) return *tls;
    struct block_cache *cache = (struct block_cache *)page_heap_acquire(kind->box);
    if (!cache) return NULL;
    cache->limit = kind->limit;
    *tls = cache;
    os_thread_arm();
    return cache;
}

void *block_cache_alloc_slow(struct block_cache **tls, const struct block_cache_kind *kind) {
    struct block_cache *cache = init(tls, kind);
    if (!cache) return NULL;
    unsigned class_id = kind->class_id;
    struct hak_block *block = page_heap_pop(&cache->heap, class_id);
    if (!block) block = page_heap_alloc_slow(&cache->heap, class_id);
    if (!block) return NULL;
    HAK_COUNT(cache->alloc_slow);

    /* Refills half of the cache, but only with blocks that are ready: a refill must not carve memory that
     * nobody asked for. The page's first block goes on top. */
    uint32_t want = cache->limit / 2, got = 0;
    while (got < want) {
        struct hak_block *next = page_heap_pop(&cache->heap, class_id);
        if (!next) break;
        cache->blocks[want - ++got] = next;
    }
    if (got < want)
        for (uint32_t i = 0; i < got; i++)
            cache->blocks[i] = cache->blocks[want - got + i];
    cache->count = got;
    return block;
}

static void send_home(struct block_cache *cache, const struct block_cache_kind *kind,
                      struct hak_block *block) {
    struct hak_page *page = kind->page_of(block);
    if (page->owner != &cache->heap) {
        if (cache != &block_cache_none) HAK_COUNT(cache->free_remote);
        page_remote_free(page, block);
        return;
    }
    if (HAK_UNLIKELY(page_free_is_wrong(page, block))) page_misuse(page, block);
    page_push(page, block);
    if (page_used_dec(page)) page_settle(page);
}

/* Returns the oldest blocks to their pages until `keep` are left: the newest are still in the processor's
 * cache. */
static void flush(struct block_cache *cache, const struct block_cache_kind *kind, uint32_t keep) {
    if (cache->count <= keep) return;
    uint32_t gone = cache->count - keep;
    for (uint32_t i = 0; i < gone; i++)
        send_home(cache, kind, cache->blocks[i]);
    for (uint32_t i = 0; i < keep; i++)
        cache->blocks[i] = cache->blocks[gone + i];
    cache->count = keep;
}

void block_cache_free_slow(struct block_cache *cache, const struct block_cache_kind *kind, void *pointer) {
    struct hak_page *page = kind->page_of(pointer);
    if (page_pointer_is_inside(page, pointer)) page_misuse(page, pointer);
    if (cache->count && cache->blocks[cache->count - 1] == pointer) page_misuse(page, pointer);
    if (cache == &block_cache_none) {
        page_count_orphan(page);
        send_home(cache, kind, pointer);
        return;
    }
    HAK_COUNT(cache->frees);
    if (cache->count == cache->limit) flush(cache, kind, cache->limit / 2);
    if (cache->limit == 0)
        send_home(cache, kind, pointer);
    else
        cache->blocks[cache->count++] = pointer;
}

void block_cache_exit(struct block_cache **tls, const struct block_cache_kind *kind) {
    struct block_cache *cache = *tls;
    if (cache == &block_cache_none) return;
    flush(cache, kind, 0);
    *tls = &block_cache_none;
    page_heap_release(&cache->heap);
}

static void add_cache(struct page_heap *heap, void *data) {
    const struct block_cache *cache = (struct block_cache *)heap;
    struct box_counts *counts = data;
    counts->fast += HAK_COUNTED(cache->alloc_fast);
    counts->slow += HAK_COUNTED(cache->alloc_slow);
    counts->frees += HAK_COUNTED(cache->frees);
    counts->remote += HAK_COUNTED(cache->free_remote);
}

void block_cache_count(const struct box *box, struct box_counts counts[HAK_CLASSES]) {
    page_heaps_count(box, counts);
    page_heaps_for_each(box->heaps, add_cache, &counts[__builtin_ctz(box->classes)]);
}
