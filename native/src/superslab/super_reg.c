#include "superslab/super_reg.h"

/* Starts with the empty table instead of NULL, so that a lookup needs no test. */
struct addr_map super_reg = {
    .table = &addr_table_empty,
    .lock = HAK_LOCK_MAP_SUPER,
    .shift = SUPERSLAB_SHIFT,
    .first_size = 256,
};

bool super_reg_add(struct superslab *superslab) {
    return addr_map_insert(&super_reg, (uintptr_t)superslab, superslab);
}

void super_reg_remove(struct superslab *superslab) {
    addr_map_remove(&super_reg, (uintptr_t)superslab);
}
