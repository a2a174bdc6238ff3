#include "heaps/hot_heap_v2.h"
#include "os/os_thread.h"
#include "superslab/small_page.h"
#include "superslab/super_reg.h"

/* Magazines without blocks and without room. Never written. */
static struct hot_heap hot_heap_none;
HAK_TLS struct hot_heap *hot_heap_tls = &hot_heap_none;

static struct hot_heap *hot_heap_init(void) {
    struct hot_heap *heap = hot_heap_tls;
    if (heap != &hot_heap_none) return heap;
    heap = (struct hot_heap *)page_heap_acquire(&hot_heap_v2_box);
    if (!heap) return NULL;
    for (unsigned i = 0; i < HAK_TINY_CLASSES; i++) {
        uint32_t limit = HOT_MAGAZINE_BYTES / hak_class_info[i].size;
        heap->magazines[i].limit = limit < HOT_MAGAZINE_BLOCKS ? limit : HOT_MAGAZINE_BLOCKS;
    }
    hot_heap_tls = heap;
    os_thread_arm();
    return heap;
}

/* Takes a block from the thread's pages; NULL if the current page has none and `may_look` is false. */
static struct hak_block *take(struct hot_heap *heap, unsigned class_index, bool may_look) {
    struct hak_block *block = page_heap_pop(&heap->heap, class_index);
    return block || !may_look ? block : page_heap_alloc_slow(&heap->heap, class_index);
}

void *hot_heap_alloc_slow(unsigned class_index) {
    struct hot_heap *heap = hot_heap_init();
    if (!heap) return NULL;
    struct hot_magazine *magazine = &heap->magazines[class_index];
    struct hak_block *block = take(heap, class_index, true);
    if (!block) return NULL;
    HAK_COUNT(magazine->alloc_slow);

    /* Refills half of the magazine, but only with blocks that are ready: a refill must not carve memory that
     * nobody asked for. */
    uint32_t n = 0;
    while (n < magazine->limit / 2) {
        struct hak_block *next = take(heap, class_index, false);
        if (!next) break;
        magazine->blocks[n++] = next;
    }
    /* The page's first block is allocated first. */
    for (uint32_t i = 0; i < n / 2; i++) {
        struct hak_block *other = magazine->blocks[i];
        magazine->blocks[i] = magazine->blocks[n - 1 - i];
        magazine->blocks[n - 1 - i] = other;
    }
    magazine->count = n;
    return block;
}

/* Returns a block to its page. */
static void send_home(struct hot_heap *heap, struct hak_page *page, struct hak_block *block) {
    if (page->owner != &heap->heap) {
        if (heap != &hot_heap_none) HAK_COUNT(heap->magazines[page->class_index].remote);
        page_remote_free(page, block);
        return;
    }
    if (HAK_UNLIKELY(page_free_is_wrong(page, block))) page_misuse(page, block);
    page_push(page, block);
    if (page_used_dec(page)) page_settle(page);
}

/* Returns the oldest blocks to their pages until `keep` are left: the newest are still in the processor's
 * cache. */
static void flush(struct hot_heap *heap, struct hot_magazine *magazine, uint32_t keep) {
    if (magazine->count <= keep) return;
    uint32_t gone = magazine->count - keep;
    for (uint32_t i = 0; i < gone; i++) {
        struct hak_block *block = magazine->blocks[i];
        send_home(heap, ss_map_lookup(hak_super_lookup(block), block), block);
    }
    for (uint32_t i = 0; i < keep; i++)
        magazine->blocks[i] = magazine->blocks[gone + i];
    magazine->count = keep;
}

void hot_heap_free_slow(struct hak_page *page, struct hak_block *block) {
    if (page_pointer_is_inside(page, block)) page_misuse(page, block);
    struct hot_heap *heap = hot_heap_tls;
    if (heap == &hot_heap_none) {
        page_count_orphan(page);
        send_home(heap, page, block);
        return;
    }
    struct hot_magazine *magazine = &heap->magazines[page->class_index];
    if (magazine->count && magazine->blocks[magazine->count - 1] == block) page_misuse(page, block);
    HAK_COUNT(magazine->frees);
    if (magazine->count == magazine->limit) flush(heap, magazine, magazine->limit / 2);
    magazine->blocks[magazine->count++] = block;
}

static void thread_exit(void) {
    struct hot_heap *heap = hot_heap_tls;
    if (heap == &hot_heap_none) return;
    for (unsigned i = 0; i < HAK_TINY_CLASSES; i++)
        flush(heap, &heap->magazines[i], 0);
    hot_heap_tls = &hot_heap_none;
    page_heap_release(&heap->heap);
}

static void add_magazines(struct page_heap *heap, void *data) {
    const struct hot_magazine *magazines = ((struct hot_heap *)heap)->magazines;
    struct box_counts *counts = data;
    for (unsigned i = 0; i < HAK_TINY_CLASSES; i++) {
        counts[i].fast += HAK_COUNTED(magazines[i].alloc_fast);
        counts[i].slow += HAK_COUNTED(magazines[i].alloc_slow);
        counts[i].frees += HAK_COUNTED(magazines[i].frees);
        counts[i].remote += HAK_COUNTED(magazines[i].remote);
    }
}

static void count(const struct box *box, struct box_counts counts[HAK_CLASSES]) {
    page_heaps_count(box, counts);
    page_heaps_for_each(box->heaps, add_magazines, counts);
}

static struct page_heaps heaps = {.heap_size = sizeof(struct hot_heap)};
const struct box hot_heap_v2_box = {
    .name = "hot_heap_v2",
    .meaning = "A thread-local magazine of up to 128 free blocks per class in front of superslab pages.",
    .classes = HAK_TINY_CLASS_BITS,
    .pages = BOX_PAGES_SUPERSLAB,
    .thread_exit = thread_exit,
    .count = count,
    .usable = page_usable,
    .get_page = small_page_alloc,
    .put_page = superslab_page_free,
    .heaps = &heaps,
};
