#include "base/misuse.h"
#include "base/size_class.h"
#include "os/os_text.h"

#include <stdlib.h>
#include <unistd.h>

_Noreturn void hak_misuse(const char *what, const void *pointer, unsigned class_id, const char *box) {
    struct os_text text;
    os_text_begin(&text, STDERR_FILENO);
    os_text_str(&text, "hakmem: ");
    os_text_str(&text, what);
    os_text_str(&text, ": pointer ");
    os_text_hex(&text, (uintptr_t)pointer);
    os_text_str(&text, ", class ");
    os_text_str(&text, class_id < HAK_CLASSES ? hak_class_info[class_id].name : "none");
    os_text_str(&text, ", box ");
    os_text_str(&text, box);
    os_text_str(&text, "\n");
    os_text_end(&text);
    abort();
}
