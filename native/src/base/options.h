/* The options that the environment can set. One table drives parsing, checking and documentation. */
#ifndef HAK_BASE_OPTIONS_H
#define HAK_BASE_OPTIONS_H

#include "os/compiler.h"

/* The largest value of HAKMEM_C6_HEAVY_CACHE_BLOCKS. */
enum { HAK_C6_HEAVY_MOST_BLOCKS = 64 };

enum hak_option_id {
    HAK_OPT_TINY_HEAP_PROFILE,
    HAK_OPT_TINY_C6_HOT,
    HAK_OPT_TINY_HOTHEAP_V2,
    HAK_OPT_TINY_C7_ULTRA_ENABLED,
    HAK_OPT_C6_HEAVY_ENABLED,
    HAK_OPT_C6_HEAVY_CACHE_BLOCKS,
    HAK_OPT_POOL_V2_ENABLED,
    HAK_OPT_POOL_V1_FLATTEN_ENABLED,
    HAK_OPT_POOL_V1_FLATTEN_STATS,
    HAK_OPT_POOL_V1_HEADER_CLASS,
    HAK_OPT_POOL_V1_LAZY_HEADER,
    HAK_OPT_POOL_V1_BATCH_OCCUPANCY,
    HAK_OPT_MID_DESC_CACHE_ENABLED,
    HAK_OPT_MID_DESC_CACHE_CONTEXT,
    HAK_OPT_SUPERSLAB_BYPASS,
    HAK_OPT_FRONT_SIZE_PATH,
    HAK_OPT_GUARD,
    HAK_OPT_ENCODED_LISTS,
    HAK_OPT_GUARD_PAGES,
    HAK_OPT_RANDOM_PLACEMENT,
    HAK_OPT_STATS,
    HAK_OPT_STATS_SAMPLE,
    HAK_OPTIONS
};

enum { HAK_TINY_PROFILE_LEGACY, HAK_TINY_PROFILE_C7_SAFE, HAK_TINY_PROFILE_V4, HAK_TINY_PROFILE_BINS };

enum { HAK_OPTION_MAX_VALUES = 4, HAK_PRESET_MAX_SETTINGS = 12 };

struct hak_option {
    const char *name;
    /* The accepted strings; the option's value is an index into them. Without any, the option is a whole
     * number up to max. */
    const char *values[HAK_OPTION_MAX_VALUES + 1];
    uint32_t max;
    uint32_t fallback; /* the default value */
    const char *meaning;
};

struct hak_setting {
    const char *name; /* of an option */
    const char *value;
};

/* A named set of defaults, selected by HAKMEM_PROFILE. Individual variables override it. */
struct hak_preset {
    const char *name;
    const char *description;
    struct hak_setting settings[HAK_PRESET_MAX_SETTINGS + 1]; /* ends with a NULL name */
};

extern const struct hak_option hak_options[HAK_OPTIONS];
extern const struct hak_preset hak_presets[];
extern const size_t hak_preset_count;

#define HAK_PROFILE_VARIABLE "HAKMEM_PROFILE"
/* The preset when the variable is not set. It equals the defaults of the table. */
#define HAK_PROFILE_DEFAULT "BEST"

/* Where the value of an option comes from. */
enum hak_origin { HAK_FROM_DEFAULT, HAK_FROM_PRESET, HAK_FROM_VARIABLE };

struct hak_configuration {
    const struct hak_preset *preset;
    uint32_t values[HAK_OPTIONS];
    enum hak_origin origins[HAK_OPTIONS];
};

/* Reads `environment` (NAME=value strings, terminated by NULL). Each unknown HAKMEM_* name and each invalid
 * value is reported as one line on `error_fd`, and the default is used. HAKMEM_BENCH_* belongs to the
 * benchmark and is skipped. Returns the number of errors. Does not allocate. */
unsigned hak_options_read(struct hak_configuration *configuration, char *const *environment, int error_fd);

#endif
