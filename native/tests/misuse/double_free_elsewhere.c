/* Another thread has freed the block. */
#include "misuse.h"

static void *other(void *p) {
    free(p);
    return NULL;
}

static void misuse(size_t size) {
    char *p = malloc(size);
    pthread_t thread;
    name(p);
    pthread_create(&thread, NULL, other, p);
    pthread_join(thread, NULL);
    free(p);
}
