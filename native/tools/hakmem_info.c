/* hakmem_info: prints the allocator's size classes, options, presets and boxes, and how it would run in this
 * environment, as one JSON object.
 *
 * hakmem_info options|boxes: prints that table in Markdown, for README.md. */
#include "base/options.h"
#include "base/size_class.h"
#include "hakmem.h"
#include "os/os_text.h"
#include "route/effect.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static struct os_text out;

static void raw(const char *string) {
    os_text_str(&out, string);
}

static void string_field(const char *name, const char *value) {
    os_text_json(&out, name);
    raw(": ");
    os_text_json(&out, value);
}

static void number_field(const char *name, uint64_t value) {
    os_text_json(&out, name);
    raw(": ");
    os_text_u64(&out, value);
}

static void number_text(char *text, size_t size, uint32_t number) {
    snprintf(text, size, "%u", (unsigned)number);
}

/* The sizes of a class; maxSize is null for large blocks. */
static void size_range(unsigned class_id) {
    const struct hak_class_info *info = &hak_class_info[class_id];
    string_field("class", info->name);
    raw(", ");
    number_field("minSize", info->min);
    raw(", \"maxSize\": ");
    if (info->size)
        os_text_u64(&out, info->size);
    else
        raw("null");
}

static void print_class_names(uint32_t classes) {
    bool first = true;
    raw("\"classes\": [");
    for (unsigned position = 0; position < HAK_CLASSES; position++) {
        unsigned class_id = hak_class_by_size(position);
        if (!(classes & HAK_CLASS_BIT(class_id))) continue;
        raw(first ? "" : ", ");
        os_text_json(&out, hak_class_info[class_id].name);
        first = false;
    }
    raw("]");
}

static void print_classes(void) {
    for (unsigned i = 0; i < HAK_CLASSES; i++) {
        raw(i ? ",\n    {" : "\n    {");
        size_range(hak_class_by_size(i));
        raw("}");
    }
}

static const char profile_meaning[] = "The preset that sets the defaults. Individual variables override it.";

static void print_options(void) {
    raw("\n    {");
    string_field("name", HAK_PROFILE_VARIABLE);
    raw(", ");
    string_field("default", HAK_PROFILE_DEFAULT);
    raw(", \"values\": [");
    for (size_t i = 0; i < hak_preset_count; i++) {
        raw(i ? ", " : "");
        os_text_json(&out, hak_presets[i].name);
    }
    raw("], ");
    string_field("meaning", profile_meaning);
    raw("}");
    for (int i = 0; i < HAK_OPTIONS; i++) {
        const struct hak_option *option = &hak_options[i];
        char fallback[16], range[24];
        number_text(fallback, sizeof fallback, option->fallback);
        snprintf(range, sizeof range, "0..%u", (unsigned)option->max);
        raw(",\n    {");
        string_field("name", option->name);
        raw(", ");
        string_field("default", option->values[0] ? option->values[option->fallback] : fallback);
        raw(", \"values\": [");
        if (!option->values[0]) os_text_json(&out, range);
        for (int v = 0; option->values[v]; v++) {
            raw(v ? ", " : "");
            os_text_json(&out, option->values[v]);
        }
        raw("], ");
        string_field("meaning", option->meaning);
        raw("}");
    }
}

static void print_presets(void) {
    for (size_t i = 0; i < hak_preset_count; i++) {
        const struct hak_preset *preset = &hak_presets[i];
        raw(i ? ",\n    {" : "\n    {");
        string_field("name", preset->name);
        raw(", ");
        string_field("description", preset->description);
        raw(", \"environment\": {");
        for (const struct hak_setting *setting = preset->settings; setting->name; setting++) {
            raw(setting == preset->settings ? "" : ", ");
            string_field(setting->name, setting->value);
        }
        raw("}}");
    }
}

static const char *const pages_names[] = {[BOX_PAGES_NONE] = "none",
                                          [BOX_PAGES_SUPERSLAB] = "superslab",
                                          [BOX_PAGES_MID] = "mid",
                                          [BOX_PAGES_SEGMENT] = "segment"};

static void print_boxes(void) {
    for (unsigned i = HAK_BOX_NONE + 1; i < HAK_BOXES; i++) {
        const struct box *box = hak_boxes[i];
        raw(i > HAK_BOX_NONE + 1 ? ",\n    {" : "\n    {");
        string_field("name", box->name);
        raw(", ");
        print_class_names(box->classes);
        raw(", ");
        string_field("pages", pages_names[box->pages]);
        raw(", ");
        number_field("header", box->header);
        raw(", ");
        string_field("meaning", box->meaning);
        raw("}");
    }
}

static const char *const origin_names[] = {
    [HAK_FROM_DEFAULT] = "default", [HAK_FROM_PRESET] = "preset", [HAK_FROM_VARIABLE] = "variable"};

static void print_effective(const struct hak_configuration *configuration) {
    for (int i = 0; i < HAK_OPTIONS; i++) {
        const struct hak_option *option = &hak_options[i];
        char number[16];
        number_text(number, sizeof number, configuration->values[i]);
        raw(i ? ",\n    {" : "\n    {");
        string_field("name", option->name);
        raw(", ");
        string_field("value", option->values[0] ? option->values[configuration->values[i]] : number);
        raw(", ");
        string_field("origin", origin_names[configuration->origins[i]]);
        struct hak_effect effect;
        hak_effect_of(configuration, (enum hak_option_id)i, &effect);
        raw(", ");
        print_class_names(effect.classes);
        raw(", ");
        string_field("effect", effect.text);
        raw("}");
    }
}

static void print_routes(const struct hak_configuration *configuration) {
    for (unsigned i = 0; i < HAK_CLASSES; i++) {
        unsigned class_id = hak_class_by_size(i);
        struct hak_route route = hak_route_of(configuration, class_id);
        raw(i ? ",\n    {" : "\n    {");
        size_range(class_id);
        raw(", ");
        string_field("box", hak_boxes[route.box]->name);
        raw(", ");
        string_field("reason", route.reason);
        raw("}");
    }
}

static void print_json(void) {
    struct hak_configuration configuration;
    hak_options_read(&configuration, environ, STDERR_FILENO);
    raw("{\n  ");
    string_field("version", HAKMEM_VERSION);
    raw(",\n  \"sizeClasses\": [");
    print_classes();
    raw("\n  ],\n  \"options\": [");
    print_options();
    raw("\n  ],\n  \"presets\": [");
    print_presets();
    raw("\n  ],\n  \"boxes\": [");
    print_boxes();
    raw("\n  ],\n  ");
    string_field("profile", configuration.preset->name);
    raw(",\n  \"effectiveOptions\": [");
    print_effective(&configuration);
    raw("\n  ],\n  \"routes\": [");
    print_routes(&configuration);
    raw("\n  ]\n}\n");
}

static void option_row(const char *name, const char *values, const char *fallback, const char *meaning) {
    const char *const cells[] = {"| `", name, "` | ", values, " | ", fallback, " | ", meaning, " |\n"};
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++)
        raw(cells[i]);
}

static void print_options_table(void) {
    raw("| option | values | default | meaning |\n| --- | --- | --- | --- |\n");
    option_row(HAK_PROFILE_VARIABLE, "a preset", HAK_PROFILE_DEFAULT, profile_meaning);
    for (int i = 0; i < HAK_OPTIONS; i++) {
        const struct hak_option *option = &hak_options[i];
        char values[64] = "", fallback[16];
        snprintf(values, sizeof values, "0..%u", (unsigned)option->max);
        for (int v = 0; option->values[v]; v++)
            snprintf(v ? values + strlen(values) : values, sizeof values - (v ? strlen(values) : 0), "%s%s",
                     v ? ", " : "", option->values[v]);
        number_text(fallback, sizeof fallback, option->fallback);
        option_row(option->name, values, option->values[0] ? option->values[option->fallback] : fallback,
                   option->meaning);
    }
}

/* "C0..C7, M768": runs of identifiers, the small classes apart from the others. */
static void print_class_ranges(uint32_t classes) {
    bool first = true;
    for (unsigned i = 0; i < HAK_CLASSES; i++) {
        unsigned last = i;
        if (!(classes & HAK_CLASS_BIT(i))) continue;
        while (last != HAK_C7 && last + 1 < HAK_CLASSES && classes & HAK_CLASS_BIT(last + 1))
            last++;
        raw(first ? "" : ", ");
        raw(hak_class_info[i].name);
        if (last > i) raw("..");
        if (last > i) raw(hak_class_info[last].name);
        first = false;
        i = last;
    }
}

static void print_boxes_table(void) {
    raw("| box | classes | pages | header | meaning |\n| --- | --- | --- | --- | --- |\n");
    for (unsigned i = HAK_BOX_NONE + 1; i < HAK_BOXES; i++) {
        const struct box *box = hak_boxes[i];
        raw("| `");
        raw(box->name);
        raw("` | ");
        print_class_ranges(box->classes);
        raw(" | ");
        raw(pages_names[box->pages]);
        raw(" | ");
        if (box->header) os_text_u64(&out, box->header);
        raw(box->header ? " B | " : "none | ");
        raw(box->meaning);
        raw(" |\n");
    }
}

int main(int argc, char **argv) {
    os_text_begin(&out, STDOUT_FILENO);
    if (argc == 1)
        print_json();
    else if (argc == 2 && strcmp(argv[1], "options") == 0)
        print_options_table();
    else if (argc == 2 && strcmp(argv[1], "boxes") == 0)
        print_boxes_table();
    else {
        fputs("usage: hakmem_info [options|boxes]\n", stderr);
        return 2;
    }
    os_text_end(&out);
    return 0;
}
