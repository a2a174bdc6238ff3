/* What the allocator holds of the system's memory, and giving it back. */
#ifndef HAK_FRONT_MEMORY_H
#define HAK_FRONT_MEMORY_H

#include "os/compiler.h"

struct hak_memory {
    size_t page_bytes;   /* mapped for superslabs, mid pages and the guard's blocks */
    size_t used_bytes;   /* of them, in blocks that are in use */
    size_t large_blocks; /* live */
    size_t large_bytes;
};

/* Approximate while other threads run. */
void hak_memory_read(struct hak_memory *memory);

/* malloc_trim: gives back what this thread and the shared lists keep for later. What other threads keep stays
 * theirs. True when anything was given back. */
bool hak_memory_trim(void);

#endif
