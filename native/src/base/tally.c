#include "base/tally.h"
#include "os/os_lock.h"
#include "os/os_meta.h"

static struct hak_tallies shared;
HAK_TLS struct hak_tallies *hak_tallies_tls = &shared;

const char *const hak_tally_names[HAK_TALLIES] = {
#define X(id, name) [HAK_TALLY_##id] = name,
    HAK_TALLY_NAMES(X)
#undef X
};

/* Guarded by HAK_LOCK_HEAPS. An ended thread's counts stay; the next thread continues from them. */
static struct hak_tallies *all, *idle;

void hak_tallies_acquire(void) {
    if (hak_tallies_tls != &shared) return;
    hak_lock(HAK_LOCK_HEAPS);
    struct hak_tallies *tallies = idle;
    if (tallies) {
        idle = tallies->next_idle;
    } else if ((tallies = os_meta_alloc(sizeof *tallies)) != NULL) {
        tallies->next_all = all;
        all = tallies;
    }
    hak_unlock(HAK_LOCK_HEAPS);
    if (tallies) hak_tallies_tls = tallies;
}

void hak_tallies_thread_exit(void) {
    struct hak_tallies *tallies = hak_tallies_tls;
    if (tallies == &shared) return;
    hak_tallies_tls = &shared;
    hak_lock(HAK_LOCK_HEAPS);
    tallies->next_idle = idle;
    idle = tallies;
    hak_unlock(HAK_LOCK_HEAPS);
}

void hak_tallies_read(uint64_t sums[HAK_TALLIES]) {
    hak_lock(HAK_LOCK_HEAPS);
    for (int i = 0; i < HAK_TALLIES; i++) {
        sums[i] = HAK_COUNTED(shared.counts[i]);
        for (struct hak_tallies *tallies = all; tallies; tallies = tallies->next_all)
            sums[i] += HAK_COUNTED(tallies->counts[i]);
    }
    hak_unlock(HAK_LOCK_HEAPS);
}
