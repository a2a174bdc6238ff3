/* Thread exit and fork: the two events on which the allocator acts without being called. */
#ifndef HAK_OS_THREAD_H
#define HAK_OS_THREAD_H

#include "os/compiler.h"

/* Call once, during the allocator's start. `on_exit` runs in every armed thread that ends. */
void os_thread_start(void (*on_exit)(void));

/* Makes `on_exit` run when this thread ends. Call it when the thread gets its first heap, once the heap is
 * usable: the C library may allocate in here. */
void os_thread_arm(void);

/* True once `on_exit` has run in this thread because it ends: destructors that run later may still allocate,
 * but nothing that the thread keeps then will ever be given back. */
extern HAK_TLS bool os_thread_over;
static inline bool os_thread_is_over(void) {
    return os_thread_over;
}

/* How deep this thread is inside the allocator's start. */
extern HAK_TLS unsigned hak_wrapper_depth;

/* True while this thread is starting the allocator: a nested malloc (the C library allocates when fork
 * handlers are registered) must not wait for the start to finish. */
static inline bool hak_in_wrapper(void) {
    return hak_wrapper_depth != 0;
}

#endif
