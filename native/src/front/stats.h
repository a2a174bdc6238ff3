/* Counters of every class, summed over all threads. */
#ifndef HAK_FRONT_STATS_H
#define HAK_FRONT_STATS_H

#include "base/tally.h"
#include "route/boxes.h"

struct hak_class_stats {
    uint64_t allocs, frees; /* frees by any thread */
    uint64_t fast_hits;     /* allocations that took a block from the thread's page or cache at once */
    uint64_t slow_paths;    /* allocations that had to look further */
    uint64_t remote_frees;  /* frees by a thread that does not own the block's page */
    uint64_t allocs_by_box[HAK_BOXES];
};

/* By class identifier. Approximate while other threads run. */
void hak_stats_read(struct hak_class_stats stats[HAK_CLASSES]);

/* Events that belong to no class, indexed by enum hak_tally. */
void hak_stats_tallies(const struct hak_configuration *configuration, uint64_t sums[HAK_TALLIES]);

/* One line: {"hakmemStats":1,"profile":…,"options":{…},"effects":{…},"classes":[…],"poolV1Flat":{…},
 * "tallies":{…},"sampled":{…}}. In "effects", "none: " and a reason mark an option without effect. */
void hak_stats_print(const struct hak_configuration *configuration, int fd);

#endif
