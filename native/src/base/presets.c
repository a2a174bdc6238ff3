#include "base/options.h"

/* clang-format off */
#define TINY(profile, c6_hot, hotheap_v2)                                                                    \
    {"HAKMEM_TINY_HEAP_PROFILE", profile}, {"HAKMEM_TINY_C6_HOT", c6_hot},                                   \
    {"HAKMEM_TINY_HOTHEAP_V2", hotheap_v2}
#define POOL(v2, v1_flatten)                                                                                 \
    {"HAKMEM_POOL_V2_ENABLED", v2}, {"HAKMEM_POOL_V1_FLATTEN_ENABLED", v1_flatten}

/* Presets hold the allocator's ways only, nothing that prints; sizes and arguments are the benchmark's. What a preset
 * does not name has the option's default. */
const struct hak_preset hak_presets[] = {
    {"BEST", "The default: small-object box v4 up to 1024 B, pool v2 above.",
     {TINY("V4", "0", "0"), POOL("1", "0")}},

    /* The cells of LEGACY and C7_SAFE, C6_HOT and flatten off and on. */
    {"LEGACY", "C6 and everything above it through pool v1's ordinary path.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0")}},
    {"LEGACY_FLATTEN", "LEGACY with the thread-local block cache for C6 in front of pool v1.",
     {TINY("LEGACY", "0", "0"), POOL("0", "1")}},
    {"LEGACY_C6_HOT", "LEGACY with C6 through TinyHeap v1.",
     {TINY("LEGACY", "1", "0"), POOL("0", "0")}},
    {"C7_SAFE", "C7 through TinyHeap v1, C6 and the larger classes through pool v1.",
     {TINY("C7_SAFE", "0", "0"), POOL("0", "0")}},
    {"C7_SAFE_FLATTEN", "C7_SAFE with the thread-local block cache for C6 in front of pool v1.",
     {TINY("C7_SAFE", "0", "0"), POOL("0", "1")}},
    {"C6_HEAVY_LEGACY_POOLV1",
     "C7_SAFE with C6 through TinyHeap v1 too: 257..512 B tiny heap, 513..768 B pool v1.",
     {TINY("C7_SAFE", "1", "0"), POOL("0", "0")}},
    {"C6_HEAVY_FLATTEN", "C6_HEAVY_LEGACY_POOLV1 with flatten on, which changes nothing: C6 bypasses the pool.",
     {TINY("C7_SAFE", "1", "0"), POOL("0", "1")}},

    /* Other boxes. */
    {"HOTHEAP_V2", "C6_HEAVY_LEGACY_POOLV1 with HotHeap v2 in place of TinyHeap v1.",
     {TINY("C7_SAFE", "1", "1"), POOL("0", "0")}},
    {"POOL_V2", "LEGACY with pool v2 in place of pool v1.",
     {TINY("LEGACY", "0", "0"), POOL("1", "0")}},
    {"C7_ULTRA", "LEGACY with C7 through C7 ultra.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0"), {"HAKMEM_TINY_C7_ULTRA_ENABLED", "1"}}},

    /* LEGACY with what each priority of the reference recommends. */
    {"P1_ADDRESS_LOOKUP", "LEGACY_FLATTEN with cached context, class in the header, superslab lookup bypassed.",
     {TINY("LEGACY", "0", "0"), POOL("0", "1"), {"HAKMEM_MID_DESC_CACHE_CONTEXT", "1"},
      {"HAKMEM_POOL_V1_HEADER_CLASS", "1"}, {"HAKMEM_SUPERSLAB_BYPASS", "1"}}},
    {"P2_POOL_PATH", "LEGACY with C6 through its dedicated path and block cache.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0"), {"HAKMEM_C6_HEAVY_ENABLED", "1"}}},
    {"P3_METADATA", "LEGACY with lazy headers and batched occupancy.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0"), {"HAKMEM_POOL_V1_LAZY_HEADER", "1"},
      {"HAKMEM_POOL_V1_BATCH_OCCUPANCY", "1"}}},
    {"P4_FRONT_GATE", "LEGACY with the front's path for 257..768 B.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0"), {"HAKMEM_FRONT_SIZE_PATH", "1"}}},

    /* The reference's historical configurations; the sizes are the benchmark's. */
    {"PHASE54", "Phase 54: C7_SAFE, for mixed 16..1024 B.",
     {TINY("C7_SAFE", "0", "0"), POOL("0", "0")}},
    {"PHASE80", "Phase 80: LEGACY, C6-heavy, flatten off.",
     {TINY("LEGACY", "0", "0"), POOL("0", "0")}},
    {"PHASE81_82", "Phases 81 and 82: LEGACY, C6-heavy, flatten on.",
     {TINY("LEGACY", "0", "0"), POOL("0", "1")}},
};
/* clang-format on */

const size_t hak_preset_count = sizeof hak_presets / sizeof hak_presets[0];
