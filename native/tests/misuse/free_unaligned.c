#include "misuse.h"

static void misuse(size_t size) {
    char *p = malloc(size);
    name(p + 1);
    free(p + 1);
}
