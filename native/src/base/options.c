#include "base/options.h"
#include "os/os_text.h"

#include <string.h>

#define SWITCH {"0", "1"}, 0

/* clang-format off */
const struct hak_option hak_options[HAK_OPTIONS] = {
    [HAK_OPT_TINY_HEAP_PROFILE] = {
        "HAKMEM_TINY_HEAP_PROFILE", {"LEGACY", "C7_SAFE", "V4"}, 0, HAK_TINY_PROFILE_V4,
        "Who serves sizes up to 1024 B: LEGACY C0..C5 tiny heap, the rest a pool; C7_SAFE also C7 tiny heap; "
        "V4 all of them small-object box v4."},
    [HAK_OPT_TINY_C6_HOT] = {
        "HAKMEM_TINY_C6_HOT", SWITCH, 0,
        "Serve C6 (257..512 B) from the tiny heap instead of where the profile sends it."},
    [HAK_OPT_TINY_HOTHEAP_V2] = {
        "HAKMEM_TINY_HOTHEAP_V2", SWITCH, 0,
        "Serve the tiny heap's classes from HotHeap v2 (magazines of free blocks) instead of TinyHeap v1."},
    [HAK_OPT_TINY_C7_ULTRA_ENABLED] = {
        "HAKMEM_TINY_C7_ULTRA_ENABLED", SWITCH, 0,
        "Serve C7 (769..1024 B) from C7 ultra: a thread-local block cache over tiny segments."},
    [HAK_OPT_C6_HEAVY_ENABLED] = {
        "HAKMEM_C6_HEAVY_ENABLED", SWITCH, 0,
        "Serve C6 from a path of its own over mid pages, with a thread-local block cache and no headers."},
    [HAK_OPT_C6_HEAVY_CACHE_BLOCKS] = {
        "HAKMEM_C6_HEAVY_CACHE_BLOCKS", {NULL}, HAK_C6_HEAVY_MOST_BLOCKS, HAK_C6_HEAVY_MOST_BLOCKS,
        "Blocks in the cache of HAKMEM_C6_HEAVY_ENABLED=1; 0: no cache."},
    [HAK_OPT_POOL_V2_ENABLED] = {
        "HAKMEM_POOL_V2_ENABLED", SWITCH, 1,
        "Serve the pool's classes from pool v2 (no block headers) instead of pool v1."},
    [HAK_OPT_POOL_V1_FLATTEN_ENABLED] = {
        "HAKMEM_POOL_V1_FLATTEN_ENABLED", SWITCH, 0,
        "Put a thread-local block cache for C6 in front of pool v1; no effect where C6 is routed elsewhere."},
    [HAK_OPT_POOL_V1_FLATTEN_STATS] = {
        "HAKMEM_POOL_V1_FLATTEN_STATS", SWITCH, 0,
        "Print the [POOL_V1_FLAT] counters on stderr at exit."},
    [HAK_OPT_POOL_V1_HEADER_CLASS] = {
        "HAKMEM_POOL_V1_HEADER_CLASS", SWITCH, 0,
        "On free read the class from pool v1's block header, before any lookup of the address."},
    [HAK_OPT_POOL_V1_LAZY_HEADER] = {
        "HAKMEM_POOL_V1_LAZY_HEADER", SWITCH, 0,
        "Write pool v1's headers once per block instead of on each call; double frees go unnoticed."},
    [HAK_OPT_POOL_V1_BATCH_OCCUPANCY] = {
        "HAKMEM_POOL_V1_BATCH_OCCUPANCY", SWITCH, 0,
        "Subtract consecutive frees into one page of pool v1 from its occupancy at once."},
    [HAK_OPT_MID_DESC_CACHE_ENABLED] = {
        "HAKMEM_MID_DESC_CACHE_ENABLED", SWITCH, 1,
        "Remember the mid descriptors that a thread looked up last."},
    [HAK_OPT_GUARD] = {
        "HAKMEM_GUARD", SWITCH, 0,
        "Serve every class from the guard box, which notices every misuse and is slow."},
    [HAK_OPT_MID_DESC_CACHE_CONTEXT] = {
        "HAKMEM_MID_DESC_CACHE_CONTEXT", SWITCH, 0,
        "Remember box and class with them, so that a free into a block cache does not read the descriptor."},
    [HAK_OPT_SUPERSLAB_BYPASS] = {
        "HAKMEM_SUPERSLAB_BYPASS", SWITCH, 0,
        "On free ask for a mid descriptor first and for a superslab only without one."},
    [HAK_OPT_FRONT_SIZE_PATH] = {
        "HAKMEM_FRONT_SIZE_PATH", SWITCH, 0,
        "Send 257..768 B past the front's checks, where C6 and M768 have the same route; they are not sampled."},
    [HAK_OPT_STATS] = {
        "HAKMEM_STATS", SWITCH, 0,
        "Print one line of JSON with the counters of every class on stderr at exit."},
    [HAK_OPT_STATS_SAMPLE] = {
        "HAKMEM_STATS_SAMPLE", {NULL}, 1000000000, 0,
        "Record the requested size of every Nth allocation of a thread for HAKMEM_STATS; 0: of none."},
};
/* clang-format on */

static const char prefix[] = "HAKMEM_";
static const char bench_prefix[] = "HAKMEM_BENCH_";

static void list(struct os_text *text, bool *first, const char *name) {
    os_text_str(text, *first ? "" : ", ");
    os_text_str(text, name);
    *first = false;
}

static void list_values(struct os_text *text, const struct hak_option *option) {
    bool first = true;
    if (!option->values[0]) {
        os_text_str(text, "a whole number from 0 to ");
        os_text_u64(text, option->max);
    }
    for (const char *const *value = option->values; *value; value++)
        list(text, &first, *value);
}

static void begin_error(struct os_text *text, int fd, const char *what, const char *name, size_t length) {
    os_text_begin(text, fd);
    os_text_str(text, "hakmem: ");
    os_text_str(text, what);
    os_text_strn(text, name, length);
}

static void unknown_variable(int fd, const char *name, size_t length) {
    struct os_text text;
    bool first = true;
    begin_error(&text, fd, "unknown variable ", name, length);
    os_text_str(&text, " is ignored; valid are: ");
    list(&text, &first, HAK_PROFILE_VARIABLE);
    for (int i = 0; i < HAK_OPTIONS; i++)
        list(&text, &first, hak_options[i].name);
    os_text_str(&text, "\n");
    os_text_end(&text);
}

static void unknown_preset(int fd, const char *value) {
    struct os_text text;
    bool first = true;
    begin_error(&text, fd, HAK_PROFILE_VARIABLE ": unknown profile \"", value, strlen(value));
    os_text_str(&text, "\", using " HAK_PROFILE_DEFAULT "; valid are: ");
    for (size_t i = 0; i < hak_preset_count; i++)
        list(&text, &first, hak_presets[i].name);
    os_text_str(&text, "\n");
    os_text_end(&text);
}

static void invalid_value(int fd, const struct hak_option *option, const char *value, uint32_t used) {
    struct os_text text;
    begin_error(&text, fd, option->name, ": invalid value \"", 17);
    os_text_str(&text, value);
    os_text_str(&text, "\", using ");
    if (option->values[0])
        os_text_str(&text, option->values[used]);
    else
        os_text_u64(&text, used);
    os_text_str(&text, "; valid are: ");
    list_values(&text, option);
    os_text_str(&text, "\n");
    os_text_end(&text);
}

/* False when `text` is not a value of the option. */
static bool parse(const struct hak_option *option, const char *text, uint32_t *value) {
    if (option->values[0]) {
        for (uint32_t i = 0; option->values[i]; i++) {
            if (strcmp(option->values[i], text) == 0) {
                *value = i;
                return true;
            }
        }
        return false;
    }
    uint64_t number = 0;
    if (!*text) return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9') return false;
        number = number * 10 + (uint64_t)(*text - '0');
        if (number > option->max) return false;
    }
    *value = (uint32_t)number;
    return true;
}

static int find_option(const char *name, size_t length) {
    for (int i = 0; i < HAK_OPTIONS; i++)
        if (strlen(hak_options[i].name) == length && memcmp(hak_options[i].name, name, length) == 0) return i;
    return -1;
}

/* The value of the first `name` in the environment, like getenv, or NULL. */
static const char *find_variable(char *const *environment, const char *name) {
    size_t length = strlen(name);
    for (; *environment; environment++)
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    return NULL;
}

static const struct hak_preset *find_preset(const char *name) {
    for (size_t i = 0; i < hak_preset_count; i++)
        if (strcmp(hak_presets[i].name, name) == 0) return &hak_presets[i];
    return NULL;
}

static unsigned apply_preset(struct hak_configuration *configuration, const char *name, int error_fd) {
    unsigned errors = 0;
    configuration->preset = find_preset(name ? name : HAK_PROFILE_DEFAULT);
    if (!configuration->preset) {
        unknown_preset(error_fd, name);
        errors++;
        configuration->preset = find_preset(HAK_PROFILE_DEFAULT);
    }
    for (const struct hak_setting *setting = configuration->preset->settings; setting->name; setting++) {
        int option = find_option(setting->name, strlen(setting->name));
        parse(&hak_options[option], setting->value, &configuration->values[option]);
        if (name && errors == 0) configuration->origins[option] = HAK_FROM_PRESET;
    }
    return errors;
}

unsigned hak_options_read(struct hak_configuration *configuration, char *const *environment, int error_fd) {
    static char *const empty[] = {NULL};
    if (!environment) environment = empty;
    for (int i = 0; i < HAK_OPTIONS; i++) {
        configuration->values[i] = hak_options[i].fallback;
        configuration->origins[i] = HAK_FROM_DEFAULT;
    }
    unsigned errors = apply_preset(configuration, find_variable(environment, HAK_PROFILE_VARIABLE), error_fd);

    for (int i = 0; i < HAK_OPTIONS; i++) {
        const char *value = find_variable(environment, hak_options[i].name);
        if (!value) continue;
        if (parse(&hak_options[i], value, &configuration->values[i])) {
            configuration->origins[i] = HAK_FROM_VARIABLE;
        } else {
            invalid_value(error_fd, &hak_options[i], value, configuration->values[i]);
            errors++;
        }
    }

    for (char *const *entry = environment; *entry; entry++) {
        const char *equals = strchr(*entry, '=');
        if (!equals || strncmp(*entry, prefix, sizeof prefix - 1) != 0) continue;
        if (strncmp(*entry, bench_prefix, sizeof bench_prefix - 1) == 0) continue;
        size_t length = (size_t)(equals - *entry);
        if (length == sizeof HAK_PROFILE_VARIABLE - 1 && memcmp(*entry, HAK_PROFILE_VARIABLE, length) == 0)
            continue;
        if (find_option(*entry, length) >= 0) continue;
        unknown_variable(error_fd, *entry, length);
        errors++;
    }
    return errors;
}
