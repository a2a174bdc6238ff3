#include "misuse.h"

static void misuse(size_t size) {
    char *p = (char *)0x123456780;
    free(malloc(size));
    name(p);
    free(p);
}
