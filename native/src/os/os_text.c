#include "os/os_text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void os_text_begin(struct os_text *text, int fd) {
    text->fd = fd;
    text->used = 0;
}

static void flush(struct os_text *text) {
    size_t done = 0;
    while (done < text->used) {
        ssize_t n = write(text->fd, text->buffer + done, text->used - done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break; /* closed or broken: there is nowhere else to report it */
        done += (size_t)n;
    }
    text->used = 0;
}

void os_text_strn(struct os_text *text, const char *string, size_t length) {
    while (length) {
        if (text->used == sizeof text->buffer) flush(text);
        size_t room = sizeof text->buffer - text->used;
        size_t n = length < room ? length : room;
        memcpy(text->buffer + text->used, string, n);
        text->used += n;
        string += n;
        length -= n;
    }
}

void os_text_str(struct os_text *text, const char *string) {
    os_text_strn(text, string, strlen(string));
}

void os_text_u64(struct os_text *text, uint64_t value) {
    char digits[20];
    size_t n = sizeof digits;
    do {
        digits[--n] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    os_text_strn(text, digits + n, sizeof digits - n);
}

void os_text_hex(struct os_text *text, uint64_t value) {
    char digits[16];
    size_t n = sizeof digits;
    do {
        digits[--n] = "0123456789abcdef"[value & 15];
        value >>= 4;
    } while (value);
    os_text_str(text, "0x");
    os_text_strn(text, digits + n, sizeof digits - n);
}

void os_text_json(struct os_text *text, const char *string) {
    os_text_str(text, "\"");
    for (; *string; string++) {
        unsigned char c = (unsigned char)*string;
        if (c == '"' || c == '\\') {
            os_text_strn(text, "\\", 1);
            os_text_strn(text, string, 1);
        } else if (c < 0x20) {
            char escape[6] = {'\\', 'u', '0', '0', "0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15]};
            os_text_strn(text, escape, sizeof escape);
        } else {
            os_text_strn(text, string, 1);
        }
    }
    os_text_str(text, "\"");
}

void os_text_end(struct os_text *text) {
    flush(text);
}
