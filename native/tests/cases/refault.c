/* Allocates and frees 64 MiB of small blocks in rounds, and prints the page faults: memory that is freed and
 * needed again at once must not be given back in between. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { BLOCKS = 64 * 2048, ROUNDS = 20 };
static char *blocks[BLOCKS];

int main(void) {
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < BLOCKS; i++) {
            blocks[i] = malloc(500);
            blocks[i][0] = 1;
        }
        for (int i = 0; i < BLOCKS; i++)
            free(blocks[i]);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%ld\n", usage.ru_minflt);
    return 0;
}
