#include "hakmem.h"
#include "api/hakmem_inline.h"

void *hak_malloc(size_t size) {
    return hak_alloc_at(size);
}
void hak_free(void *pointer) {
    hak_free_at(pointer);
}
void *hak_calloc(size_t count, size_t size) {
    return hak_calloc_at(count, size);
}
void *hak_realloc(void *pointer, size_t size) {
    return hak_realloc_at(pointer, size);
}
void *hak_reallocarray(void *pointer, size_t count, size_t size) {
    return hak_reallocarray_at(pointer, count, size);
}
int hak_posix_memalign(void **result, size_t align, size_t size) {
    return hak_posix_memalign_at(result, align, size);
}
void *hak_aligned_alloc(size_t align, size_t size) {
    return hak_aligned_alloc_at(align, size);
}
void *hak_memalign(size_t align, size_t size) {
    return hak_memalign_at(align, size);
}
void *hak_valloc(size_t size) {
    return hak_valloc_at(size);
}
void *hak_pvalloc(size_t size) {
    return hak_pvalloc_at(size);
}
int hak_malloc_trim(size_t pad) {
    return hak_malloc_trim_at(pad);
}
struct hak_mallinfo hak_mallinfo2(void) {
    return hak_mallinfo2_at();
}
size_t hak_malloc_usable_size(void *pointer) {
    return hak_malloc_usable_size_at(pointer);
}
