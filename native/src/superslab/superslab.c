#include "superslab/superslab.h"
#include "os/os_lock.h"
#include "os/os_mem.h"
#include "superslab/super_reg.h"

#define ALL_FREE (~UINT32_C(1)) /* all slabs except the one with the metadata */

/* Free slabs of all superslabs that keep their memory: 16 MiB. Anything above is given back at once. */
#define MAX_DIRTY_SLABS 256u
/* Superslabs without a page that are kept. */
#define MAX_EMPTY_SUPERSLABS 2u

/* Pages have at most this many slabs. */
enum { LONGEST = 4 };

/* Guarded by HAK_LOCK_SUPERSLAB. Superslabs by their longest run of free slabs; LONGEST and more share a
 * list. So finding a place for a page takes the same time however many superslabs there are. */
static struct superslab *with_run[LONGEST + 1];
static unsigned dirty_slabs;
static unsigned empty_superslabs;
static size_t superslabs;

static unsigned longest_run(uint32_t free_mask) {
    unsigned run = 0;
    for (; free_mask && run < LONGEST; run++)
        free_mask &= free_mask >> 1;
    return run;
}

static void list_add(struct superslab *superslab) {
    superslab->run = (uint8_t)longest_run(superslab->free_mask);
    struct superslab **list = &with_run[superslab->run];
    superslab->prev = NULL;
    superslab->next = *list;
    if (*list) (*list)->prev = superslab;
    *list = superslab;
}

static void list_remove(struct superslab *superslab) {
    if (superslab->next) superslab->next->prev = superslab->prev;
    if (superslab->prev)
        superslab->prev->next = superslab->next;
    else
        with_run[superslab->run] = superslab->next;
}

/* Call after free_mask has changed. Full superslabs have a list too, with_run[0]. */
static void list_update(struct superslab *superslab) {
    if (longest_run(superslab->free_mask) == superslab->run) return;
    list_remove(superslab);
    list_add(superslab);
}

/* The first of `slabs` adjacent free slabs, or -1. Prefers slabs that still have their memory. */
static int find_run(const struct superslab *superslab, unsigned slabs) {
    uint32_t run = superslab->free_mask, dirty = superslab->free_mask & superslab->dirty_mask;
    for (unsigned i = 1; i < slabs; i++) {
        run &= superslab->free_mask >> i;
        dirty &= (superslab->free_mask & superslab->dirty_mask) >> i;
    }
    if (dirty) return __builtin_ctz(dirty);
    return run ? __builtin_ctz(run) : -1;
}

static struct superslab *new_superslab(void) {
    struct superslab *superslab = os_map_aligned(SUPERSLAB_SIZE, SUPERSLAB_SIZE);
    if (!superslab) return NULL;
    superslab->free_mask = ALL_FREE;
    if (!super_reg_add(superslab)) {
        os_unmap(superslab, SUPERSLAB_SIZE);
        return NULL;
    }
    list_add(superslab);
    empty_superslabs++;
    superslabs++;
    return superslab;
}

struct hak_page *superslab_page_alloc(unsigned slabs) {
    hak_lock(HAK_LOCK_SUPERSLAB);
    /* The shortest run that is long enough, so that long runs stay available. */
    struct superslab *superslab = NULL;
    for (unsigned run = slabs; run <= LONGEST && !superslab; run++)
        superslab = with_run[run];
    if (!superslab) superslab = new_superslab();
    if (!superslab) {
        hak_unlock(HAK_LOCK_SUPERSLAB);
        return NULL;
    }
    int first = find_run(superslab, slabs);

    uint32_t mask = (uint32_t)(((UINT64_C(1) << slabs) - 1) << first);
    if (superslab->free_mask == ALL_FREE) empty_superslabs--;
    superslab->free_mask &= ~mask;
    dirty_slabs -= (unsigned)__builtin_popcount(superslab->dirty_mask & mask);
    superslab->dirty_mask &= ~mask;
    list_update(superslab);
    for (unsigned i = 0; i < slabs; i++)
        superslab->ss_map[(unsigned)first + i] = (uint8_t)first;

    struct hak_page *page = &superslab->pages[first];
    page->first_slab = (uint8_t)first;
    page->slabs = slabs;
    page->start = (char *)superslab + (size_t)first * SLAB_SIZE;
    hak_unlock(HAK_LOCK_SUPERSLAB);
    return page;
}

/* Unmaps an empty superslab. */
static void drop(struct superslab *superslab) {
    list_remove(superslab);
    dirty_slabs -= (unsigned)__builtin_popcount(superslab->dirty_mask);
    empty_superslabs--;
    superslabs--;
    super_reg_remove(superslab);
    os_unmap(superslab, SUPERSLAB_SIZE);
}

/* Gives the memory of dirty slabs back, one run of adjacent slabs at a time. */
static void purge(struct superslab *superslab, uint32_t mask) {
    superslab->dirty_mask &= ~mask;
    dirty_slabs -= (unsigned)__builtin_popcount(mask);
    while (mask) {
        unsigned first = (unsigned)__builtin_ctz(mask);
        unsigned slabs = (unsigned)__builtin_ctz(~(mask >> first));
        os_purge((char *)superslab + (size_t)first * SLAB_SIZE, (size_t)slabs * SLAB_SIZE);
        mask &= ~(((UINT32_C(1) << slabs) - 1) << first);
    }
}

void superslab_page_free(struct hak_page *page) {
    hak_lock(HAK_LOCK_SUPERSLAB);
    struct superslab *superslab = (struct superslab *)((uintptr_t)page & ~((uintptr_t)SUPERSLAB_SIZE - 1));
    unsigned first = page->first_slab, slabs = page->slabs;
    uint32_t mask = (uint32_t)(((UINT64_C(1) << slabs) - 1) << first);

    page->box = 0;
    for (unsigned i = 0; i < slabs; i++)
        superslab->ss_map[first + i] = 0;
    superslab->free_mask |= mask;
    superslab->dirty_mask |= mask;
    dirty_slabs += slabs;
    list_update(superslab);

    if (superslab->free_mask == ALL_FREE && ++empty_superslabs > MAX_EMPTY_SUPERSLABS)
        drop(superslab);
    else if (dirty_slabs > MAX_DIRTY_SLABS)
        purge(superslab, mask);
    hak_unlock(HAK_LOCK_SUPERSLAB);
}

size_t superslab_trim(void) {
    hak_lock(HAK_LOCK_SUPERSLAB);
    size_t bytes = (size_t)dirty_slabs * SLAB_SIZE;
    for (unsigned run = 1; run <= LONGEST; run++) {
        for (struct superslab *superslab = with_run[run], *next; superslab; superslab = next) {
            next = superslab->next;
            if (superslab->free_mask == ALL_FREE)
                drop(superslab);
            else
                purge(superslab, superslab->dirty_mask);
        }
    }
    hak_unlock(HAK_LOCK_SUPERSLAB);
    return bytes;
}

size_t superslab_mapped_bytes(void) {
    hak_lock(HAK_LOCK_SUPERSLAB);
    size_t bytes = superslabs * SUPERSLAB_SIZE;
    hak_unlock(HAK_LOCK_SUPERSLAB);
    return bytes;
}
