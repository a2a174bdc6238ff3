#include "misuse.h"

static void misuse(size_t size) {
    char *p = malloc(size);
    name(p);
    free(p);
    free(p);
}
