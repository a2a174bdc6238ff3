#include "page/block_cache.h"
#include "os/os_thread.h"

struct block_cache block_cache_none;

static struct block_cache *init(struct block_cache **tls, struct block_cache_box *box) {
    if (*tls != &block_cache_none) return *tls;
    struct block_cache *cache = (struct block_cache *)page_heap_acquire(&box->registry);
    if (!cache) return NULL;
    cache->limit = box->limit;
    *tls = cache;
    os_thread_arm();
    return cache;
}

void *block_cache_alloc_slow(struct block_cache **tls, struct block_cache_box *box) {
    struct block_cache *cache = init(tls, box);
    if (!cache) return NULL;
    unsigned class_id = box->class_id;
    struct hak_block *block = page_heap_pop(&cache->heap, class_id);
    if (!block) block = page_heap_alloc_slow(&cache->heap, class_id, &box->source);
    if (!block) return NULL;
    HAK_COUNT(cache->alloc_slow);

    /* Half a cache, but no more than lies ready: a refill must not carve memory that nobody asked for. What
     * the page gives first goes on top. */
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

static void send_home(struct block_cache *cache, struct block_cache_box *box, struct hak_block *block) {
    struct hak_page *page = box->page_of(block);
    if (page->owner != &cache->heap) {
        if (cache != &block_cache_none) HAK_COUNT(cache->free_remote);
        page_remote_free(page, block);
        return;
    }
    if (HAK_UNLIKELY(page_free_is_wrong(page, block))) page_misuse(page, block);
    page_push(page, block);
    if (page_used_dec(page)) page_heap_settle(&cache->heap, page, &box->source);
}

/* Sends the oldest blocks home until `keep` are left: the newest are still in the processor's cache. */
static void flush(struct block_cache *cache, struct block_cache_box *box, uint32_t keep) {
    if (cache->count <= keep) return;
    uint32_t gone = cache->count - keep;
    for (uint32_t i = 0; i < gone; i++)
        send_home(cache, box, cache->blocks[i]);
    for (uint32_t i = 0; i < keep; i++)
        cache->blocks[i] = cache->blocks[gone + i];
    cache->count = keep;
}

void block_cache_free_slow(struct block_cache *cache, struct block_cache_box *box, void *pointer) {
    struct hak_page *page = box->page_of(pointer);
    if (page_pointer_is_inside(page, pointer)) page_misuse(page, pointer);
    if (cache->count && cache->blocks[cache->count - 1] == pointer) page_misuse(page, pointer);
    if (cache == &block_cache_none) {
        page_heap_count_orphan(&box->registry, box->class_id);
        send_home(cache, box, pointer);
        return;
    }
    HAK_COUNT(cache->frees);
    if (cache->count == cache->limit) flush(cache, box, cache->limit / 2);
    if (cache->limit == 0)
        send_home(cache, box, pointer);
    else
        cache->blocks[cache->count++] = pointer;
}

void block_cache_exit(struct block_cache **tls, struct block_cache_box *box) {
    struct block_cache *cache = *tls;
    if (cache == &block_cache_none) return;
    flush(cache, box, 0);
    *tls = &block_cache_none;
    page_heap_release(&box->registry, &cache->heap, &box->source);
}
