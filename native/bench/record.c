/* Records the allocations of a program: sizes, lifetimes and threads.
 *
 *     HAKMEM_RECORD=FILE LD_PRELOAD=build/librecord.so PROGRAM...
 *
 * Each process writes FILE.PID (trace.h), and a child only from its exec on. The calls go on to glibc. They
 * take one lock, so that the order in the file is one in which they can happen; nothing else about the
 * program changes. A process that ends without exit loses its last events. Alignment isn't recorded. */
#define _GNU_SOURCE
#include "trace.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *pointer, size_t size);
void *__libc_memalign(size_t align, size_t size);
void __libc_free(void *pointer);

static _Atomic bool recording;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* All below is guarded by the lock. */
static int file;
static struct trace_event buffer[4096];
static unsigned buffered, recorded;

/* Live blocks by address: open addressing, at most half full. */
enum { TABLE_BITS = 21, TABLE_MASK = (1 << TABLE_BITS) - 1 };
static struct {
    uintptr_t address; /* 0: empty */
    uint32_t slot;
} table[1 << TABLE_BITS];
static uint32_t unused[TRACE_SLOTS], unused_count, slots;

static size_t home_of(uintptr_t address) {
    return (address >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> (64 - TABLE_BITS);
}

/* Where the address is, or the empty place where it belongs. */
static size_t find(uintptr_t address) {
    size_t at = home_of(address);
    while (table[at].address && table[at].address != address)
        at = (at + 1) & TABLE_MASK;
    return at;
}

/* Closes the gap, so that what follows is still found. */
static void erase(size_t gap) {
    for (size_t at = gap;;) {
        at = (at + 1) & TABLE_MASK;
        if (!table[at].address) break;
        if (((at - home_of(table[at].address)) & TABLE_MASK) < ((at - gap) & TABLE_MASK)) continue;
        table[gap] = table[at];
        gap = at;
    }
    table[gap].address = 0;
}

static void flush(void) {
    int saved_errno = errno;
    const char *from = (const char *)buffer, *end = (const char *)(buffer + buffered);
    while (from < end) {
        ssize_t written = write(file, from, (size_t)(end - from));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) {
            recording = false;
            break;
        }
        from += written;
    }
    buffered = 0;
    errno = saved_errno;
}

static void add(enum trace_kind kind, uint32_t slot, size_t size) {
    static _Atomic unsigned threads;
    static _Thread_local unsigned number; /* from 1 on */
    if (!number) number = ++threads;
    buffer[buffered++] = (struct trace_event){
        .size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size,
        .kind = kind,
        .thread = (number - 1) % TRACE_THREADS,
        .slot = slot,
    };
    if (buffered == sizeof buffer / sizeof *buffer) flush();
    if (++recorded == TRACE_EVENTS) {
        flush();
        recording = false;
    }
}

static void add_block(enum trace_kind kind, void *pointer, size_t size) {
    if (!unused_count && slots == TRACE_SLOTS) return;
    size_t at = find((uintptr_t)pointer);
    table[at].address = (uintptr_t)pointer;
    table[at].slot = unused_count ? unused[--unused_count] : slots++;
    add(kind, table[at].slot, size);
}

/* Records a block that has just been allocated. */
static void *allocated(enum trace_kind kind, void *pointer, size_t size) {
    if (!pointer || !recording) return pointer;
    pthread_mutex_lock(&lock);
    if (recording) add_block(kind, pointer, size);
    pthread_mutex_unlock(&lock);
    return pointer;
}

void *malloc(size_t size) {
    return allocated(TRACE_MALLOC, __libc_malloc(size), size);
}

void *calloc(size_t count, size_t size) {
    return allocated(TRACE_CALLOC, __libc_calloc(count, size), count * size);
}

void *memalign(size_t align, size_t size) {
    return allocated(TRACE_MALLOC, __libc_memalign(align, size), size);
}

void *aligned_alloc(size_t align, size_t size) {
    return memalign(align, size);
}

int posix_memalign(void **pointer, size_t align, size_t size) {
    if (align % sizeof(void *) || (align & (align - 1)) || !align) return EINVAL;
    int saved_errno = errno;
    void *block = memalign(align, size);
    errno = saved_errno;
    if (!block) return ENOMEM;
    *pointer = block;
    return 0;
}

/* Recorded before the block is free: then another thread can get it. */
void free(void *pointer) {
    if (pointer && recording) {
        pthread_mutex_lock(&lock);
        size_t at = find((uintptr_t)pointer);
        if (recording && table[at].address) { /* else allocated before the start */
            uint32_t slot = table[at].slot;
            erase(at);
            unused[unused_count++] = slot;
            add(TRACE_FREE, slot, 0);
        }
        pthread_mutex_unlock(&lock);
    }
    __libc_free(pointer);
}

void *realloc(void *pointer, size_t size) {
    if (!pointer) return malloc(size);
    if (!size) {
        free(pointer);
        return NULL;
    }
    if (!recording) return __libc_realloc(pointer, size);
    /* The lock is held, because another thread may get the old address at once. */
    pthread_mutex_lock(&lock);
    void *resized = __libc_realloc(pointer, size);
    if (resized && recording) {
        size_t at = find((uintptr_t)pointer);
        if (table[at].address) {
            uint32_t slot = table[at].slot;
            erase(at);
            at = find((uintptr_t)resized);
            table[at].address = (uintptr_t)resized;
            table[at].slot = slot;
            add(TRACE_REALLOC, slot, size);
        } else {
            add_block(TRACE_MALLOC, resized, size);
        }
    }
    pthread_mutex_unlock(&lock);
    return resized;
}

/* glibc's, whose blocks they are, although the program may be linked with another allocator, as redis is. Its
 * other calls end here because this library comes first. */
size_t malloc_usable_size(void *pointer) {
    static _Atomic(size_t(*)(void *)) usable_size;
    if (!pointer) return 0;
    if (!usable_size) {
        void *libc = dlopen("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
        void *found = libc ? dlsym(libc, "malloc_usable_size") : NULL;
        if (!found) abort();
        usable_size = (size_t(*)(void *))found;
    }
    return usable_size(pointer);
}

/* A child shares the file: it writes nothing until it becomes another program. */
static void in_child(void) {
    recording = false;
}

static __attribute__((constructor)) void start(void) {
    const char *name = getenv("HAKMEM_RECORD");
    char path[4096];
    if (!name || snprintf(path, sizeof path, "%s.%d", name, (int)getpid()) >= (int)sizeof path) return;
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0 || write(file, TRACE_MAGIC, 8) != 8) {
        perror(path);
        return;
    }
    pthread_atfork(NULL, NULL, in_child);
    recording = true;
}

static __attribute__((destructor)) void end(void) {
    if (!recording) return;
    pthread_mutex_lock(&lock);
    if (recording) flush();
    recording = false;
    pthread_mutex_unlock(&lock);
}
