/* Spans: blocks above 32 KiB, up to 4 MiB, each a run of segment units of its own. A thread keeps the
 * last few that it has freed, so that a buffer that comes and goes costs neither a lock nor a page fault. Any
 * thread may free a span and keep it.
 *
 * The record of the run tells whether the block is live, so every double free is detected. */
#ifndef HAK_HEAPS_SPAN_H
#define HAK_HEAPS_SPAN_H

#include "page/box.h"
#include "segment/segment_v4.h"

/* Bytes. Longer blocks are mappings: huge pages gain more there than a lock costs. */
enum { SPAN_MAX = 4 << 20 };

extern const struct box span_box;

/* Allocates a block of `size` bytes, HAK_POOL_MAX < size <= SPAN_MAX. `box` is this box's number. Sets
 * `*zeroed` if the memory is known to be zero. NULL without memory. */
void *span_alloc(size_t size, unsigned box, bool *zeroed);

/* Frees a block of any thread; `unit` is the record of the unit that `pointer` lies in. Aborts on misuse. */
void span_free(struct hak_page *unit, void *pointer);

/* Makes a live block `size` bytes long where it is. False if the units behind it are not free. */
bool span_grow(struct hak_page *unit, void *pointer, size_t size);

/* Moves a live block to where it has `size` bytes, more than it has, and can grow again. NULL without memory.
 */
void *span_move(struct hak_page *unit, void *pointer, size_t size);

/* Bytes of live spans, and of those that other threads keep. */
size_t span_used_bytes(void);

#endif
