#define _GNU_SOURCE
#include "os/os_mem.h"

#include <errno.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

size_t os_page_size(void) {
    /* Every thread computes the same value, so racing writers do no harm. */
    static _Atomic size_t cached;
    size_t size = atomic_load_explicit(&cached, memory_order_relaxed);
    if (HAK_UNLIKELY(size == 0)) {
        size = getauxval(AT_PAGESZ);
        if (size == 0) size = 4096;
        atomic_store_explicit(&cached, size, memory_order_relaxed);
    }
    return size;
}

void *os_map(size_t size) {
    void *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return start == MAP_FAILED ? NULL : start;
}

void *os_map_aligned(size_t size, size_t align) {
    if (align <= os_page_size()) return os_map(size);
    size_t total;
    if (__builtin_add_overflow(size, align - os_page_size(), &total)) return NULL;
    char *raw = os_map(total);
    if (!raw) return NULL;
    char *start = (char *)HAK_ALIGN_UP(raw, align);
    size_t before = (size_t)(start - raw);
    size_t after = total - before - size;
    if (before) munmap(raw, before);
    if (after) munmap(start + size, after);
    return start;
}

void *os_map_huge(size_t size, size_t align) {
    void *start = os_map_aligned(size, align < OS_HUGE_PAGE ? OS_HUGE_PAGE : align);
    if (!start) return os_map_aligned(size, align); /* just below a limit on the address space */
    os_advise_huge(start, size, true);
    return start;
}

bool os_advise_huge(void *start, size_t size, bool huge) {
    int saved_errno = errno;
    bool done = madvise(start, size, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE) == 0;
    errno = saved_errno; /* a system without them */
    return done;
}

void *os_reserve(size_t size, size_t align) {
    char *raw = mmap(NULL, size + align, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (raw == MAP_FAILED) return NULL;
    char *start = (char *)HAK_ALIGN_UP(raw, align);
    size_t before = (size_t)(start - raw);
    if (before) munmap(raw, before);
    if (align - before) munmap(start + size, align - before);
    return start;
}

bool os_commit(void *start, size_t size) {
    int saved_errno = errno;
    bool done = mprotect(start, size, PROT_READ | PROT_WRITE) == 0;
    errno = saved_errno; /* the caller may find memory elsewhere */
    return done;
}

void *os_map_fenced(size_t size, size_t align) {
    size_t page = os_page_size(), total;
    if (align < page) align = page;
    if (__builtin_add_overflow(size, align + page, &total)) return NULL;
    char *raw = mmap(NULL, total, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (raw == MAP_FAILED) return NULL;
    char *start = (char *)HAK_ALIGN_UP(raw + page, align);
    size_t before = (size_t)(start - page - raw), after = total - before - size - 2 * page;
    if (before) munmap(raw, before);
    if (after) munmap(start + size + page, after);
    if (os_commit(start, size)) return start;
    munmap(start - page, size + 2 * page);
    return NULL;
}

size_t os_address_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return SIZE_MAX;
    return (size_t)limit.rlim_cur;
}

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif
void os_populate(void *start, size_t size) {
    static _Atomic bool refused;
    if (atomic_load_explicit(&refused, memory_order_relaxed)) return;
    int saved_errno = errno;
    if (madvise(start, size, MADV_POPULATE_WRITE) != 0 && errno == EINVAL)
        atomic_store_explicit(&refused, true, memory_order_relaxed);
    errno = saved_errno;
}

uint64_t os_coarse_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

bool os_purge(void *start, size_t size) {
    int saved_errno = errno;
    bool done = madvise(start, size, MADV_DONTNEED) == 0;
    errno = saved_errno;
    return done;
}

void os_unmap(void *start, size_t size) {
    int saved_errno = errno;
    /* A process at its limit of mappings cannot split another one: then the addresses stay and the memory is
     * given back. */
    if (munmap(start, size) != 0) os_purge(start, size);
    errno = saved_errno;
}

void os_seal(void *start, size_t size) {
    int saved_errno = errno;
    os_purge(start, size);
    mprotect(start, size, PROT_NONE);
    errno = saved_errno;
}

bool os_resize_in_place(void *start, size_t old_size, size_t new_size) {
    return mremap(start, old_size, new_size, 0) != MAP_FAILED;
}

bool os_move(void *start, size_t old_size, void *target, size_t new_size) {
    return mremap(start, old_size, new_size, MREMAP_MAYMOVE | MREMAP_FIXED, target) != MAP_FAILED;
}
