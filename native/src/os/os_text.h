/* Text for messages and reports, built in a fixed buffer and written with write(2): the allocator cannot use
 * stdio, which allocates. A text longer than the buffer is written in pieces. */
#ifndef HAK_OS_TEXT_H
#define HAK_OS_TEXT_H

#include "os/compiler.h"

struct os_text {
    int fd;
    size_t used;
    char buffer[1024];
};

void os_text_begin(struct os_text *text, int fd);
void os_text_str(struct os_text *text, const char *string);
void os_text_strn(struct os_text *text, const char *string, size_t length);
void os_text_u64(struct os_text *text, uint64_t value);
void os_text_hex(struct os_text *text, uint64_t value);
/* `string` as a JSON string. */
void os_text_json(struct os_text *text, const char *string);
void os_text_end(struct os_text *text);

#endif
