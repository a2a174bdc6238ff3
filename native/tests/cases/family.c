/* Every function of the family that returns a block, and free; for tools that replace some of them. */
#define _GNU_SOURCE
#include <malloc.h>
#include <stdlib.h>

int main(void) {
    void *block = NULL;
    free(malloc(10));
    free(calloc(2, 10));
    free(realloc(malloc(10), 2000));
    free(reallocarray(NULL, 10, 10));
    free(reallocarray(malloc(10), 10, 1000));
    free(memalign(64, 100));
    free(valloc(5));
    free(pvalloc(5));
    if (posix_memalign(&block, 64, 100)) return 1;
    free(block);
    return 0;
}
