#include "misuse.h"

static void misuse(size_t size) {
    char *p = malloc(size);
    memset(p, 0, size);
    name(p + 16);
    free(p + 16);
}
