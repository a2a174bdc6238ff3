/* Size classes. One table lists them all; everything else is derived from it.
 *
 *   C0..C7   8 16 32 64 128 256 512 1024      the small classes
 *   M768..   768 1536 2048 3072 .. 32768      classes that only a pool serves
 *
 * M768 lies between C6 and C7: a block of 513..768 bytes in C7 would waste up to half of it. The pool serves
 * C6, M768, C7 and everything above, and numbers its own classes from 0 (its pool class index). */
#ifndef HAK_BASE_SIZE_CLASS_H
#define HAK_BASE_SIZE_CLASS_H

#include "os/compiler.h"

/* X(name, smallest request, block size); the eight small classes first. */
#define HAK_SIZE_CLASSES(X)                                                                                  \
    X(C0, 0, 8)                                                                                              \
    X(C1, 9, 16)                                                                                             \
    X(C2, 17, 32)                                                                                            \
    X(C3, 33, 64)                                                                                            \
    X(C4, 65, 128)                                                                                           \
    X(C5, 129, 256)                                                                                          \
    X(C6, 257, 512)                                                                                          \
    X(C7, 769, 1024)                                                                                         \
    X(M768, 513, 768)                                                                                        \
    X(M1536, 1025, 1536)                                                                                     \
    X(M2048, 1537, 2048)                                                                                     \
    X(M3072, 2049, 3072)                                                                                     \
    X(M4096, 3073, 4096)                                                                                     \
    X(M6144, 4097, 6144)                                                                                     \
    X(M8192, 6145, 8192)                                                                                     \
    X(M12288, 8193, 12288)                                                                                   \
    X(M16384, 12289, 16384)                                                                                  \
    X(M24576, 16385, 24576)                                                                                  \
    X(M32768, 24577, 32768)

enum hak_class {
#define X(name_, min_, size_) HAK_##name_,
    HAK_SIZE_CLASSES(X)
#undef X
        HAK_LARGE, /* above the last class: one mapping per block */
    HAK_CLASSES
};

enum {
    HAK_TINY_CLASSES = 8,
    HAK_SMALL_MAX = 1024, /* the largest size of a small class */
    HAK_POOL_CLASSES = 13,
    HAK_POOL_MIN = 257, /* the smallest size a pool can be asked for */
    HAK_POOL_MAX = 32768,
};

_Static_assert(HAK_C7 + 1 == HAK_TINY_CLASSES, "small classes come first");
_Static_assert(HAK_M32768 == HAK_M768 + 10, "classes above C7 are contiguous");

struct hak_class_info {
    const char *name;
    uint32_t min; /* smallest request that this class serves */
    uint32_t size;
};

/* HAK_LARGE has size 0: no upper bound. */
extern const struct hak_class_info hak_class_info[HAK_CLASSES];

/* Sets of classes. */
#define HAK_CLASS_BIT(class_id) (UINT32_C(1) << (class_id))
#define HAK_ALL_CLASSES (HAK_CLASS_BIT(HAK_CLASSES) - 1)
#define HAK_TINY_CLASS_BITS (HAK_CLASS_BIT(HAK_TINY_CLASSES) - 1)              /* C0..C7 */
#define HAK_POOL_CLASS_BITS (HAK_CLASS_BIT(HAK_LARGE) - HAK_CLASS_BIT(HAK_C6)) /* C6..M32768 */
_Static_assert(HAK_CLASSES <= 32, "a bit for every class");

/* The class identifier of each pool class index. */
extern const uint8_t hak_pool_class_id[HAK_POOL_CLASSES];
extern const uint32_t hak_pool_class_size[HAK_POOL_CLASSES];

/* Indexed by (size + 7) / 8 for sizes up to HAK_SMALL_MAX. */
extern const uint8_t hak_small_class_table[HAK_SMALL_MAX / 8 + 1];

/* The class of a request of at most HAK_SMALL_MAX bytes: one of C0..C7 or M768. */
static inline unsigned hak_small_class(size_t size) {
    return hak_small_class_table[(size + 7) >> 3];
}

/* The pool class index of a request of HAK_POOL_MIN..HAK_POOL_MAX bytes. The sizes are 2^k and 3*2^(k-1), so
 * the power of two below the request and its next bit give the index without a table. */
static inline unsigned hak_pool_get_class_index(size_t size) {
    size_t last = size - 1;
    unsigned top = (unsigned)(63 - __builtin_clzll((unsigned long long)last)); /* 8..14 */
    unsigned half = (unsigned)(last >> (top - 1)) & 1;
    return top == 8 ? 0 : (top - 9) * 2 + half + 1;
}

/* The class of any request. */
static inline unsigned hak_size_class(size_t size) {
    if (size <= HAK_SMALL_MAX) return hak_small_class(size);
    if (size <= HAK_POOL_MAX) return hak_pool_class_id[hak_pool_get_class_index(size)];
    return HAK_LARGE;
}

/* The class at a position in the order of sizes: M768 lies between C6 and C7. */
static inline unsigned hak_class_by_size(unsigned position) {
    if (position < HAK_C6) return position;
    return position < HAK_LARGE ? hak_pool_class_id[position - HAK_C6] : HAK_LARGE;
}

#endif
