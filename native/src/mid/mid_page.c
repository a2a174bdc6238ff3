#include "mid/mid_page.h"
#include "os/os_lock.h"
#include "os/os_mem.h"
#include "os/os_meta.h"

#define CHUNK_UNITS 64u /* 4 MiB of addresses at a time */

/* Units of free pages that keep their memory: 16 MiB. */
#define MAX_DIRTY_UNITS 256u

/* Guarded by HAK_LOCK_MID. Pages never change their size; there is one list of free pages for each size. */
static struct mid_desc *free_pages[2];
static char *chunk_next;
static unsigned chunk_left;
static unsigned dirty_units;
static size_t mapped_bytes;

static struct mid_desc **free_list(unsigned units) {
    return &free_pages[units == 1 ? 0 : 1];
}

static struct mid_desc *new_desc(char *base, unsigned units) {
    struct mid_desc *desc = os_meta_alloc(sizeof *desc);
    if (!desc) return NULL;
    desc->base = base;
    desc->page.slabs = units;
    for (unsigned i = 0; i < units; i++)
        if (!mid_desc_register((uintptr_t)base + (uintptr_t)i * MID_UNIT_SIZE, desc)) return NULL;
    return desc;
}

static struct mid_desc *cut_page(unsigned units) {
    if (chunk_left < units) {
        /* The rest of the old chunk becomes pages of one unit. */
        for (; chunk_left; chunk_left--, chunk_next += MID_UNIT_SIZE) {
            struct mid_desc *desc = new_desc(chunk_next, 1);
            if (!desc) return NULL;
            desc->next_free = free_pages[0];
            free_pages[0] = desc;
        }
        char *chunk = os_map_aligned((size_t)CHUNK_UNITS * MID_UNIT_SIZE, MID_UNIT_SIZE);
        if (!chunk) return NULL;
        mapped_bytes += (size_t)CHUNK_UNITS * MID_UNIT_SIZE;
        chunk_next = chunk;
        chunk_left = CHUNK_UNITS;
    }
    struct mid_desc *desc = new_desc(chunk_next, units);
    if (!desc) return NULL;
    chunk_next += (size_t)units * MID_UNIT_SIZE;
    chunk_left -= units;
    return desc;
}

struct hak_page *mid_page_alloc(unsigned units, uint32_t stride) {
    hak_lock(HAK_LOCK_MID);
    struct mid_desc **list = free_list(units);
    struct mid_desc *desc = *list;
    if (desc) {
        *list = desc->next_free;
        if (desc->dirty) dirty_units -= units;
        desc->dirty = false;
    } else {
        desc = cut_page(units);
    }
    if (desc) {
        desc->page.start = desc->base;
        desc->page.stride = stride;
        desc->page.capacity = units * MID_UNIT_SIZE / stride;
    }
    hak_unlock(HAK_LOCK_MID);
    return desc ? &desc->page : NULL;
}

void mid_page_free(struct hak_page *page) {
    struct mid_desc *desc = (struct mid_desc *)page;
    hak_lock(HAK_LOCK_MID);
    unsigned units = page->slabs;
    atomic_fetch_add_explicit(&mid_desc_epoch, 1, memory_order_release);
    page->box = 0;
    if (dirty_units + units > MAX_DIRTY_UNITS) {
        os_purge(desc->base, (size_t)units * MID_UNIT_SIZE);
    } else {
        desc->dirty = true;
        dirty_units += units;
    }
    struct mid_desc **list = free_list(units);
    desc->next_free = *list;
    *list = desc;
    hak_unlock(HAK_LOCK_MID);
}

size_t mid_trim(void) {
    hak_lock(HAK_LOCK_MID);
    size_t bytes = (size_t)dirty_units * MID_UNIT_SIZE;
    for (unsigned i = 0; i < 2; i++) {
        for (struct mid_desc *desc = free_pages[i]; desc; desc = desc->next_free) {
            if (!desc->dirty) continue;
            os_purge(desc->base, (size_t)desc->page.slabs * MID_UNIT_SIZE);
            desc->dirty = false;
        }
    }
    dirty_units = 0;
    hak_unlock(HAK_LOCK_MID);
    return bytes;
}

size_t mid_mapped_bytes(void) {
    hak_lock(HAK_LOCK_MID);
    size_t bytes = mapped_bytes;
    hak_unlock(HAK_LOCK_MID);
    return bytes;
}
