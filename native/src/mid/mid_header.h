/* The header in front of every block of pool v1: 16 bytes, so that the user's block keeps its alignment. It
 * holds the free-list link, which a write to freed memory therefore cannot damage, and a tag with class and
 * state, by which free recognizes valid blocks and detects double frees. */
#ifndef HAK_MID_MID_HEADER_H
#define HAK_MID_MID_HEADER_H

#include "base/tally.h"
#include "page/page.h"

enum mid_state { MID_FREE = 1, MID_USED = 2, MID_ALIGNED = 3 };

struct mid_header {
    struct hak_block link; /* for MID_ALIGNED: the header of the enclosing block */
    uint64_t tag;
};
_Static_assert(sizeof(struct mid_header) == 16, "keeps 16-byte alignment");

/* "hakmid" in the upper bytes, then class and state. */
#define MID_TAG(class_index, state)                                                                          \
    ((UINT64_C(0x68616b6d6964) << 16) | ((uint64_t)(class_index) << 8) | (state))

static inline struct mid_header *mid_header_of(const void *pointer) {
    return (struct mid_header *)pointer - 1;
}

/* HAKMEM_POOL_V1_LAZY_HEADER: a header is written when its block is allocated for the first time and then
 * stays, so it does not tell a free block from a live one. Set before the first block exists. */
extern bool mid_lazy_header;

/* Marks the block as allocated and returns the user's address. */
static inline void *mid_set_header(struct hak_block *block, unsigned class_index) {
    struct mid_header *header = (struct mid_header *)block;
    if (HAK_LIKELY(!mid_lazy_header)) {
        header->tag = MID_TAG(class_index, MID_USED);
    } else if (HAK_UNLIKELY(header->tag != MID_TAG(class_index, MID_USED))) {
        header->tag = MID_TAG(class_index, MID_USED);
        HAK_TALLY(HEADER_INIT);
    }
    return header + 1;
}

static inline void mid_mark_free(struct mid_header *header, unsigned class_index) {
    if (HAK_LIKELY(!mid_lazy_header)) header->tag = MID_TAG(class_index, MID_FREE);
}

/* These eight bytes may belong to any block, whose owner may be writing them; they are trusted only when they
 * are a valid tag. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
__attribute__((no_sanitize_thread, no_sanitize_address))
#endif
static inline uint64_t
mid_peek_tag(const void *pointer) {
    return *(const volatile uint64_t *)&mid_header_of(pointer)->tag;
}

/* True when the header of a live block precedes `pointer`, whatever memory that is; also gives its class. The
 * bytes in front are read only if they lie on the same system page as `pointer`. */
static inline bool mid_header_read_class(const void *pointer, unsigned *class_index) {
    uintptr_t offset = (uintptr_t)pointer & 4095;
    if (HAK_UNLIKELY((offset & 15) || offset < sizeof(struct mid_header))) return false;
    uint64_t tag = mid_peek_tag(pointer);
    *class_index = (unsigned)(tag >> 8) & 0xff;
    return tag == MID_TAG(*class_index, MID_USED);
}

/* Writes a header in front of `pointer`, which lies inside the user's part of `block`, that leads back to the
 * block. */
static inline void mid_set_aligned(void *pointer, struct mid_header *block) {
    struct mid_header *header = mid_header_of(pointer);
    header->link.next = &block->link;
    header->tag = MID_TAG(0, MID_ALIGNED);
}

#endif
