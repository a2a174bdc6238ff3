/* Tallies: how often a thread took a way that belongs to no size class, such as a lookup. With them a tool
 * can tell that an option about lookups, headers or the front changed something, and that it did not. One add
 * per event. */
#ifndef HAK_BASE_TALLY_H
#define HAK_BASE_TALLY_H

#include "os/compiler.h"

/* X(identifier, name in the statistics) */
#define HAK_TALLY_NAMES(X)                                                                                   \
    X(SUPER_LOOKUP, "superLookups")         /* superslab registry asked on free */                           \
    X(MID_CACHE_HIT, "midCacheHits")        /* descriptor found in the thread's cache */                     \
    X(MID_PROBE, "midRegistryProbes")       /* descriptor looked for in the shared registry */               \
    X(MID_CONTEXT_HIT, "midContextHits")    /* freed by the cached context, without the descriptor */        \
    X(HEADER_CLASS, "headerClassHits")      /* freed by the class in the block's header */                   \
    X(HEADER_INIT, "headerInits")           /* headers of pool v1 written by an allocation */                \
    X(OCCUPANCY_UPDATE, "occupancyUpdates") /* subtractions from the occupancy of a page of pool v1 */       \
    X(FRONT_SIZE_PATH, "frontSizePath")     /* allocations past the front's checks */                        \
    X(FALLBACK, "segmentFallbacks")         /* allocations that found no segment and went to another box */

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

/* The thread's; one object for all threads that have no heap, whose counts are approximate. */
extern HAK_TLS struct hak_tallies *hak_tallies_tls;

#define HAK_TALLY(id) HAK_COUNT(hak_tallies_tls->counts[HAK_TALLY_##id])

/* Gives the thread tallies of its own. Takes HAK_LOCK_HEAPS. */
void hak_tallies_acquire(void);

/* When the thread ends, after everything that may still count. */
void hak_tallies_thread_exit(void);

/* Sums over all threads, past and present. */
void hak_tallies_read(uint64_t sums[HAK_TALLIES]);

extern const char *const hak_tally_names[HAK_TALLIES];

#endif
