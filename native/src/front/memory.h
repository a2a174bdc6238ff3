/* How much memory the allocator holds, and giving it back. */
#ifndef HAK_FRONT_MEMORY_H
#define HAK_FRONT_MEMORY_H

#include "os/compiler.h"

struct hak_memory {
    size_t page_bytes;   /* mapped for superslabs, segments and mid pages */
    size_t used_bytes;   /* of page_bytes: in blocks that are in use */
    size_t large_blocks; /* live */
    size_t large_bytes;
};

/* Approximate while other threads run. */
void hak_memory_read(struct hak_memory *memory);

/* malloc_trim: gives back the free memory that this thread and the shared lists keep. Other threads keep
 * theirs. Returns true if anything was given back. */
bool hak_memory_trim(void);

#endif
