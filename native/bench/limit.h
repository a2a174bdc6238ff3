/* The lower limit of what an allocator costs in a benchmark: free lists that are inlined, thread-local and
 * without headers, that get the size at free, and that never check, bound or give back anything. Not an
 * allocator for any other use. Compiled in with -DLIMIT. */
#ifndef HAK_BENCH_LIMIT_H
#define HAK_BENCH_LIMIT_H

#include <stddef.h>
#include <sys/mman.h>

enum { LIMIT_STEP = 16, LIMIT_MOST = 32768, LIMIT_CHUNK = 1 << 20 };

struct limit_block {
    struct limit_block *next;
};
static __thread struct limit_block *limit_lists[LIMIT_MOST / LIMIT_STEP + 1];
static __thread char *limit_at, *limit_end;

/* Four classes per doubling above 1 KiB, so that lists are shared as in an allocator. */
static inline size_t limit_round(size_t size) {
    if (size <= 1024) return (size + LIMIT_STEP - 1) / LIMIT_STEP * LIMIT_STEP;
    size_t step = (size_t)1 << (63 - __builtin_clzll(size - 1) - 3);
    return (size + step - 1) & ~(step - 1);
}

static __attribute__((noinline)) void *limit_carve(size_t size) {
    if (limit_at == NULL || (size_t)(limit_end - limit_at) < size) {
        limit_at = mmap(NULL, LIMIT_CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (limit_at == MAP_FAILED) return NULL;
        limit_end = limit_at + LIMIT_CHUNK;
    }
    void *block = limit_at;
    limit_at += size;
    return block;
}

static inline void *limit_malloc(size_t size) {
    size_t rounded = limit_round(size);
    struct limit_block **list = &limit_lists[rounded / LIMIT_STEP], *block = *list;
    if (__builtin_expect(!block, 0)) return limit_carve(rounded);
    *list = block->next;
    return block;
}

static inline void limit_free(void *pointer, size_t size) {
    struct limit_block **list = &limit_lists[limit_round(size) / LIMIT_STEP], *block = pointer;
    block->next = *list;
    *list = block;
}

#endif
