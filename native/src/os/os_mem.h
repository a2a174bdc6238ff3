/* Memory from the system. All sizes are in bytes; no function here takes a lock or allocates. */
#ifndef HAK_OS_MEM_H
#define HAK_OS_MEM_H

#include "os/compiler.h"

/* The system's page size. */
size_t os_page_size(void);

/* Maps `size` zeroed bytes (a multiple of the page size). Returns NULL when the system refuses. */
void *os_map(size_t size);

/* The same, starting at a multiple of `align` (a power of two). */
void *os_map_aligned(size_t size, size_t align);

/* The same in huge pages, where the system has them: the first use of each costs one page fault instead of
 * 512. */
#define OS_HUGE_PAGE ((size_t)2 << 20)
void *os_map_huge(size_t size, size_t align);

/* Asks for huge pages in a part of a mapping, or for none from now on. Keeps errno. Returns false when the
 * system refuses. */
bool os_advise_huge(void *start, size_t size, bool huge);

/* Reserves `size` bytes of address space without memory, starting at a multiple of `align`. Usable only after
 * os_commit. Returns NULL when the system refuses. */
void *os_reserve(size_t size, size_t align);

/* Like os_map_aligned, with one inaccessible page in front of the `size` bytes and one behind them. */
void *os_map_fenced(size_t size, size_t align);

/* Backs part of a reservation with memory. Keeps errno. Returns false when the system refuses. */
bool os_commit(void *start, size_t size);

/* The limit on the process's address space in bytes (ulimit -v); SIZE_MAX without a limit. */
size_t os_address_limit(void);

/* Touches all pages of a mapping at once, which costs a fraction of the page faults. Does nothing where the
 * system cannot (before Linux 5.14). Keeps errno. */
void os_populate(void *start, size_t size);

/* A clock that costs a few nanoseconds, in milliseconds. */
uint64_t os_coarse_ms(void);

/* Keeps errno, as free must. */
void os_unmap(void *start, size_t size);

/* Gives the memory back and keeps the addresses: the next read sees zeros. Keeps errno. Returns false when
 * the system refuses (locked memory). */
bool os_purge(void *start, size_t size);

/* Like os_purge, but any later access to the addresses raises a signal. Keeps errno. */
void os_seal(void *start, size_t size);

/* Grows or shrinks a mapping in place. Returns false when the addresses behind it are taken. */
bool os_resize_in_place(void *start, size_t old_size, size_t new_size);

/* Moves the pages of a mapping onto another mapping of `new_size` bytes without copying. On success the old
 * addresses are unmapped. On failure the system may have unmapped the target already, and another thread may
 * have got its addresses: it must neither be used nor unmapped. */
bool os_move(void *start, size_t old_size, void *target, size_t new_size);

#endif
