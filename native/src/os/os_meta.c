#include "os/os_meta.h"
#include "os/os_lock.h"
#include "os/os_mem.h"

#define META_CHUNK ((size_t)256 * 1024)

static char *meta_next;
static size_t meta_left;

void *os_meta_alloc(size_t size) {
    size = HAK_ALIGN_UP(size, HAK_CACHE_LINE);
    /* Large tables get their own mappings, so that the rest of the current chunk is not lost. */
    if (size > META_CHUNK / 4) return os_map(HAK_ALIGN_UP(size, os_page_size()));

    hak_lock(HAK_LOCK_META);
    if (size > meta_left) {
        char *chunk = os_map(META_CHUNK);
        if (!chunk) {
            hak_unlock(HAK_LOCK_META);
            return NULL;
        }
        meta_next = chunk;
        meta_left = META_CHUNK;
    }
    void *result = meta_next;
    meta_next += size;
    meta_left -= size;
    hak_unlock(HAK_LOCK_META);
    return result;
}
