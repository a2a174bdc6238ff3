#include "heaps/encoded.h"
#include "base/misuse.h"

/* Larger blocks have pages of LARGE_RUN units. */
enum { ONE_UNIT_MAX = 4096, LARGE_RUN = 4 };

HAK_TLS struct page_heap *encoded_tls = &thread_heap_none;

/* One multiplication by the inverse of a size tells whether an offset is a multiple of it. */
static uint64_t inverses[HAK_LARGE];

void *encoded_alloc_slow(unsigned class_id) {
    if (!atomic_load_explicit(&segment_v4_range.reserved, memory_order_relaxed))
        return NULL; /* not started, or no addresses available */
    return thread_heap_alloc_slow(&encoded_tls, &encoded_box, class_id);
}

static bool contains(const struct hak_page *page, const struct hak_block *list,
                     const struct hak_block *block) {
    for (; list; list = page_link_get(page, list))
        if (list == block) return true;
    return false;
}

static _Noreturn void misuse(const char *what, const struct hak_page *page, const void *pointer) {
    hak_misuse(what, pointer, page->class_index, encoded_box.name);
}

/* A block that begins with a valid link is free already, or by a very rare chance the program has written
 * that word. Only this thread, which owns the page, takes blocks from its lists. */
static __attribute__((noinline)) void check_lists(const struct hak_page *page,
                                                  const struct hak_block *block) {
    if (contains(page, page->free, block) ||
        contains(page, atomic_load_explicit(&page->remote, memory_order_acquire), block))
        misuse("double free", page, block);
}

void encoded_free(struct hak_page *unit, void *pointer) {
    struct hak_page *page = segment_v4_first(unit);
    struct page_heap *heap = encoded_tls;
    struct hak_block *block = pointer, *next;
    uint64_t inverse = inverses[page->class_index];
    if (HAK_UNLIKELY((uintptr_t)((char *)pointer - page->start) * inverse >= inverse))
        misuse("invalid pointer inside a block", page, pointer);
    if (HAK_UNLIKELY(page->owner != heap)) {
        thread_heap_free_remote(heap, page, pointer);
        return;
    }
    if (HAK_UNLIKELY(page_link_read(page, block, &next))) check_lists(page, block);
    page_link_set(block, page->free);
    page->free = block;
    HAK_COUNT(heap->classes[page->class_index].free_local);
    if (HAK_UNLIKELY(page_used_dec(page))) page_settle(page);
}

static struct hak_page *get_page(unsigned class_id) {
    uint32_t size = hak_class_info[class_id].size;
    bool fresh;
    struct hak_page *page = segment_v4_run_alloc(size <= ONE_UNIT_MAX ? 1 : LARGE_RUN, &fresh);
    if (!page) return NULL;
    page->stride = size;
    page->capacity = page->slabs * SEGMENT_V4_PAGE_SIZE / size;
    for (unsigned i = 0; i < page->slabs; i++)
        page[i].box = encoded_box.heaps->number;
    return page;
}

static void thread_exit(void) {
    thread_heap_exit(&encoded_tls);
}

static size_t usable(struct hak_page *unit, void *pointer) {
    return page_usable(segment_v4_first(unit), pointer);
}

static void start(const struct hak_configuration *configuration) {
    if (configuration->values[HAK_OPT_ENCODED_LISTS]) page_links_start();
    for (unsigned i = 0; i < HAK_LARGE; i++)
        inverses[i] = UINT64_MAX / hak_class_info[i].size + 1;
}

static struct page_heaps heaps = {
    .heap_size = offsetof(struct page_heap, classes) + HAK_LARGE * sizeof(struct page_class),
    .classes = HAK_LARGE,
    .encoded = true,
};
const struct box encoded_box = {
    .name = "encoded",
    .meaning = "Per-thread heaps of segment pages with encoded free lists. Detects a list that has been "
               "overwritten.",
    .classes = HAK_ALL_CLASSES & ~HAK_CLASS_BIT(HAK_LARGE),
    .pages = BOX_PAGES_SEGMENT,
    .start = start,
    .thread_exit = thread_exit,
    .count = page_heaps_count,
    .usable = usable,
    .get_page = get_page,
    .put_page = segment_v4_page_free,
    .heaps = &heaps,
};
