#include "front/report.h"
#include "front/stats.h"
#include "heaps/pool_v1.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* High enough not to disturb programs that rely on low descriptors. */
enum { FIRST_SPARE_FD = 200 };

static int spare_fd = -1;
static struct stat started_with;

static bool wanted(const struct hak_configuration *configuration) {
    return configuration->values[HAK_OPT_STATS] || configuration->values[HAK_OPT_POOL_V1_FLATTEN_STATS];
}

void hak_report_start(const struct hak_configuration *configuration) {
    if (!wanted(configuration) || fstat(STDERR_FILENO, &started_with) != 0) return;
    spare_fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, FIRST_SPARE_FD);
}

/* True when `fd` still refers to the original standard error: the program may have reused the number for
 * another file, which must not receive the report. */
static bool is_same(int fd) {
    struct stat now;
    return fd >= 0 && fstat(fd, &now) == 0 && now.st_dev == started_with.st_dev &&
           now.st_ino == started_with.st_ino;
}

void hak_report(const struct hak_configuration *configuration) {
    if (!wanted(configuration)) return;
    int fd = is_same(STDERR_FILENO) ? STDERR_FILENO : spare_fd;
    if (!is_same(fd)) return;
    if (configuration->values[HAK_OPT_POOL_V1_FLATTEN_STATS]) pool_v1_flat_print(fd);
    if (configuration->values[HAK_OPT_STATS]) hak_stats_print(configuration, fd);
}
