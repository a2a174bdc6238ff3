/* The metadata arena: memory for heaps, descriptors and tables. It is never given back, so a reader that
 * holds a pointer into it can always follow the pointer. */
#ifndef HAK_OS_META_H
#define HAK_OS_META_H

#include "os/compiler.h"

/* Zeroed, aligned to a cache line, for ever. NULL when the system has no memory. Takes HAK_LOCK_META. */
void *os_meta_alloc(size_t size);

#endif
