#include "front/sample.h"
#include "base/size_class.h"
#include "os/os_mem.h"

HAK_TLS int64_t hak_sample_left;

static _Atomic uint32_t period; /* also 0 until the allocator has started */
static _Atomic uint64_t count, requested_bytes, block_bytes;

void hak_sample_start(uint32_t every) {
    atomic_store_explicit(&period, every, memory_order_relaxed);
}

void hak_sample(size_t size) {
    uint32_t every = atomic_load_explicit(&period, memory_order_relaxed);
    /* When off, check again after a while, because the first allocations may precede the start. */
    hak_sample_left = every ? (int64_t)every - 1 : 1 << 20;
    if (!every || size > PTRDIFF_MAX / 2) return;
    unsigned class_id = hak_size_class(size);
    uint64_t block =
        class_id == HAK_LARGE ? HAK_ALIGN_UP(size, os_page_size()) : hak_class_info[class_id].size;
    atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&requested_bytes, size, memory_order_relaxed);
    atomic_fetch_add_explicit(&block_bytes, block, memory_order_relaxed);
}

void hak_sample_counters(struct hak_samples *samples) {
    samples->period = atomic_load_explicit(&period, memory_order_relaxed);
    samples->count = atomic_load_explicit(&count, memory_order_relaxed);
    samples->requested_bytes = atomic_load_explicit(&requested_bytes, memory_order_relaxed);
    samples->block_bytes = atomic_load_explicit(&block_bytes, memory_order_relaxed);
}
