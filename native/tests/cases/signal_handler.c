/* A signal handler that allocates, frees and resizes while the program does. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>

static volatile sig_atomic_t signals;

static void handle(int number) {
    (void)number;
    char *block = malloc(100);
    if (block) block[99] = 1;
    free(realloc(block, 300));
    signals++;
}

int main(void) {
    signal(SIGALRM, handle);
    struct itimerval often = {{0, 200}, {0, 200}};
    setitimer(ITIMER_REAL, &often, NULL);
    for (long i = 0; signals < 2000; i++)
        free(malloc((size_t)i % 2000));
    printf("%d\n", (int)signals);
    return 0;
}
