/* The malloc family on top of the front gate, as inline bodies: the override compiles them into malloc and
 * free, the API into functions with its own names. */
#ifndef HAK_API_HAKMEM_INLINE_H
#define HAK_API_HAKMEM_INLINE_H

#include "front/front.h"
#include "front/memory.h"
#include "os/os_mem.h"

#include "hakmem.h"

#include <errno.h>
#include <string.h>

static inline void *hak_calloc_at(size_t count, size_t size) {
    size_t total;
    if (HAK_UNLIKELY(__builtin_mul_overflow(count, size, &total))) {
        errno = ENOMEM;
        return NULL;
    }
    if (HAK_UNLIKELY(total > HAK_POOL_MAX)) return hak_calloc_large(total);
    void *block = hak_alloc_at(total);
    return HAK_LIKELY(block != NULL) ? memset(block, 0, total) : NULL;
}

static inline void *hak_realloc_at(void *pointer, size_t size) {
    if (!pointer) return hak_alloc_at(size);
    if (size == 0) {
        hak_free_at(pointer);
        return NULL;
    }
    size_t old = hak_usable_at(pointer);
    /* The block stays unless more than half of it would be unused. The guard's usable size is the requested
     * size. */
    bool stays =
        HAK_UNLIKELY(guard_on) ? guard_resize(pointer, size) : size <= old && (size >= old / 2 || old <= 32);
    if (stays) return pointer;
    if (old > HAK_POOL_MAX && size > HAK_POOL_MAX) {
        int saved_errno = errno;
        void *moved = hak_resize_large(pointer, size);
        errno = saved_errno; /* a refused attempt to grow in place may have set it */
        if (moved) return moved;
    }
    void *block = hak_alloc_at(size);
    if (!block) return NULL;
    memcpy(block, pointer, size < old ? size : old);
    hak_free_at(pointer);
    return block;
}

static inline void *hak_reallocarray_at(void *pointer, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    return hak_realloc_at(pointer, total);
}

static inline bool hak_is_power_of_two(size_t n) {
    return n != 0 && (n & (n - 1)) == 0;
}

/* Keeps errno, as POSIX requires. */
static inline int hak_posix_memalign_at(void **result, size_t align, size_t size) {
    if (!hak_is_power_of_two(align) || align % sizeof(void *) != 0) return EINVAL;
    int saved_errno = errno;
    void *block = hak_alloc_aligned_at(align, size);
    errno = saved_errno;
    if (!block) return ENOMEM;
    *result = block;
    return 0;
}

static inline void *hak_aligned_alloc_at(size_t align, size_t size) {
    if (!hak_is_power_of_two(align)) {
        errno = EINVAL;
        return NULL;
    }
    return hak_alloc_aligned_at(align, size);
}

/* Takes any alignment, like glibc, and rounds it up to a power of two. */
static inline void *hak_memalign_at(size_t align, size_t size) {
    if (align > PTRDIFF_MAX / 2) {
        errno = EINVAL;
        return NULL;
    }
    size_t power = 16;
    while (power < align)
        power *= 2;
    return hak_alloc_aligned_at(power, size);
}

static inline void *hak_valloc_at(size_t size) {
    return hak_alloc_aligned_at(os_page_size(), size);
}

static inline void *hak_pvalloc_at(size_t size) {
    size_t page = os_page_size();
    if (size > PTRDIFF_MAX - page) {
        errno = ENOMEM;
        return NULL;
    }
    return hak_alloc_aligned_at(page, HAK_ALIGN_UP(size ? size : 1, page));
}

/* `pad` refers to the end of a contiguous heap, which does not exist here. */
static inline int hak_malloc_trim_at(size_t pad) {
    (void)pad;
    return hak_memory_trim();
}

static inline struct hak_mallinfo hak_mallinfo2_at(void) {
    struct hak_memory memory;
    hak_memory_read(&memory);
    return (struct hak_mallinfo){.arena = memory.page_bytes,
                                 .ordblks = 1,
                                 .hblks = memory.large_blocks,
                                 .hblkhd = memory.large_bytes,
                                 .uordblks = memory.used_bytes,
                                 .fordblks = memory.page_bytes - memory.used_bytes};
}

static inline size_t hak_malloc_usable_size_at(void *pointer) {
    return pointer ? hak_usable_at(pointer) : 0;
}

#endif
