/* What the allocator prints at exit, on the standard error that the process started with. */
#ifndef HAK_FRONT_REPORT_H
#define HAK_FRONT_REPORT_H

#include "base/options.h"

/* Keeps a descriptor of the present standard error, if the configuration asks for anything at exit: many
 * programs close theirs before the last destructor runs. */
void hak_report_start(const struct hak_configuration *configuration);

void hak_report(const struct hak_configuration *configuration);

#endif
