/* Common code of the misuse programs. Each prints a pointer to standard output and then misuses a block of
 * the size in its argument. None may reach its end. */
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Prints the pointer that the message must contain. dprintf does not allocate. */
static inline void name(const void *pointer) {
    dprintf(1, "%p\n", pointer);
}

static void misuse(size_t size);

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    misuse((size_t)atol(argv[1]));
    return 0;
}
