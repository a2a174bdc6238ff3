#include "front/memory.h"
#include "front/start.h"
#include "front/stats.h"
#include "heaps/bins.h"
#include "heaps/large.h"
#include "mid/mid_page.h"
#include "os/os_thread.h"
#include "segment/segment_v4.h"
#include "superslab/superslab.h"

void hak_memory_read(struct hak_memory *memory) {
    struct hak_class_stats stats[HAK_CLASSES];
    struct large_counters large;
    hak_stats_read(stats);
    large_counters(&large);
    *memory = (struct hak_memory){.page_bytes = superslab_mapped_bytes() + mid_mapped_bytes() +
                                                segment_v4_mapped_bytes(),
                                  .large_blocks = large.allocs - large.frees,
                                  .large_bytes = large.mapped_bytes};
    for (unsigned i = 0; i < HAK_LARGE; i++)
        if (stats[i].allocs > stats[i].frees)
            memory->used_bytes += (stats[i].allocs - stats[i].frees) * hak_class_info[i].size;
    memory->used_bytes += span_used_bytes();
    if (memory->used_bytes > memory->page_bytes) memory->used_bytes = memory->page_bytes;
}

bool hak_memory_trim(void) {
    hak_start();
    if (hak_in_wrapper()) return false;
    hak_thread_exit();
    bins_trim();
    size_t bytes = superslab_trim();
    bytes += mid_trim();
    bytes += segment_v4_trim();
    bytes += large_trim();
    return bytes != 0;
}
