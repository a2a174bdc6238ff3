/* recorded LIBRECORD REPLAY TRACE: records a known program, this one, and checks what is in the trace; then
 * replays it, with the expected number of operations. Prints what is wrong. */
#include "../../bench/trace.h"

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 200000 }; /* more than the recorder's buffer; some collide in its table */

static void *passed_on;

static void *other_thread(void *unused) {
    free(passed_on);
    passed_on = malloc(70007);
    return unused;
}

static void act(void) {
    free(malloc(70001));
    char *block = calloc(7, 10001); /* 70007 in all, in the same slot */
    passed_on = realloc(block, 70003);
    pthread_t thread;
    if (pthread_create(&thread, NULL, other_thread, NULL)) abort();
    pthread_join(thread, NULL);
    pid_t child = fork();
    if (child == 0) {
        free(malloc(70009)); /* not this process's */
        exit(0);
    }
    waitpid(child, NULL, 0);
    static void *aligned, *many[MANY];
    if (posix_memalign(&aligned, 64, 70005)) abort();
    for (int i = 0; i < MANY; i++)
        many[i] = malloc((size_t)i * 2654435761 % 1000);
    for (int i = 0; i < MANY; i++)
        free(many[i * 2017 % MANY]);
}

static int wrong;
#define EXPECT(condition)                                                                                    \
    do {                                                                                                     \
        if (!(condition)) wrong = printf("line %d: %s\n", __LINE__, #condition);                             \
    } while (0)

/* The next event of one of the sizes above, or of a slot that has had one. */
static struct trace_event next(FILE *file) {
    static unsigned char ours[TRACE_SLOTS];
    struct trace_event event;
    while (fread(&event, sizeof event, 1, file) == 1) {
        if (event.size / 10000 == 7) ours[event.slot] = 1;
        if (!ours[event.slot]) continue;
        if (event.kind == TRACE_FREE) ours[event.slot] = 0;
        return event;
    }
    return (struct trace_event){.size = UINT32_MAX};
}

static void check(const char *path) {
    char magic[8] = "";
    FILE *file = fopen(path, "r");
    EXPECT(file && fread(magic, sizeof magic, 1, file) == 1 && !memcmp(magic, TRACE_MAGIC, sizeof magic));
    if (wrong) return;
    struct trace_event first = next(file), event;
    EXPECT(first.kind == TRACE_MALLOC && first.size == 70001);
    event = next(file);
    EXPECT(event.kind == TRACE_FREE && event.slot == first.slot && event.thread == first.thread);
    event = next(file);
    EXPECT(event.kind == TRACE_CALLOC && event.size == 70007 && event.slot == first.slot);
    event = next(file);
    EXPECT(event.kind == TRACE_REALLOC && event.size == 70003 && event.slot == first.slot);
    event = next(file);
    EXPECT(event.kind == TRACE_FREE && event.slot == first.slot && event.thread != first.thread);
    unsigned thread = event.thread;
    event = next(file);
    EXPECT(event.kind == TRACE_MALLOC && event.size == 70007 && event.thread == thread);
    event = next(file);
    EXPECT(event.kind == TRACE_MALLOC && event.size == 70005 && event.thread == first.thread);
    EXPECT(next(file).size == UINT32_MAX);
    unsigned allocated = 0, freed = 0;
    fseek(file, sizeof magic, SEEK_SET);
    while (fread(&event, sizeof event, 1, file) == 1) {
        allocated += event.kind <= TRACE_CALLOC;
        freed += event.kind == TRACE_FREE;
    }
    EXPECT(freed >= MANY && allocated - freed < 100);
    fclose(file);
}

/* Each allocation and its free, three times. */
static void replay(const char *program, const char *path) {
    struct trace_event event;
    unsigned allocated = 0, resized = 0;
    FILE *file = fopen(path, "r");
    fseek(file, 8, SEEK_SET);
    while (fread(&event, sizeof event, 1, file) == 1) {
        allocated += event.kind <= TRACE_CALLOC;
        resized += event.kind == TRACE_REALLOC;
    }
    fclose(file);
    char command[4096], output[4096] = "", expected[64];
    snprintf(command, sizeof command, "'%s' '%s' 3", program, path);
    file = popen(command, "r");
    output[fread(output, 1, sizeof output - 1, file)] = 0;
    EXPECT(pclose(file) == 0);
    snprintf(expected, sizeof expected, "\"operations\":%u,", 3 * (2 * allocated + resized));
    EXPECT(strstr(output, expected) && strstr(output, "\"threads\":2,"));
}

int main(int argc, char **argv) {
    if (argc == 1) {
        act();
        return 0;
    }
    if (argc != 4) return 2;
    pid_t child = fork();
    if (child == 0) {
        setenv("HAKMEM_RECORD", argv[3], 1);
        setenv("LD_PRELOAD", argv[1], 1);
        execl(argv[0], argv[0], NULL);
        _exit(127);
    }
    int status;
    waitpid(child, &status, 0);
    EXPECT(status == 0);
    char path[4096];
    snprintf(path, sizeof path, "%s.%d", argv[3], (int)child);
    check(path);
    if (!wrong) replay(argv[2], path);
    unlink(path);
    return wrong != 0;
}
