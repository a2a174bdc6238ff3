/* What an option changes in a configuration. hakmem_info and the statistics print it, so that a setting
 * without effect does not go unnoticed. */
#ifndef HAK_ROUTE_EFFECT_H
#define HAK_ROUTE_EFFECT_H

#include "route/route.h"

struct hak_effect {
    uint32_t
        classes;    /* HAK_CLASS_BIT of each class that another value of the option would treat differently */
    char text[256]; /* "routes C6", "acts on C6, M768" or "none: C6 is routed to tiny_heap_v1 by …" */
};

void hak_effect_of(const struct hak_configuration *configuration, enum hak_option_id option,
                   struct hak_effect *effect);

#endif
