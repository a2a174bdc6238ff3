/* Another block is freed in between. */
#include "misuse.h"

static void misuse(size_t size) {
    char *p = malloc(size), *q = malloc(size);
    name(p);
    free(p);
    free(q);
    free(p);
}
