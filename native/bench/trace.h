/* A trace: the calls of malloc and free of a real program. record.c writes it, replay.c repeats it.
 *
 * The file is TRACE_MAGIC and then the events, in the order in which they happened. A block is named by a
 * slot, which is used again once the block is free, so that a trace has as many slots as the program had live
 * blocks. */
#ifndef HAK_BENCH_TRACE_H
#define HAK_BENCH_TRACE_H

#include <stdint.h>

#define TRACE_MAGIC "hakmem01"

enum trace_kind { TRACE_MALLOC, TRACE_CALLOC, TRACE_REALLOC, TRACE_FREE };
enum {
    TRACE_THREADS = 64, /* further threads share these numbers */
    TRACE_SLOTS = 1 << 20,
    TRACE_EVENTS = 1 << 21, /* 16 MiB of file; the rest of the program is not recorded */
};

struct trace_event {
    uint32_t size; /* of the block; 0 for TRACE_FREE */
    uint32_t kind : 2, thread : 6, slot : 24;
};
_Static_assert(sizeof(struct trace_event) == 8, "what is in the file");

#endif
