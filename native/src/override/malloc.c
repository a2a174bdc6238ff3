/* The standard names. A thin layer: everything is inlined from the API, so that malloc and free are one
 * function each on their fast paths. */
#define _GNU_SOURCE
#include "api/hakmem_inline.h"

#include <limits.h>
#include <malloc.h>
#include <stdlib.h>

#define EXPORT __attribute__((visibility("default")))
/* Called by other functions of the family that tools such as valgrind do not replace: what those return must
 * come from the function that the tool has replaced. */
#define EXPORT_CALLED EXPORT __attribute__((noinline))

EXPORT void *malloc(size_t size) {
    return hak_alloc_at(size);
}
EXPORT void free(void *pointer) {
    hak_free_at(pointer);
}
EXPORT void *calloc(size_t count, size_t size) {
    return hak_calloc_at(count, size);
}
EXPORT_CALLED void *realloc(void *pointer, size_t size) {
    return hak_realloc_at(pointer, size);
}
EXPORT void *reallocarray(void *pointer, size_t count, size_t size) {
    size_t total;
    if (__builtin_mul_overflow(count, size, &total)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(pointer, total);
}
EXPORT int posix_memalign(void **result, size_t align, size_t size) {
    return hak_posix_memalign_at(result, align, size);
}
EXPORT void *aligned_alloc(size_t align, size_t size) {
    return hak_aligned_alloc_at(align, size);
}
EXPORT_CALLED void *memalign(size_t align, size_t size) {
    return hak_memalign_at(align, size);
}
EXPORT void *valloc(size_t size) {
    return hak_valloc_at(size);
}
EXPORT void *pvalloc(size_t size) {
    size_t page = os_page_size();
    if (size > PTRDIFF_MAX - page) {
        errno = ENOMEM;
        return NULL;
    }
    return memalign(page, HAK_ALIGN_UP(size ? size : 1, page));
}
EXPORT size_t malloc_usable_size(void *pointer) {
    return hak_malloc_usable_size_at(pointer);
}
EXPORT int malloc_trim(size_t pad) {
    return hak_malloc_trim_at(pad);
}

/* mallinfo2 exists since glibc 2.33. */
#if __GLIBC_PREREQ(2, 33)
_Static_assert(sizeof(struct mallinfo2) == sizeof(struct hak_mallinfo), "the same ten fields");
EXPORT struct mallinfo2 mallinfo2(void) {
    struct hak_mallinfo from = hak_mallinfo2_at();
    struct mallinfo2 info;
    memcpy(&info, &from, sizeof info);
    return info;
}
#endif

static int clamp(size_t value) {
    return value > INT_MAX ? INT_MAX : (int)value;
}

/* The older variant, whose fields are too small for large programs. */
EXPORT struct mallinfo mallinfo(void) {
    struct hak_mallinfo from = hak_mallinfo2_at();
    return (struct mallinfo){.arena = clamp(from.arena),
                             .ordblks = clamp(from.ordblks),
                             .hblks = clamp(from.hblks),
                             .hblkhd = clamp(from.hblkhd),
                             .uordblks = clamp(from.uordblks),
                             .fordblks = clamp(from.fordblks)};
}
