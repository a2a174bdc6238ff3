/* A destructor that allocates and runs through every round of a thread's end; prints by how many KiB resident
 * memory grows from 200 such threads to 2,000. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_key_t key;

static void destroy(void *round) {
    for (size_t size = 1; size < 600; size++)
        free(malloc(size));
    if ((long)round < 8) pthread_setspecific(key, (void *)((long)round + 1));
}

static void *arm(void *unused) {
    pthread_setspecific(key, (void *)1);
    return unused;
}

static long resident_kib(void) {
    long all = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file || fscanf(file, "%ld %ld", &all, &resident) != 2) abort();
    fclose(file);
    return resident * sysconf(_SC_PAGESIZE) / 1024;
}

int main(void) {
    long before = 0;
    pthread_key_create(&key, destroy);
    for (int i = 0; i < 2000; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, arm, NULL);
        pthread_join(thread, NULL);
        if (i == 200) before = resident_kib();
    }
    printf("%ld\n", resident_kib() - before);
    return 0;
}
