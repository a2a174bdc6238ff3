/* The metadata arena: memory for heaps, descriptors and tables. It is never given back, so readers without
 * locks can always follow a pointer into it. */
#ifndef HAK_OS_META_H
#define HAK_OS_META_H

#include "os/compiler.h"

/* Zeroed and aligned to a cache line; never freed. NULL without memory. Takes HAK_LOCK_META. */
void *os_meta_alloc(size_t size);

#endif
