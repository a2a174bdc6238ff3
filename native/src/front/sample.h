/* Sampling of requested sizes: every Nth allocation of a thread is recorded, which shows how much of its
 * blocks a program leaves unused. When off it costs one decrement. */
#ifndef HAK_FRONT_SAMPLE_H
#define HAK_FRONT_SAMPLE_H

#include "os/compiler.h"

/* Allocations of this thread until the next sample. Starts at 0, so that the first allocation reads the
 * period. */
extern HAK_TLS int64_t hak_sample_left;

static inline bool should_sample(void) {
    return HAK_UNLIKELY(--hak_sample_left < 0);
}

/* Records a request unless sampling is off, and starts the next period. */
void hak_sample(size_t size);

/* HAKMEM_STATS_SAMPLE; 0 is off. Call before the first block exists. */
void hak_sample_start(uint32_t period);

struct hak_samples {
    uint64_t period, count, requested_bytes, block_bytes;
};
void hak_sample_counters(struct hak_samples *samples);

#endif
