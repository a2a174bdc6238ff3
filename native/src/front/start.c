#include "front/start.h"
#include "front/report.h"
#include "front/sample.h"
#include "base/tally.h"
#include "mid/mid_desc.h"
#include "os/os_lock.h"
#include "os/os_thread.h"
#include "page/page.h"
#include "route/route.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

extern char **environ;

static _Atomic bool started;
static struct hak_configuration configuration;

enum { EARLY_BYTES = 32768, EARLY_ENTRIES = 512 };
static char early_text[EARLY_BYTES];
static char *early_environment[EARLY_ENTRIES + 1];

/* The dynamic linker may allocate before the C library has set `environ`; then the kernel's copy is read. The
 * buffers are static because the stack may be small, and this happens at most once. */
static char *const *read_environment(void) {
    if (environ) return environ;
    int fd = open("/proc/self/environ", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    size_t used = 0;
    for (ssize_t n; used < EARLY_BYTES - 1 && (n = read(fd, early_text + used, EARLY_BYTES - 1 - used)) > 0;)
        used += (size_t)n;
    close(fd);
    size_t entries = 0;
    for (size_t at = 0; at < used && entries < EARLY_ENTRIES; at++) {
        early_environment[entries++] = early_text + at;
        while (at < used && early_text[at])
            at++;
    }
    return early_environment;
}

void hak_thread_exit(void) {
    hak_boxes_thread_exit();
    hak_tallies_thread_exit();
}

void hak_start(void) {
    if (atomic_load_explicit(&started, memory_order_acquire) || hak_in_wrapper()) return;
    int saved_errno = errno;
    hak_wrapper_depth++;
    hak_lock(HAK_LOCK_INIT);
    bool first = !atomic_load_explicit(&started, memory_order_relaxed);
    if (first) {
        hak_options_read(&configuration, read_environment(), STDERR_FILENO);
        const uint32_t *values = configuration.values;
        mid_desc_cache_enabled = values[HAK_OPT_MID_DESC_CACHE_ENABLED];
        hak_report_start(&configuration);
        hak_sample_start(values[HAK_OPT_STATS_SAMPLE]);
        /* Under the guard no pointer may lie in a segment, not even with routes fixed at compile time. */
        if (!values[HAK_OPT_GUARD]) segment_v4_start(values[HAK_OPT_GUARD_PAGES]);
        page_random_placement = values[HAK_OPT_RANDOM_PLACEMENT];
        hak_boxes_start(&configuration);
        os_thread_start(hak_thread_exit);
        hak_routes_publish(&configuration);
        atomic_store_explicit(&started, true, memory_order_release);
    }
    hak_unlock(HAK_LOCK_INIT);
    hak_wrapper_depth--;
    errno = saved_errno;
}

__attribute__((constructor)) static void start_early(void) {
    hak_start();
}

__attribute__((destructor)) static void report_at_exit(void) {
    if (atomic_load_explicit(&started, memory_order_acquire)) hak_report(&configuration);
}
