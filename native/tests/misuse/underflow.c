/* Writes one byte before the start of the block. */
#include "misuse.h"

static void misuse(size_t size) {
    char *p = malloc(size);
    name(p);
    p[-1] = 0;
    free(p);
}
