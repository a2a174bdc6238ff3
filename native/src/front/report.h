/* What the allocator prints at exit, to the standard error that the process started with. */
#ifndef HAK_FRONT_REPORT_H
#define HAK_FRONT_REPORT_H

#include "base/options.h"

/* Duplicates the current standard error if the configuration asks for a report: many programs close theirs
 * before the last destructor runs. */
void hak_report_start(const struct hak_configuration *configuration);

void hak_report(const struct hak_configuration *configuration);

#endif
