/* The superslab registry: which 2 MiB regions of the address space are superslabs. By default free searches
 * it first for every pointer outside the segments. */
#ifndef HAK_SUPERSLAB_SUPER_REG_H
#define HAK_SUPERSLAB_SUPER_REG_H

#include "base/addr_map.h"
#include "superslab/superslab.h"

extern struct addr_map super_reg;

/* The number of slots of the registry's current table, which grows with the number of superslabs. */
static inline size_t super_reg_effective_size(const struct addr_table *table) {
    return table->size;
}

static inline size_t super_reg_effective_mask(const struct addr_table *table) {
    return super_reg_effective_size(table) - 1;
}

static inline size_t hak_super_hash(uintptr_t base) {
    return ADDR_HASH(base, SUPERSLAB_SHIFT);
}

/* The superslab that `pointer` lies in, or NULL. Lock-free. The superslab of a live pointer is always found.
 */
static inline struct superslab *hak_super_lookup(const void *pointer) {
    uintptr_t base = (uintptr_t)pointer & ~((uintptr_t)SUPERSLAB_SIZE - 1);
    struct addr_table *table = atomic_load_explicit(&super_reg.table, memory_order_acquire);
    return addr_table_find(table, base, hak_super_hash(base), super_reg_effective_mask(table));
}

/* Adds a superslab. Returns false without memory. */
bool super_reg_add(struct superslab *superslab);
void super_reg_remove(struct superslab *superslab);

#endif
