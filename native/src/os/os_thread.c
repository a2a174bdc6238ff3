#include "os/os_thread.h"
#include "os/os_lock.h"

#include <pthread.h>

HAK_TLS unsigned hak_wrapper_depth;

static pthread_key_t exit_key;
static bool exit_key_made;
static void (*exit_functions[16])(void);
static unsigned exit_count;

void os_thread_run_exit_functions(void) {
    for (unsigned i = 0; i < exit_count; i++)
        exit_functions[i]();
}

static void run_exit_functions(void *unused) {
    (void)unused;
    os_thread_run_exit_functions();
}

void os_thread_on_exit(void (*fn)(void)) {
    exit_functions[exit_count++] = fn;
}

void os_thread_start(void) {
    exit_key_made = pthread_key_create(&exit_key, run_exit_functions) == 0;
    pthread_atfork(hak_lock_all, hak_unlock_all, hak_unlock_all);
}

void os_thread_arm(void) {
    /* Without a key the heaps of ended threads are not reused; nothing else is lost. */
    if (exit_key_made) pthread_setspecific(exit_key, (void *)1);
}
