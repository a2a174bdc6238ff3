/* HAKMEM's own names for the malloc family: the same semantics and errors as the standard functions, without
 * taking the standard names. The library and the tests are built on these. */
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

#ifdef __cplusplus
}
#endif

#endif
