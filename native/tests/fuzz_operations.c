/* Fuzzing: the bytes of an input are calls of the malloc family, with the expected contents of every block
 * kept outside it. Any difference aborts. With -DLIBFUZZER this is a target of libFuzzer or AFL++, which find
 * inputs by what they reach; without it, main makes inputs of random numbers and needs nothing but the
 * compiler. usage: fuzz_operations [--operations N] [--seed S] [FILE...]   (files: inputs to repeat) */
#include "hakmem.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SLOTS = 256, LARGEST = 1 << 21 };

struct entry {
    unsigned char *block;
    size_t size;
    unsigned char seed;
};

static struct entry slots[SLOTS];
static uint64_t operations;

#define EXPECT(condition)                                                                                    \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                  \
            abort();                                                                                         \
        }                                                                                                    \
    } while (0)

/* The input. At its end all numbers are 0. */
struct reader {
    const uint8_t *at, *end;
};

static unsigned byte_of(struct reader *in) {
    return in->at < in->end ? *in->at++ : 0;
}

static unsigned word_of(struct reader *in) {
    unsigned low = byte_of(in);
    return low | byte_of(in) << 8;
}

/* Bytes that are written and checked: both ends, and samples of a large middle, which would take too long. */
static size_t step_of(size_t size) {
    return size > 2048 ? 509 : 1;
}

static void fill(struct entry *e) {
    for (size_t i = 0, step = step_of(e->size); i < e->size; i += step)
        e->block[i] = (unsigned char)(e->seed + i);
    if (e->size) e->block[e->size - 1] = e->seed;
}

/* `kept`: bytes that must be there still, of a block of e->size. */
static void check(const struct entry *e, size_t kept) {
    for (size_t i = 0, step = step_of(e->size); i < kept; i += step)
        EXPECT(e->block[i] == (unsigned char)(i == e->size - 1 ? e->seed : e->seed + i));
    if (kept == e->size && kept) EXPECT(e->block[kept - 1] == e->seed);
}

/* Small sizes, the edges of size classes and of pages, and a few large ones. */
static size_t size_of(struct reader *in) {
    unsigned kind = byte_of(in), value = word_of(in);
    static const unsigned edges[] = {8, 16, 256, 512, 768, 1024, 4096, 32768, 65536, 262144, 1048576};
    if (kind < 128) return value % 1100;
    if (kind < 192) return value % 34000;
    if (kind < 250) return edges[value % (sizeof edges / sizeof *edges)] + (value >> 8) % 5 - 2;
    if (kind < 254) return (size_t)value * 8;
    return (size_t)value * (LARGEST / 65536);
}

static size_t align_of(struct reader *in) {
    unsigned value = byte_of(in);
    return (size_t)8 << (value < 240 ? value % 10 : value % 18);
}

static void adopt(struct entry *e, void *block, size_t size, size_t align, struct reader *in) {
    EXPECT(block != NULL);
    EXPECT((uintptr_t)block % (size > 8 && align < 16 ? 16 : align) == 0);
    EXPECT(hak_malloc_usable_size(block) >= size);
    *e = (struct entry){.block = block, .size = size, .seed = (unsigned char)byte_of(in)};
    fill(e);
}

static void release(struct entry *e) {
    check(e, e->size);
    hak_free(e->block);
    e->block = NULL;
}

/* A thread that does one call at a time for the others: its frees are remote, and its blocks are freed
 * elsewhere. */
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    struct entry *release;
    size_t allocate;
    void *allocated;
    bool busy;
} other = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, 0, NULL, false};

static void *other_thread(void *unused) {
    (void)unused;
    pthread_mutex_lock(&other.mutex);
    for (;;) {
        while (!other.busy)
            pthread_cond_wait(&other.changed, &other.mutex);
        if (other.release)
            release(other.release);
        else
            other.allocated = hak_malloc(other.allocate);
        other.busy = false;
        pthread_cond_signal(&other.changed);
    }
    return NULL;
}

static void *elsewhere(struct entry *entry, size_t size) {
    static bool started;
    if (!started) {
        pthread_t thread;
        EXPECT(pthread_create(&thread, NULL, other_thread, NULL) == 0);
        pthread_detach(thread);
        started = true;
    }
    pthread_mutex_lock(&other.mutex);
    other.release = entry;
    other.allocate = size;
    other.busy = true;
    pthread_cond_broadcast(&other.changed);
    while (other.busy)
        pthread_cond_wait(&other.changed, &other.mutex);
    void *block = other.allocated;
    pthread_mutex_unlock(&other.mutex);
    return block;
}

static void *passing_thread(void *argument) {
    struct entry *entry = argument;
    size_t size = entry->size;
    release(entry);
    entry->size = size;
    entry->block = hak_malloc(size);
    return NULL;
}

/* A thread that ends after it has freed a block and left another one behind. */
static void replace_in_passing_thread(struct entry *e, struct reader *in) {
    pthread_t thread;
    EXPECT(pthread_create(&thread, NULL, passing_thread, e) == 0);
    pthread_join(thread, NULL);
    adopt(e, e->block, e->size, 8, in);
}

static void resize(struct entry *e, struct reader *in) {
    size_t size = size_of(in), kept = size < e->size ? size : e->size;
    if (size == 0) size = 1;
    unsigned char *moved =
        byte_of(in) % 4 ? hak_realloc(e->block, size) : hak_reallocarray(e->block, 1, size);
    EXPECT(moved != NULL);
    e->block = moved;
    check(e, kept < size ? kept : size);
    adopt(e, moved, size, 8, in);
}

static void allocate(struct entry *e, struct reader *in) {
    size_t size = size_of(in), align = 8;
    void *block = NULL;
    switch (byte_of(in) % 8) {
    case 0: {
        size_t count = byte_of(in) % 9 + 1;
        size = size / count * count;
        block = hak_calloc(count, size / count);
        for (size_t i = 0, step = step_of(size); block && i < size; i += step)
            EXPECT(((unsigned char *)block)[i] == 0);
        break;
    }
    case 1:
        align = align_of(in);
        block = hak_aligned_alloc(align, size);
        break;
    case 2:
        align = align_of(in);
        EXPECT(hak_posix_memalign(&block, align, size) == 0);
        break;
    default:
        block = hak_malloc(size);
    }
    adopt(e, block, size, align, in);
}

/* Calls that have to fail, and change nothing. */
static void refuse(struct entry *e, struct reader *in) {
    size_t much = SIZE_MAX - word_of(in);
    void *result = e;
    EXPECT(hak_malloc(much) == NULL && errno == ENOMEM);
    EXPECT(hak_calloc(much / 2, 3) == NULL && hak_posix_memalign(&result, 24, 8) == EINVAL && result == e);
    if (e->block) {
        EXPECT(hak_realloc(e->block, much) == NULL);
        check(e, e->size);
    }
}

static void operate(struct reader *in) {
    unsigned action = byte_of(in);
    struct entry *e = &slots[byte_of(in)];
    operations++;
    /* What takes the operating system long is rare. */
    unsigned rare = action >= 253 || action % 16 == 0 ? byte_of(in) % 8 : 1;
    if (action == 255 && rare == 0)
        hak_malloc_trim(0);
    else if (action == 254 && rare == 0)
        refuse(e, in);
    else if (!e->block && action % 16 == 0 && rare == 0) {
        size_t size = size_of(in);
        adopt(e, elsewhere(NULL, size), size, 8, in);
    } else if (!e->block)
        allocate(e, in);
    else if (action == 253 && rare == 0)
        replace_in_passing_thread(e, in);
    else if (action % 16 == 0 && rare == 0)
        elsewhere(e, 0);
    else if (action % 4 == 1)
        resize(e, in);
    else
        release(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct reader in = {data, data + size};
    while (in.at < in.end)
        operate(&in);
    for (int i = 0; i < SLOTS; i++)
        if (slots[i].block) release(&slots[i]);
    return 0;
}

#ifndef LIBFUZZER
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

enum { INPUT = 1 << 16 };

static uint8_t input[INPUT];
static size_t input_size;

static uint64_t next_random(uint64_t *state) {
    uint64_t x = *state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * UINT64_C(0x2545F4914F6CDD1D);
}

/* Random bytes; in some inputs few different slots, sizes or actions, which go deeper into one path. */
static void make_input(uint64_t seed) {
    uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15) | 1, kind = next_random(&state);
    unsigned masks[8];
    for (int i = 0; i < 8; i++)
        masks[i] = kind % 4 ? 255 : (unsigned)next_random(&state) & 255;
    input_size = INPUT >> (kind >> 8) % 6;
    for (size_t i = 0; i < input_size; i++)
        input[i] = (uint8_t)(next_random(&state) >> 24 & masks[i % (1 + (kind >> 16) % 8)]);
}

/* Keeps the input that ended the process. */
static void save_input(int signal_number) {
    FILE *file = fopen("fuzz-operations.input", "wb");
    if (file) {
        fwrite(input, 1, input_size, file);
        fclose(file);
    }
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static int repeat(const char *name) {
    FILE *file = fopen(name, "rb");
    if (!file) return perror(name), 1;
    input_size = fread(input, 1, INPUT, file);
    fclose(file);
    return LLVMFuzzerTestOneInput(input, input_size);
}

int main(int argc, char **argv) {
    uint64_t wanted = 1000000, seed = 1;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--operations") == 0 && i + 1 < argc)
            wanted = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            seed = strtoull(argv[++i], NULL, 10);
        else
            return repeat(argv[i]);
    }
    signal(SIGABRT, save_input);
    uint64_t inputs = 0;
    while (operations < wanted) {
        make_input(seed + inputs++);
        LLVMFuzzerTestOneInput(input, input_size);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%llu operations in %llu inputs, peak %ld MiB\n", (unsigned long long)operations,
           (unsigned long long)inputs, usage.ru_maxrss / 1024);
    return 0;
}
#endif
