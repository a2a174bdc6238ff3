#include "superslab/superslab.h"
#include "os/os_lock.h"
#include "os/os_mem.h"
#include "superslab/super_reg.h"

#define ALL_FREE (~UINT32_C(1)) /* all slabs but the metadata's */

/* Free slabs that keep their memory, over all superslabs: 16 MiB. More than that is given back at once. */
#define MAX_DIRTY_SLABS 256u
/* Superslabs without any page that are kept. */
#define MAX_EMPTY_SUPERSLABS 2u

/* Guarded by HAK_LOCK_SUPERSLAB. */
static struct superslab *with_room;
static unsigned dirty_slabs;
static unsigned empty_superslabs;

static void room_add(struct superslab *superslab) {
    superslab->prev = NULL;
    superslab->next = with_room;
    if (with_room) with_room->prev = superslab;
    with_room = superslab;
}

static void room_remove(struct superslab *superslab) {
    if (superslab->next) superslab->next->prev = superslab->prev;
    if (superslab->prev)
        superslab->prev->next = superslab->next;
    else
        with_room = superslab->next;
}

/* The first of `slabs` neighbouring free slabs, or -1. Prefers slabs whose memory is there already. */
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
    room_add(superslab);
    empty_superslabs++;
    return superslab;
}

struct hak_page *superslab_page_alloc(enum hak_box box, unsigned slabs) {
    hak_lock(HAK_LOCK_SUPERSLAB);
    struct superslab *superslab = with_room;
    int first = -1;
    for (; superslab; superslab = superslab->next)
        if ((first = find_run(superslab, slabs)) >= 0) break;
    if (!superslab) {
        superslab = new_superslab();
        if (!superslab) {
            hak_unlock(HAK_LOCK_SUPERSLAB);
            return NULL;
        }
        first = find_run(superslab, slabs);
    }

    uint32_t mask = (uint32_t)(((UINT64_C(1) << slabs) - 1) << first);
    if (superslab->free_mask == ALL_FREE) empty_superslabs--;
    superslab->free_mask &= ~mask;
    dirty_slabs -= (unsigned)__builtin_popcount(superslab->dirty_mask & mask);
    superslab->dirty_mask &= ~mask;
    if (!superslab->free_mask) room_remove(superslab);
    for (unsigned i = 0; i < slabs; i++)
        superslab->ss_map[(unsigned)first + i] = (uint8_t)first;

    struct hak_page *page = &superslab->pages[first];
    page->box = (uint8_t)box;
    page->first_slab = (uint8_t)first;
    page->slabs = slabs;
    page->start = (char *)superslab + (size_t)first * SLAB_SIZE;
    hak_unlock(HAK_LOCK_SUPERSLAB);
    return page;
}

void superslab_page_free(struct hak_page *page) {
    hak_lock(HAK_LOCK_SUPERSLAB);
    struct superslab *superslab = (struct superslab *)((uintptr_t)page & ~((uintptr_t)SUPERSLAB_SIZE - 1));
    unsigned first = page->first_slab, slabs = page->slabs;
    uint32_t mask = (uint32_t)(((UINT64_C(1) << slabs) - 1) << first);

    page->box = HAK_BOX_NONE;
    for (unsigned i = 0; i < slabs; i++)
        superslab->ss_map[first + i] = 0;
    if (!superslab->free_mask) room_add(superslab);
    superslab->free_mask |= mask;

    if (superslab->free_mask == ALL_FREE && empty_superslabs >= MAX_EMPTY_SUPERSLABS) {
        room_remove(superslab);
        dirty_slabs -= (unsigned)__builtin_popcount(superslab->dirty_mask);
        super_reg_remove(superslab);
        os_unmap(superslab, SUPERSLAB_SIZE);
    } else {
        if (superslab->free_mask == ALL_FREE) empty_superslabs++;
        if (dirty_slabs + slabs > MAX_DIRTY_SLABS) {
            os_purge((char *)superslab + (size_t)first * SLAB_SIZE, (size_t)slabs * SLAB_SIZE);
        } else {
            superslab->dirty_mask |= mask;
            dirty_slabs += slabs;
        }
    }
    hak_unlock(HAK_LOCK_SUPERSLAB);
}
