#include "base/options.h"

/* clang-format off */
#define TINY(profile, c6_hot, hotheap_v2)                                                                    \
    {"HAKMEM_TINY_HEAP_PROFILE", profile}, {"HAKMEM_TINY_C6_HOT", c6_hot},                                   \
    {"HAKMEM_TINY_HOTHEAP_V2", hotheap_v2}
#define POOL(v2, v1_flatten)                                                                                 \
    {"HAKMEM_POOL_V2_ENABLED", v2}, {"HAKMEM_POOL_V1_FLATTEN_ENABLED", v1_flatten}

/* Presets choose how memory is served and print nothing; sizes and arguments belong to the benchmark. Options that a
 * preset does not list have their defaults. */
const struct hak_preset hak_presets[] = {
    {"BEST", "The default: thread-local bins up to 32 KiB, spans up to 4 MiB, mappings above.",
     {TINY("BINS", "0", "0"), POOL("1", "0")}},
    {"V4", "Small-object box v4 up to 1024 B, pool v2 above.",
     {TINY("V4", "0", "0"), POOL("1", "0")}},
    {"HARDENED", "The default's sizes with encoded free lists, guard pages and random placement.",
     {TINY("BINS", "0", "0"), POOL("1", "0"), {"HAKMEM_ENCODED_LISTS", "1"}, {"HAKMEM_GUARD_PAGES", "1"},
      {"HAKMEM_RANDOM_PLACEMENT", "1"}}},

    /* LEGACY and C7_SAFE, each with C6_HOT and flatten off and on. */
    {"LEGACY", "C6 and all larger classes through the ordinary path of pool v1.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0")}},
    {"LEGACY_FLATTEN", "LEGACY with a thread-local block cache for C6 in front of pool v1.",
     {TINY("LEGACY", "0", "0"), POOL("0", "1")}},
    {"LEGACY_C6_HOT", "LEGACY with C6 through TinyHeap v1.",
     {TINY("LEGACY", "1", "0"), POOL("0", "0")}},
    {"C7_SAFE", "C7 through TinyHeap v1, C6 and the larger classes through pool v1.",
     {TINY("C7_SAFE", "0", "0"), POOL("0", "0")}},
    {"C7_SAFE_FLATTEN", "C7_SAFE with a thread-local block cache for C6 in front of pool v1.",
     {TINY("C7_SAFE", "0", "0"), POOL("0", "1")}},
    {"C6_HEAVY_LEGACY_POOLV1",
     "C7_SAFE with C6 through TinyHeap v1 too: 257..512 B from the tiny heap, 513..768 B from pool v1.",
     {TINY("C7_SAFE", "1", "0"), POOL("0", "0")}},
    {"C6_HEAVY_FLATTEN", "C6_HEAVY_LEGACY_POOLV1 with flatten on, which has no effect because C6 bypasses the pool.",
     {TINY("C7_SAFE", "1", "0"), POOL("0", "1")}},

    /* Other boxes. */
    {"HOTHEAP_V2", "C6_HEAVY_LEGACY_POOLV1 with HotHeap v2 instead of TinyHeap v1.",
     {TINY("C7_SAFE", "1", "1"), POOL("0", "0")}},
    {"POOL_V2", "LEGACY with pool v2 instead of pool v1.",
     {TINY("LEGACY", "0", "0"), POOL("1", "0")}},
    {"C7_ULTRA", "LEGACY with C7 through C7 ultra.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0"), {"HAKMEM_TINY_C7_ULTRA_ENABLED", "1"}}},

    /* LEGACY with the options that each priority of the reference analysis recommends. */
    {"P1_ADDRESS_LOOKUP", "LEGACY_FLATTEN with cached contexts, class in the header, superslab lookup bypassed.",
     {TINY("LEGACY", "0", "0"), POOL("0", "1"), {"HAKMEM_MID_DESC_CACHE_CONTEXT", "1"},
      {"HAKMEM_POOL_V1_HEADER_CLASS", "1"}, {"HAKMEM_SUPERSLAB_BYPASS", "1"}}},
    {"P2_POOL_PATH", "LEGACY with the dedicated path and block cache for C6.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0"), {"HAKMEM_C6_HEAVY_ENABLED", "1"}}},
    {"P3_METADATA", "LEGACY with lazy headers and batched occupancy updates.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0"), {"HAKMEM_POOL_V1_LAZY_HEADER", "1"},
      {"HAKMEM_POOL_V1_BATCH_OCCUPANCY", "1"}}},
    {"P4_FRONT_GATE", "LEGACY with the front's size path for 257..768 B.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0"), {"HAKMEM_FRONT_SIZE_PATH", "1"}}},

    /* Historical configurations of the reference analysis; the sizes are set for the benchmark. */
    {"PHASE54", "Phase 54 of the reference analysis: C7_SAFE, for mixed sizes of 16..1024 B.",
     {TINY("C7_SAFE", "0", "0"), POOL("0", "0")}},
    {"PHASE80", "Phase 80 of the reference analysis: LEGACY for mostly C6, flatten off.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0")}},
    {"PHASE81_82", "Phases 81 and 82 of the reference analysis: LEGACY for mostly C6, flatten on.",
     {TINY("LEGACY", "0", "0"), POOL("0", "1")}},
};
/* clang-format on */

const size_t hak_preset_count = sizeof hak_presets / sizeof hak_presets[0];
