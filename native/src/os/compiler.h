/* Compiler attributes and macros that are used everywhere. */
#ifndef HAK_OS_COMPILER_H
#define HAK_OS_COMPILER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HAK_LIKELY(x) __builtin_expect(!!(x), 1)
#define HAK_UNLIKELY(x) __builtin_expect(!!(x), 0)
/* For the bodies that malloc and free consist of: calls between them would cost a fifth of the throughput
 * (make noinline). */
#ifdef HAK_NO_FORCED_INLINE /* see `make noinline` */
#define HAK_ALWAYS_INLINE inline
#else
#define HAK_ALWAYS_INLINE inline __attribute__((always_inline))
#endif
#define HAK_CACHE_LINE 64

/* On declarations of data that malloc and free read: without it the compiler goes through the global offset
 * table, one load more. */
#define HAK_HIDDEN __attribute__((visibility("hidden")))

/* Thread-local state lives in the static TLS block: it is one instruction away, and the dynamic linker never
 * allocates for it, which would call malloc from inside malloc. */
#define HAK_TLS __thread __attribute__((tls_model("initial-exec")))

/* Counters are written by one thread only and read by any other at exit: a relaxed load and store suffice and
 * cost as much as a plain increment. */
typedef _Atomic uint64_t hak_counter;
#ifdef __SANITIZE_THREAD__
#define HAK_COUNT_ADD(counter, n)                                                                            \
    atomic_store_explicit(&(counter), atomic_load_explicit(&(counter), memory_order_relaxed) + (n),          \
                          memory_order_relaxed)
#else /* one instruction; the compiler makes three of the above */
#define HAK_COUNT_ADD(counter, n) (*(uint64_t *)&(counter) += (n))
#endif
#define HAK_COUNT(counter) HAK_COUNT_ADD(counter, 1)
#define HAK_COUNTED(counter) atomic_load_explicit(&(counter), memory_order_relaxed)

#define HAK_ALIGN_UP(x, a) (((uintptr_t)(x) + ((uintptr_t)(a)-1)) & ~((uintptr_t)(a)-1))

#endif
