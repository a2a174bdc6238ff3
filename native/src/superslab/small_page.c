#include "superslab/small_page.h"

struct hak_page *small_page_alloc(unsigned class_id) {
    /* A slab holds 8192 blocks of C0 but only 128 of C6, so the largest classes get more slabs. */
    static const uint8_t slabs[HAK_TINY_CLASSES] = {1, 1, 1, 1, 1, 1, 2, 4};
    struct hak_page *page = superslab_page_alloc(slabs[class_id]);
    if (!page) return NULL;
    page->stride = hak_class_info[class_id].size;
    page->capacity = (uint32_t)(page->slabs * SLAB_SIZE / page->stride);
    return page;
}
