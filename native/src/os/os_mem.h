/* Memory from the system. All sizes in bytes; no function here touches a lock or allocates. */
#ifndef HAK_OS_MEM_H
#define HAK_OS_MEM_H

#include "os/compiler.h"

/* The system's page size. */
size_t os_page_size(void);

/* Maps `size` zeroed bytes (a multiple of the page size). NULL when the system refuses. */
void *os_map(size_t size);

/* The same, starting at a multiple of `align` (a power of two). */
void *os_map_aligned(size_t size, size_t align);

/* These three keep errno, as free must. */
/* `size` bytes of addresses without memory, starting at a multiple of `align`: to be used only after
 * os_commit. NULL when the system refuses. */
void *os_reserve(size_t size, size_t align);

/* Makes part of a reservation memory. False when the system refuses. */
bool os_commit(void *start, size_t size);

/* The most bytes of addresses the process may have (ulimit -v); SIZE_MAX without limit. */
size_t os_address_limit(void);

void os_unmap(void *start, size_t size);

/* Gives the memory back and keeps the addresses: the next read sees zeros. */
void os_purge(void *start, size_t size);

/* The same, and whoever touches the addresses from now on gets a signal. */
void os_seal(void *start, size_t size);

/* Grows or shrinks a mapping where it is. False when the addresses behind it are taken. */
bool os_resize_in_place(void *start, size_t old_size, size_t new_size);

/* Moves the pages of a mapping onto another mapping of `new_size` bytes, without copying. On success the old
 * addresses are unmapped. */
bool os_move(void *start, size_t old_size, void *target, size_t new_size);

#endif
