#include "base/size_class.h"

#define TINY_OR_768(size)                                                                                    \
    ((size) <= 8     ? HAK_C0                                                                                \
     : (size) <= 16  ? HAK_C1                                                                                \
     : (size) <= 32  ? HAK_C2                                                                                \
     : (size) <= 64  ? HAK_C3                                                                                \
     : (size) <= 128 ? HAK_C4                                                                                \
     : (size) <= 256 ? HAK_C5                                                                                \
     : (size) <= 512 ? HAK_C6                                                                                \
     : (size) <= 768 ? HAK_M768                                                                              \
                     : HAK_C7)
#define T1(i) TINY_OR_768((i)*8),
#define T4(i) T1(i) T1((i) + 1) T1((i) + 2) T1((i) + 3)
#define T16(i) T4(i) T4((i) + 4) T4((i) + 8) T4((i) + 12)
#define T64(i) T16(i) T16((i) + 16) T16((i) + 32) T16((i) + 48)

const uint8_t hak_small_class_table[HAK_SMALL_MAX / 8 + 1] = {T64(0) T64(64) T1(128)};

const struct hak_class_info hak_class_info[HAK_CLASSES] = {
#define X(name_, min_, size_) [HAK_##name_] = {#name_, min_, size_},
    HAK_SIZE_CLASSES(X)
#undef X
        [HAK_LARGE] = {"LARGE", HAK_POOL_MAX + 1, 0},
};

const uint8_t hak_pool_class_id[HAK_POOL_CLASSES] = {
    HAK_C6,    HAK_M768,  HAK_C7,     HAK_M1536,  HAK_M2048,  HAK_M3072,  HAK_M4096,
    HAK_M6144, HAK_M8192, HAK_M12288, HAK_M16384, HAK_M24576, HAK_M32768,
};

const uint32_t hak_pool_class_size[HAK_POOL_CLASSES] = {
    512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768,
};

/* What the arithmetic and the tables above rely on. */
#define X(name_, min_, size_)                                                                                \
    _Static_assert((size_) % 8 == 0 && (size_) <= HAK_POOL_MAX, #name_ ": block size");                      \
    _Static_assert((min_) <= (size_), #name_ ": range");
HAK_SIZE_CLASSES(X)
#undef X
_Static_assert(sizeof hak_small_class_table == 129, "one entry per eight bytes");
