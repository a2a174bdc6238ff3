/* The malloc family under HAKMEM's own names, with the semantics and errors of the standard functions. The
 * tests use these names; the library exports the standard ones, made of the same bodies. */
#ifndef HAKMEM_H
#define HAKMEM_H

#include <stddef.h>

#define HAKMEM_VERSION "0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

void *hak_malloc(size_t size);
void hak_free(void *pointer);
void *hak_calloc(size_t count, size_t size);
void *hak_realloc(void *pointer, size_t size);
void *hak_reallocarray(void *pointer, size_t count, size_t size);
int hak_posix_memalign(void **result, size_t align, size_t size);
void *hak_aligned_alloc(size_t align, size_t size);
void *hak_memalign(size_t align, size_t size);
void *hak_valloc(size_t size);
void *hak_pvalloc(size_t size);
size_t hak_malloc_usable_size(void *pointer);
int hak_malloc_trim(size_t pad);

/* glibc's struct mallinfo2; fields that do not apply are 0. */
struct hak_mallinfo {
    size_t arena;    /* bytes mapped for pages of blocks */
    size_t ordblks;  /* 1 */
    size_t smblks;   /* 0 */
    size_t hblks;    /* large blocks */
    size_t hblkhd;   /* bytes in them */
    size_t usmblks;  /* 0 */
    size_t fsmblks;  /* 0 */
    size_t uordblks; /* bytes in use, large blocks not counted */
    size_t fordblks; /* the rest of arena */
    size_t keepcost; /* 0 */
};
struct hak_mallinfo hak_mallinfo2(void);

#ifdef __cplusplus
}
#endif

#endif
