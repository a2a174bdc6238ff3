#define _GNU_SOURCE
#include "os/os_random.h"

#include <errno.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <time.h>

uint64_t os_secret(void) {
    int saved_errno = errno;
    uint64_t secret = 0;
    if (getrandom(&secret, sizeof secret, GRND_NONBLOCK) != (ssize_t)sizeof secret) {
        /* Early in the system's start, or forbidden: what the kernel has given this process, and the time. */
        const void *given = (const void *)getauxval(AT_RANDOM);
        struct timespec time;
        clock_gettime(CLOCK_MONOTONIC, &time);
        if (given) memcpy(&secret, given, sizeof secret);
        secret = (secret ^ (uint64_t)time.tv_nsec) * UINT64_C(0x9E3779B97F4A7C15);
    }
    errno = saved_errno;
    return secret;
}

uint32_t os_random_below(uint32_t limit) {
    static HAK_TLS uint64_t state;
    if (HAK_UNLIKELY(!state)) state = os_secret() | 1;
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    uint64_t number = (state * UINT64_C(0x2545F4914F6CDD1D)) >> 32;
    return (uint32_t)(number * limit >> 32);
}
