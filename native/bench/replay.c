/* Repeats the recorded allocations of a program (trace.h).
 *
 *     replay TRACE [TIMES]      (as often as is needed for 4 million events)
 *
 * Each recorded thread is a thread here. The calls for one block happen in the recorded order, whichever
 * threads make them; apart from that the threads do not wait for each other. Blocks that the program never
 * freed are freed after each repetition. The last line is one JSON object; its peak does not contain the
 * trace. */
#define _GNU_SOURCE
#include "peak_rss.h"
#include "trace.h"

#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <time.h>

enum { LEAST_EVENTS = 4000000 };

struct call {
    uint32_t size, slot;
    uint32_t turn; /* its number among the calls for the slot */
    enum trace_kind kind;
};

static struct thread {
    struct call *calls;
    size_t count;
    pthread_t id;
} threads[TRACE_THREADS];

static struct slot {
    char *block; /* belongs to the thread whose turn it is */
    _Atomic uint32_t turn;
} * slots;
static uint32_t slot_count;

static _Noreturn void fail(const char *what, const char *why) {
    fprintf(stderr, "replay: %s: %s\n", what, why);
    exit(1);
}

static char *touch(char *block, size_t size) {
    if (!block) fail("malloc", "no memory");
    if (size) block[0] = block[size - 1] = 1;
    return block;
}

static void run_call(const struct call *call) {
    struct slot *slot = &slots[call->slot];
    while (atomic_load_explicit(&slot->turn, memory_order_acquire) != call->turn)
        sched_yield();
    switch (call->kind) {
    case TRACE_MALLOC:
        slot->block = touch(malloc(call->size), call->size);
        break;
    case TRACE_CALLOC:
        slot->block = touch(calloc(1, call->size), call->size);
        break;
    case TRACE_REALLOC:
        slot->block = touch(realloc(slot->block, call->size), call->size);
        break;
    case TRACE_FREE:
        free(slot->block);
        slot->block = NULL;
    }
    atomic_store_explicit(&slot->turn, call->turn + 1, memory_order_release);
}

static void *run_thread(void *argument) {
    const struct thread *thread = argument;
    for (size_t i = 0; i < thread->count; i++)
        run_call(&thread->calls[i]);
    return NULL;
}

/* Returns the number of blocks that were left. */
static uint64_t run(void) {
    for (int i = 1; i < TRACE_THREADS; i++)
        if (threads[i].count && pthread_create(&threads[i].id, NULL, run_thread, &threads[i])) abort();
    run_thread(&threads[0]);
    for (int i = 1; i < TRACE_THREADS; i++)
        if (threads[i].count) pthread_join(threads[i].id, NULL);
    uint64_t left = 0;
    for (uint32_t i = 0; i < slot_count; i++) {
        left += slots[i].block != NULL;
        free(slots[i].block);
        slots[i].block = NULL;
        slots[i].turn = 0;
    }
    return left;
}

/* Not from the allocator that is measured. */
static void *map(size_t size) {
    if (!size) return NULL;
    void *start = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (start == MAP_FAILED) fail("mmap", "no memory");
    return start;
}

/* Calls `take` with each event of the file. */
static void read_events(const char *path, void (*take)(const struct trace_event *)) {
    static struct trace_event events[8192];
    char magic[sizeof TRACE_MAGIC - 1];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) fail(path, "cannot be opened");
    if (read(file, magic, sizeof magic) != (ssize_t)sizeof magic ||
        memcmp(magic, TRACE_MAGIC, sizeof magic) != 0)
        fail(path, "is not a trace");
    ssize_t length;
    while ((length = read(file, events, sizeof events)) > 0)
        for (size_t i = 0; i < (size_t)length / sizeof *events; i++)
            take(&events[i]);
    close(file);
}

static void count_event(const struct trace_event *event) {
    threads[event->thread].count++;
    if (event->slot >= slot_count) slot_count = event->slot + 1u;
}

static void store_event(const struct trace_event *event) {
    struct thread *thread = &threads[event->thread];
    struct slot *slot = &slots[event->slot];
    uint32_t turn = slot->turn++;
    thread->calls[thread->count++] =
        (struct call){.size = event->size, .slot = event->slot, .turn = turn, .kind = event->kind};
}

/* Returns the bytes that the trace takes. */
static size_t load(const char *path) {
    read_events(path, count_event);
    size_t bytes = slot_count * sizeof *slots;
    slots = map(bytes);
    for (int i = 0; i < TRACE_THREADS; i++) {
        bytes += threads[i].count * sizeof *threads[i].calls;
        threads[i].calls = map(threads[i].count * sizeof *threads[i].calls);
        threads[i].count = 0;
    }
    read_events(path, store_event);
    for (uint32_t i = 0; i < slot_count; i++)
        slots[i].turn = 0;
    return bytes;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        fputs("usage: replay TRACE [TIMES]\n", stderr);
        return 2;
    }
    size_t bytes = load(argv[1]), events = 0;
    int used = 0;
    for (int i = 0; i < TRACE_THREADS; i++) {
        events += threads[i].count;
        used += threads[i].count != 0;
    }
    if (!events) fail(argv[1], "has no events");
    long times = argc > 2 ? strtol(argv[2], NULL, 10) : (long)(LEAST_EVENTS / events) + 1;
    uint64_t operations = 0;
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (long i = 0; i < times; i++)
        operations += events + run();
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) * 1e-9;
    printf("{\"ops_per_sec\":%.1f,\"seconds\":%.9f,\"workload\":\"replay\",\"times\":%ld,\"threads\":%d,"
           "\"slots\":%" PRIu32 ",\"operations\":%" PRIu64 ",\"peak_rss_bytes\":%" PRIu64 "}\n",
           (double)operations / seconds, seconds, times, used, slot_count, operations,
           peak_rss_bytes() - bytes);
    return 0;
}
