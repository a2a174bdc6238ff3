#include "base/box.h"

const char *hak_box_name(enum hak_box box) {
    static const char *const names[HAK_BOXES] = {
        [HAK_BOX_NONE] = "none",
        [HAK_BOX_TINY_HEAP_V1] = "tiny_heap_v1",
        [HAK_BOX_HOT_HEAP_V2] = "hot_heap_v2",
        [HAK_BOX_POOL_V1] = "pool_v1",
        [HAK_BOX_POOL_V2] = "pool_v2",
        [HAK_BOX_SMALL_V4] = "small_v4",
        [HAK_BOX_C6_HEAVY] = "c6_heavy",
        [HAK_BOX_C7_ULTRA] = "c7_ultra",
        [HAK_BOX_LARGE] = "large",
        [HAK_BOX_GUARD] = "guard",
    };
    return names[box];
}
