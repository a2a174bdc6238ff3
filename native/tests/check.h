/* The test harness. A program runs its tests in order and prints "ok NAME" or "not ok NAME" for each; its
 * exit status is 1 if any has failed. */
#ifndef HAK_TESTS_CHECK_H
#define HAK_TESTS_CHECK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int check_failures;
static int check_failed_tests;

#define CHECK(condition)                                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            /* The first failures are enough to read. */                                                     \
            if (__atomic_fetch_add(&check_failures, 1, __ATOMIC_RELAXED) < 20)                               \
                printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition);                                     \
        }                                                                                                    \
    } while (0)

#define RUN(test) check_run(#test, test)

static inline void check_run(const char *name, void (*test)(void)) {
    check_failures = 0;
    test();
    const char *suffix = getenv("CHECK_SUFFIX"); /* names the preset that the program runs under */
    printf("%s %s%s\n", check_failures ? "not ok" : "ok", name, suffix ? suffix : "");
    fflush(stdout);
    if (check_failures) check_failed_tests++;
}

#define FINISH() return check_failed_tests != 0

/* Runs fn in a child process and returns its wait status. Its stderr goes to `output`, if given. */
static inline int check_child(void (*fn)(void), char *output, size_t size) {
    int pipe_fds[2];
    fflush(stdout);
    if (pipe(pipe_fds)) abort();
    pid_t pid = fork();
    if (pid == 0) {
        dup2(pipe_fds[1], STDERR_FILENO);
        close(pipe_fds[0]);
        close(pipe_fds[1]);
        fn();
        _exit(check_failures != 0);
    }
    close(pipe_fds[1]);
    size_t used = 0;
    char rest[256];
    for (;;) {
        bool room = output && used + 1 < size;
        ssize_t n =
            room ? read(pipe_fds[0], output + used, size - 1 - used) : read(pipe_fds[0], rest, sizeof rest);
        if (n <= 0) break;
        if (room) used += (size_t)n;
    }
    if (output) output[used] = 0;
    close(pipe_fds[0]);
    int status = 0;
    waitpid(pid, &status, 0);
    return status;
}

static inline uint64_t check_random(uint64_t *state) {
    uint64_t x = *state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * UINT64_C(0x2545F4914F6CDD1D);
}

#endif
