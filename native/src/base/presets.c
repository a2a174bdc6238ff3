#include "base/options.h"

#define PROFILE(value)                                                                                       \
    { "HAKMEM_TINY_HEAP_PROFILE", value }
#define C6_HOT(value)                                                                                        \
    { "HAKMEM_TINY_C6_HOT", value }
#define POOL_V2(value)                                                                                       \
    { "HAKMEM_POOL_V2_ENABLED", value }
#define FLATTEN(value)                                                                                       \
    { "HAKMEM_POOL_V1_FLATTEN_ENABLED", value }

/* Presets hold allocator options only; sizes and arguments are the benchmark's. */
const struct hak_preset hak_presets[] = {
    {"LEGACY",
     "C6 and everything above it through pool v1's ordinary path.",
     {PROFILE("LEGACY"), C6_HOT("0"), POOL_V2("0"), FLATTEN("0"), {NULL, NULL}}},
    {"LEGACY_FLATTEN",
     "LEGACY with the thread-local block cache for C6 in front of pool v1.",
     {PROFILE("LEGACY"), C6_HOT("0"), POOL_V2("0"), FLATTEN("1"), {NULL, NULL}}},
    {"C7_SAFE",
     "C7 through TinyHeap v1, C6 and the larger classes through pool v1.",
     {PROFILE("C7_SAFE"), C6_HOT("0"), POOL_V2("0"), FLATTEN("0"), {NULL, NULL}}},
    {"C6_HEAVY_LEGACY_POOLV1",
     "C7_SAFE with C6 through TinyHeap v1 too: 257..512 B tiny heap, 513..768 B pool v1.",
     {PROFILE("C7_SAFE"), C6_HOT("1"), POOL_V2("0"), FLATTEN("0"), {NULL, NULL}}},
    {"LEGACY_C6_HOT",
     "LEGACY with C6 through TinyHeap v1.",
     {PROFILE("LEGACY"), C6_HOT("1"), POOL_V2("0"), FLATTEN("0"), {NULL, NULL}}},
    {"POOL_V2",
     "LEGACY with pool v2 in place of pool v1.",
     {PROFILE("LEGACY"), C6_HOT("0"), POOL_V2("1"), FLATTEN("0"), {NULL, NULL}}},
};

const size_t hak_preset_count = sizeof hak_presets / sizeof hak_presets[0];
