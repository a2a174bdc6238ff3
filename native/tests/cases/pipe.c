/* One thread allocates blocks of 16 bytes to 32 KiB in batches, another frees them; prints the peak of memory
 * in KiB. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { BATCH = 128, BATCHES = 8000 };
static char *blocks[BATCH];
static pthread_barrier_t barrier;

static void *consume(void *unused) {
    for (int i = 0; i < BATCHES; i++) {
        pthread_barrier_wait(&barrier);
        for (int k = 0; k < BATCH; k++)
            free(blocks[k]);
        pthread_barrier_wait(&barrier);
    }
    return unused;
}

int main(void) {
    unsigned random = 1;
    pthread_t consumer;
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&consumer, NULL, consume, NULL);
    for (int i = 0; i < BATCHES; i++) {
        for (int k = 0; k < BATCH; k++) {
            random = random * 1664525 + 1013904223;
            size_t size = random >> 28 ? 16 + (random >> 8) % 1000 : 1024 + (random >> 8) % 31000;
            blocks[k] = malloc(size);
            blocks[k][0] = blocks[k][size - 1] = 1;
        }
        pthread_barrier_wait(&barrier);
        pthread_barrier_wait(&barrier);
    }
    pthread_join(consumer, NULL);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%ld\n", usage.ru_maxrss);
    return 0;
}
