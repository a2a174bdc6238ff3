/* Detected when the block is about to be allocated again. */
#include "misuse.h"

static void misuse(size_t size) {
    char *p = malloc(size);
    memset(p, 0, size);
    name(p);
    free(p);
    p[size / 2] = 1;
    for (int i = 0; i < 100000; i++)
        free(malloc(size));
}
