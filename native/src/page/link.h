/* Encoded links: the free lists of a box with `encoded` (page.h). A link is stored in the freed block itself,
 * where a write after free or an overflow can reach it. Encoded, it cannot be forged without the secret, and
 * it cannot be damaged without notice: decoding multiplies, so that even a single changed bit leads out of
 * the page, and every link is checked before it is followed. */
#ifndef HAK_PAGE_LINK_H
#define HAK_PAGE_LINK_H

#include "page/page.h"

/* Set before the first block exists. The top bit of `flip` is set, so that no word of zeros is a link. */
struct page_secret {
    uint64_t flip, factor, inverse; /* factor * inverse == 1 */
};
extern HAK_HIDDEN struct page_secret page_secret;

/* Makes the secret. Without it the links are checked, but can be forged. */
void page_links_start(void);

/* Reports a block that has been written to while it was free, and aborts. Gives back the locks that the owner
 * of a page may hold. */
_Noreturn void page_link_broken(const struct hak_page *page, const struct hak_block *block);

/* Reports that a block of a remote list is there twice. Likewise. */
_Noreturn void page_remote_twice(const struct hak_page *page, const struct hak_block *block);

/* The address of the block is part of its link, so that a link is of no use in another block. */
static HAK_ALWAYS_INLINE void page_link_set(struct hak_block *block, const struct hak_block *next) {
    uint64_t plain = (uintptr_t)next ^ (uintptr_t)block ^ page_secret.flip;
    block->next = (struct hak_block *)(uintptr_t)(plain * page_secret.factor);
}

/* True when `block` begins with a link to a block of the page, or with that of the end of a list. */
static HAK_ALWAYS_INLINE bool page_link_read(const struct hak_page *page, const struct hak_block *block,
                                             struct hak_block **next) {
    uint64_t plain = (uintptr_t)block->next * page_secret.inverse;
    uintptr_t at = (uintptr_t)(plain ^ page_secret.flip) ^ (uintptr_t)block;
    *next = (struct hak_block *)at;
    /* A page covers whole units. */
    return at == 0 || at - (uintptr_t)page->start < (uintptr_t)page->slabs << 16;
}

/* The block behind `block` in a list of the page. Aborts if the link is damaged. */
static HAK_ALWAYS_INLINE struct hak_block *page_link_get(const struct hak_page *page,
                                                         const struct hak_block *block) {
    struct hak_block *next;
    if (HAK_UNLIKELY(!page_link_read(page, block, &next))) page_link_broken(page, block);
    return next;
}

/* Pops a block whose page has a free one. The program must not see the link, and a block that is in use must
 * not look like a free one. */
static HAK_ALWAYS_INLINE void page_link_pop(struct hak_page *page, struct hak_block *block) {
    page->free = page_link_get(page, block);
    block->next = NULL;
    page->used++;
}

#endif
