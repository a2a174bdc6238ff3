/* Tallies: per-thread counts of events that belong to no size class, such as lookups. They show whether an
 * option about lookups, headers or the front had an effect. One add per event. */
#ifndef HAK_BASE_TALLY_H
#define HAK_BASE_TALLY_H

#include "os/compiler.h"

/* X(identifier, name in the statistics) */
#define HAK_TALLY_NAMES(X)                                                                                   \
    X(SUPER_LOOKUP, "superLookups")      /* superslab registry searched on free */                           \
    X(MID_CACHE_HIT, "midCacheHits")     /* descriptor found in the thread's cache */                        \
    X(MID_PROBE, "midRegistryProbes")    /* shared registry searched for a descriptor */                     \
    X(MID_CONTEXT_HIT, "midContextHits") /* freed by the cached context, without reading the descriptor */   \
    X(HEADER_CLASS, "headerClassHits")   /* freed by the class in the block header */                        \
    X(HEADER_INIT, "headerInits")        /* pool v1 headers written by an allocation */                      \
    X(OCCUPANCY_UPDATE, "occupancyUpdates") /* updates of the occupancy of a pool v1 page */                 \
    X(FRONT_SIZE_PATH, "frontSizePath")     /* allocations that skipped the front's checks */                \
    X(FALLBACK, "segmentFallbacks")         /* allocations that found no segment and used another box */

enum hak_tally {
#define X(id, name) HAK_TALLY_##id,
    HAK_TALLY_NAMES(X)
#undef X
        HAK_TALLIES
};

struct hak_tallies {
    hak_counter counts[HAK_TALLIES];
    struct hak_tallies *next_idle, *next_all;
};

/* The thread's tallies. Threads without a heap share one object, whose counts are approximate. */
extern HAK_TLS struct hak_tallies *hak_tallies_tls;

#define HAK_TALLY(id) HAK_COUNT(hak_tallies_tls->counts[HAK_TALLY_##id])

/* Gives the thread its own tallies. Takes HAK_LOCK_HEAPS. */
void hak_tallies_acquire(void);

/* Call when the thread ends, after everything that may still count. */
void hak_tallies_thread_exit(void);

/* Sums over all threads, past and present. */
void hak_tallies_read(uint64_t sums[HAK_TALLIES]);

extern const char *const hak_tally_names[HAK_TALLIES];

#endif
