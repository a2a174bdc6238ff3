#include "os/os_thread.h"
#include "os/os_lock.h"

#include <pthread.h>

HAK_TLS unsigned hak_wrapper_depth;
HAK_TLS bool os_thread_over;

static pthread_key_t exit_key;
static bool exit_key_made;
static void (*run_on_exit)(void);

static void thread_ends(void *unused) {
    (void)unused;
    os_thread_over = true;
    run_on_exit();
}

void os_thread_start(void (*on_exit)(void)) {
    run_on_exit = on_exit;
    exit_key_made = pthread_key_create(&exit_key, thread_ends) == 0;
    pthread_atfork(hak_lock_all, hak_unlock_all, hak_unlock_all);
}

void os_thread_arm(void) {
    /* Without a key the heaps of ended threads are not reused; nothing else is lost. */
    if (exit_key_made) pthread_setspecific(exit_key, (void *)1);
}
