/* Writes one byte past the end of the block. */
#include "misuse.h"

static void misuse(size_t size) {
    char *p = malloc(size);
    name(p);
    memset(p, 0, size + 1);
    free(p);
}
