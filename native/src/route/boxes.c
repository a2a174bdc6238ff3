#include "route/boxes.h"

const struct box *const hak_boxes[HAK_BOXES] = {
#define X(id, name, ...) [HAK_BOX_##id] = &name##_box,
    HAK_BOXES_IN_SEGMENTS(X) HAK_BOXES_BY_LOOKUP(X) HAK_BOXES_BY_NAME(X)
#undef X
};

void hak_boxes_start(const struct hak_configuration *configuration) {
    for (unsigned i = HAK_BOX_NONE + 1; i < HAK_BOXES; i++) {
        const struct box *box = hak_boxes[i];
        if (box->heaps) box->heaps->number = (uint8_t)i;
        if (box->start) box->start(configuration);
    }
}

void hak_boxes_thread_exit(void) {
    for (unsigned i = HAK_BOX_NONE + 1; i < HAK_BOXES; i++)
        if (hak_boxes[i]->thread_exit) hak_boxes[i]->thread_exit();
}
