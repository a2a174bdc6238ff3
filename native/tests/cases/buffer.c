/* A buffer of the size in the argument that comes and goes, in two threads; prints the page faults. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

static size_t size;

static void *come_and_go(void *unused) {
    for (int i = 0; i < 5000; i++) {
        char *block = malloc(size);
        block[0] = block[size - 1] = 1;
        free(block);
    }
    return unused;
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    size = (size_t)atol(argv[1]);
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, come_and_go, NULL);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%ld\n", usage.ru_minflt);
    return 0;
}
