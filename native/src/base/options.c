#include "base/options.h"
#include "os/os_text.h"

#include <string.h>

#define SWITCH {"0", "1"}, 0

/* clang-format off */
const struct hak_option hak_options[HAK_OPTIONS] = {
    [HAK_OPT_TINY_HEAP_PROFILE] = {
        "HAKMEM_TINY_HEAP_PROFILE", {"LEGACY", "C7_SAFE", "V4", "BINS"}, 0, HAK_TINY_PROFILE_BINS,
        "Which boxes serve sizes up to 1024 B. LEGACY: the tiny heap for C0..C5, the pool for the rest. C7_SAFE: "
        "the tiny heap for C7 too. V4: small-object box v4 for all of them. BINS: thread-local bins for all of them and "
        "for the pool's sizes, and spans up to 4 MiB."},
    [HAK_OPT_TINY_C6_HOT] = {
        "HAKMEM_TINY_C6_HOT", SWITCH, 0,
        "Serve C6 (257..512 B) from the tiny heap, whatever HAKMEM_TINY_HEAP_PROFILE says."},
    [HAK_OPT_TINY_HOTHEAP_V2] = {
        "HAKMEM_TINY_HOTHEAP_V2", SWITCH, 0,
        "Use HotHeap v2 (magazines of free blocks) as the tiny heap instead of TinyHeap v1."},
    [HAK_OPT_TINY_C7_ULTRA_ENABLED] = {
        "HAKMEM_TINY_C7_ULTRA_ENABLED", SWITCH, 0,
        "Serve C7 (769..1024 B) from C7 ultra: a thread-local block cache in front of segment pages."},
    [HAK_OPT_C6_HEAVY_ENABLED] = {
        "HAKMEM_C6_HEAVY_ENABLED", SWITCH, 0,
        "Serve C6 from a dedicated path: a thread-local block cache in front of mid pages, without block headers."},
    [HAK_OPT_C6_HEAVY_CACHE_BLOCKS] = {
        "HAKMEM_C6_HEAVY_CACHE_BLOCKS", {NULL}, HAK_C6_HEAVY_MOST_BLOCKS, HAK_C6_HEAVY_MOST_BLOCKS,
        "The number of blocks in the cache of HAKMEM_C6_HEAVY_ENABLED=1. 0 disables the cache."},
    [HAK_OPT_POOL_V2_ENABLED] = {
        "HAKMEM_POOL_V2_ENABLED", SWITCH, 1,
        "Use pool v2 (no block headers) as the pool instead of pool v1."},
    [HAK_OPT_POOL_V1_FLATTEN_ENABLED] = {
        "HAKMEM_POOL_V1_FLATTEN_ENABLED", SWITCH, 0,
        "Put a thread-local block cache for C6 in front of pool v1. Has no effect if C6 is routed elsewhere."},
    [HAK_OPT_POOL_V1_FLATTEN_STATS] = {
        "HAKMEM_POOL_V1_FLATTEN_STATS", SWITCH, 0,
        "Print the counters of that cache on stderr at exit: [POOL_V1_FLAT] alloc_tls_hit=..."},
    [HAK_OPT_POOL_V1_HEADER_CLASS] = {
        "HAKMEM_POOL_V1_HEADER_CLASS", SWITCH, 0,
        "On free, read the class from pool v1's block header before looking up the address."},
    [HAK_OPT_POOL_V1_LAZY_HEADER] = {
        "HAKMEM_POOL_V1_LAZY_HEADER", SWITCH, 0,
        "Write pool v1's block header once per block instead of on each call. Double frees are not detected then."},
    [HAK_OPT_POOL_V1_BATCH_OCCUPANCY] = {
        "HAKMEM_POOL_V1_BATCH_OCCUPANCY", SWITCH, 0,
        "Update the occupancy of a pool v1 page once per batch of consecutive frees into it."},
    [HAK_OPT_MID_DESC_CACHE_ENABLED] = {
        "HAKMEM_MID_DESC_CACHE_ENABLED", SWITCH, 1,
        "Cache each thread's most recently used mid descriptors. 0 searches the shared registry on each lookup."},
    [HAK_OPT_MID_DESC_CACHE_CONTEXT] = {
        "HAKMEM_MID_DESC_CACHE_CONTEXT", SWITCH, 0,
        "Cache box and class as well, so that a free into a block cache does not read the descriptor."},
    [HAK_OPT_SUPERSLAB_BYPASS] = {
        "HAKMEM_SUPERSLAB_BYPASS", SWITCH, 0,
        "On free, look for a mid descriptor first, and for a superslab only if there is none."},
    [HAK_OPT_FRONT_SIZE_PATH] = {
        "HAKMEM_FRONT_SIZE_PATH", SWITCH, 0,
        "Let 257..768 B skip the front's checks if C6 and M768 have the same route. Skips sampling too."},
    [HAK_OPT_GUARD] = {
        "HAKMEM_GUARD", SWITCH, 0,
        "Serve every class from the guard box, which detects every misuse and is slow."},
    [HAK_OPT_ENCODED_LISTS] = {
        "HAKMEM_ENCODED_LISTS", SWITCH, 0,
        "Serve sizes up to 32 KiB from the encoded box, whatever the profile: its free lists cannot be forged, and an "
        "overwritten one ends the program."},
    [HAK_OPT_GUARD_PAGES] = {
        "HAKMEM_GUARD_PAGES", SWITCH, 0,
        "Give each block above 32 KiB a mapping between two inaccessible pages, and put inaccessible memory around the "
        "metadata of segments."},
    [HAK_OPT_RANDOM_PLACEMENT] = {
        "HAKMEM_RANDOM_PLACEMENT", SWITCH, 0,
        "Use the blocks of new memory in random order instead of address order."},
    [HAK_OPT_STATS] = {
        "HAKMEM_STATS", SWITCH, 0,
        "Print one line of JSON on stderr at exit: the route and counters of every class, and the options' effects."},
    [HAK_OPT_STATS_SAMPLE] = {
        "HAKMEM_STATS_SAMPLE", {NULL}, 1000000000, 0,
        "Record the requested size of every Nth allocation of a thread for HAKMEM_STATS. 0 disables sampling."},
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
        os_text_str(text, "integers from 0 to ");
        os_text_u64(text, option->max);
    }
    for (const char *const *value = option->values; *value; value++)
        list(text, &first, *value);
}

static void begin_error(struct os_text *text, int fd) {
    os_text_begin(text, fd);
    os_text_str(text, "hakmem: ");
}

static void unknown_variable(int fd, const char *name, size_t length) {
    struct os_text text;
    bool first = true;
    begin_error(&text, fd);
    os_text_str(&text, "ignoring unknown variable ");
    os_text_strn(&text, name, length);
    os_text_str(&text, "; valid variables are: ");
    list(&text, &first, HAK_PROFILE_VARIABLE);
    for (int i = 0; i < HAK_OPTIONS; i++)
        list(&text, &first, hak_options[i].name);
    os_text_str(&text, "\n");
    os_text_end(&text);
}

static void unknown_preset(int fd, const char *value) {
    struct os_text text;
    bool first = true;
    begin_error(&text, fd);
    os_text_str(&text, HAK_PROFILE_VARIABLE ": unknown profile \"");
    os_text_str(&text, value);
    os_text_str(&text, "\", using " HAK_PROFILE_DEFAULT "; valid profiles are: ");
    for (size_t i = 0; i < hak_preset_count; i++)
        list(&text, &first, hak_presets[i].name);
    os_text_str(&text, "\n");
    os_text_end(&text);
}

static void invalid_value(int fd, const struct hak_option *option, const char *value, uint32_t used) {
    struct os_text text;
    begin_error(&text, fd);
    os_text_str(&text, option->name);
    os_text_str(&text, ": invalid value \"");
    os_text_str(&text, value);
    os_text_str(&text, "\", using ");
    if (option->values[0])
        os_text_str(&text, option->values[used]);
    else
        os_text_u64(&text, used);
    os_text_str(&text, "; valid values are: ");
    list_values(&text, option);
    os_text_str(&text, "\n");
    os_text_end(&text);
}

/* Returns false when `text` is not a valid value of the option. */
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
