#include "base/misuse.h"
#include "base/size_class.h"
#include "os/os_text.h"

#include <string.h>

/* The texts are ours and short; what would not fit is cut. */
static size_t put(char *to, size_t room, const char *text) {
    size_t length = strlen(text);
    if (length > room) length = room;
    memcpy(to, text, length);
    return length;
}

_Noreturn void hak_misuse(const char *what, const void *pointer, unsigned class_id, const char *box) {
    char where[128];
    size_t n = put(where, sizeof where - 1, "class ");
    n +=
        put(where + n, sizeof where - 1 - n, class_id < HAK_CLASSES ? hak_class_info[class_id].name : "none");
    n += put(where + n, sizeof where - 1 - n, ", box ");
    n += put(where + n, sizeof where - 1 - n, box);
    where[n] = 0;
    hak_fatal(what, pointer, where);
}
