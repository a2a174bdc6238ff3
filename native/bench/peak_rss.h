/* The high-water mark of this process. */
#ifndef HAK_BENCH_PEAK_RSS_H
#define HAK_BENCH_PEAK_RSS_H

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* getrusage's survives exec and would be the parent's. 0 if unknown. */
static uint64_t peak_rss_bytes(void) {
    char text[4096];
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) close(file);
    if (length <= 0) return 0;
    text[length] = 0;
    const char *line = strstr(text, "VmHWM:");
    return line ? strtoull(line + 6, NULL, 10) * 1024 : 0;
}

#endif
