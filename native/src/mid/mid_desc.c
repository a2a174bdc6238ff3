#include "mid/mid_desc.h"

struct addr_map mid_desc_registry = {
    .lock = HAK_LOCK_MAP_MID,
    .shift = MID_UNIT_SHIFT,
    .first_size = 1024,
};

HAK_TLS struct mid_desc_cache_entry mid_desc_cache[MID_DESC_CACHE_ENTRIES];
bool mid_desc_cache_enabled;
_Atomic uint64_t mid_desc_epoch = 1;

struct addr_table *mid_desc_init_slow(void) {
    return addr_map_create(&mid_desc_registry);
}

bool mid_desc_register(uintptr_t unit, struct mid_desc *desc) {
    return addr_map_insert(&mid_desc_registry, unit, desc);
}
