/* An overflow of the adjacent block reaches what precedes the block. */
#include "misuse.h"

enum { BLOCKS = 64 };

static void misuse(size_t size) {
    char *blocks[BLOCKS];
    for (int i = 0; i < BLOCKS; i++)
        blocks[i] = malloc(size);
    /* The closest block above the first one. */
    char *p = blocks[0], *q = NULL;
    for (int i = 1; i < BLOCKS; i++)
        if (blocks[i] > p && (!q || blocks[i] < q)) q = blocks[i];
    name(q);
    memset(p, 0, (size_t)(q - p));
    free(q);
}
