#include "page/link.h"
#include "base/misuse.h"
#include "os/os_lock.h"
#include "os/os_random.h"

struct page_secret page_secret = {UINT64_C(1) << 63, 1, 1}; /* none, until the start */

void page_links_start(void) {
    page_secret.flip = os_secret() | UINT64_C(1) << 63;
    page_secret.factor = os_secret() | 1;
    /* Newton's method doubles the number of right bits: 3 (each odd number is its own inverse modulo 8), 6,
     * 12, 24, 48, 96. */
    page_secret.inverse = page_secret.factor;
    for (int i = 0; i < 5; i++)
        page_secret.inverse *= 2 - page_secret.factor * page_secret.inverse;
}

/* The owner of a page holds these locks when it works for a heap without a thread or in a thread that is
 * ending. */
static void give_locks_back(struct page_heap *owner) {
    if (atomic_load_explicit(&owner->idle, memory_order_relaxed)) hak_unlock(HAK_LOCK_HEAPS);
    if (owner == owner->box->heaps->late) hak_unlock(HAK_LOCK_LATE);
}

static _Noreturn void list_misuse(const char *what, const struct hak_page *page,
                                  const struct hak_block *block) {
    const struct box *box = page->owner->box;
    give_locks_back(page->owner);
    hak_misuse(what, (const char *)block + box->header, box_class_id(box, page->class_index), box->name);
}

_Noreturn void page_link_broken(const struct hak_page *page, const struct hak_block *block) {
    list_misuse("free list overwritten, by a write after free or an overflow", page, block);
}

_Noreturn void page_remote_twice(const struct hak_page *page, const struct hak_block *block) {
    list_misuse("double free", page, block);
}
