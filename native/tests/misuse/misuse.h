/* What the programs of misuse have in common: each does one wrong thing with a block of the size in its
 * argument, having named the pointer on standard output. They must not get to their end. */
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names the pointer that the message must name. dprintf does not allocate. */
static inline void name(const void *pointer) {
    dprintf(1, "%p\n", pointer);
}

static void misuse(size_t size);

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    misuse((size_t)atol(argv[1]));
    return 0;
}
