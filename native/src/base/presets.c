#include "base/options.h"

/* clang-format off */
#define TINY(profile, c6_hot, hotheap_v2)                                                                    \
    {"HAKMEM_TINY_HEAP_PROFILE", profile}, {"HAKMEM_TINY_C6_HOT", c6_hot},                                   \
    {"HAKMEM_TINY_HOTHEAP_V2", hotheap_v2}
#define POOL(v2, v1_flatten)                                                                                 \
    {"HAKMEM_POOL_V2_ENABLED", v2}, {"HAKMEM_POOL_V1_FLATTEN_ENABLED", v1_flatten}, {NULL, NULL}

/* Presets hold allocator options only; sizes and arguments are the benchmark's. */
const struct hak_preset hak_presets[] = {
    {"LEGACY", "C6 and everything above it through pool v1's ordinary path.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0")}},
    {"LEGACY_FLATTEN", "LEGACY with the thread-local block cache for C6 in front of pool v1.",
     {TINY("LEGACY", "0", "0"), POOL("0", "1")}},
    {"C7_SAFE", "C7 through TinyHeap v1, C6 and the larger classes through pool v1.",
     {TINY("C7_SAFE", "0", "0"), POOL("0", "0")}},
    {"C6_HEAVY_LEGACY_POOLV1",
     "C7_SAFE with C6 through TinyHeap v1 too: 257..512 B tiny heap, 513..768 B pool v1.",
     {TINY("C7_SAFE", "1", "0"), POOL("0", "0")}},
    {"LEGACY_C6_HOT", "LEGACY with C6 through TinyHeap v1.",
     {TINY("LEGACY", "1", "0"), POOL("0", "0")}},
    {"HOTHEAP_V2", "C6_HEAVY_LEGACY_POOLV1 with HotHeap v2 in place of TinyHeap v1.",
     {TINY("C7_SAFE", "1", "1"), POOL("0", "0")}},
    {"POOL_V2", "LEGACY with pool v2 in place of pool v1.",
     {TINY("LEGACY", "0", "0"), POOL("1", "0")}},
};
/* clang-format on */

const size_t hak_preset_count = sizeof hak_presets / sizeof hak_presets[0];
