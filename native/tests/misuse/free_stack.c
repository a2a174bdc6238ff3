#include "misuse.h"

static void misuse(size_t size) {
    char local[64];
    free(malloc(size));
    memset(local, (int)size, sizeof local);
    name(local + 32);
    free(local + 32);
}
