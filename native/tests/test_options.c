#include "base/options.h"
#include "check.h"
#include "route/route.h"

static struct hak_configuration configuration;
static char output[8192];

/* Reads an environment; error messages go to `output`. */
static unsigned read_environment(char *const *environment) {
    int fds[2];
    if (pipe(fds)) abort();
    unsigned errors = hak_options_read(&configuration, environment, fds[1]);
    close(fds[1]);
    ssize_t n = read(fds[0], output, sizeof output - 1);
    output[n > 0 ? n : 0] = 0;
    close(fds[0]);
    return errors;
}
#define READ(...) read_environment((char *const[]){__VA_ARGS__, NULL})

static enum hak_box box_of(size_t size) {
    return hak_route_of(&configuration, hak_size_class(size)).box;
}

static int lines(const char *text) {
    int n = 0;
    for (; *text; text++)
        n += *text == '\n';
    return n;
}

static void defaults_are_best(void) {
    CHECK(READ("PATH=/bin", "HAKMEM_BENCH_MIN_SIZE=1", "HAKMEM_BENCH_NEW=x") == 0);
    CHECK(output[0] == 0);
    CHECK(read_environment(NULL) == 0);
    CHECK(strcmp(configuration.preset->name, HAK_PROFILE_DEFAULT) == 0);
    CHECK(configuration.values[HAK_OPT_MID_DESC_CACHE_ENABLED] == 1);
    for (int i = 0; i < HAK_OPTIONS; i++) {
        CHECK(configuration.values[i] == hak_options[i].fallback);
        CHECK(configuration.origins[i] == HAK_FROM_DEFAULT);
    }
}

static void a_variable_overrides_the_preset(void) {
    CHECK(READ("HAKMEM_TINY_C6_HOT=0", "HAKMEM_PROFILE=C6_HEAVY_LEGACY_POOLV1") == 0);
    CHECK(configuration.values[HAK_OPT_TINY_HEAP_PROFILE] == HAK_TINY_PROFILE_C7_SAFE);
    CHECK(configuration.origins[HAK_OPT_TINY_HEAP_PROFILE] == HAK_FROM_PRESET);
    CHECK(configuration.values[HAK_OPT_TINY_C6_HOT] == 0);
    CHECK(configuration.origins[HAK_OPT_TINY_C6_HOT] == HAK_FROM_VARIABLE);
}

static void errors_name_what_is_valid_and_use_the_default(void) {
    CHECK(READ("HAKMEM_PROFILE=nonsense") == 1);
    CHECK(lines(output) == 1 && strstr(output, "nonsense") && strstr(output, "C6_HEAVY_LEGACY_POOLV1"));
    CHECK(strcmp(configuration.preset->name, HAK_PROFILE_DEFAULT) == 0);

    CHECK(READ("HAKMEM_PROFILE=C6_HEAVY_LEGACY_POOLV1", "HAKMEM_TINY_C6_HOT=yes") == 1);
    CHECK(lines(output) == 1 && strstr(output, "HAKMEM_TINY_C6_HOT") &&
          strstr(output, "valid values are: 0, 1"));
    CHECK(configuration.values[HAK_OPT_TINY_C6_HOT] == 1); /* the default under this preset */

    CHECK(READ("HAKMEM_TINY_HEAP_PROFILE=") == 1);
    CHECK(strstr(output, "valid values are: LEGACY, C7_SAFE, V4, BINS"));

    CHECK(READ("HAKMEM_TINY_C6_HOTT=1", "HAKMEM_=1") == 2);
    CHECK(lines(output) == 2 && strstr(output, "HAKMEM_TINY_C6_HOTT") &&
          strstr(output, "HAKMEM_TINY_C6_HOT,"));

    CHECK(READ("HAKMEM_STATS_SAMPLE=12x") == 1);
    CHECK(READ("HAKMEM_STATS_SAMPLE=99999999999999999999999") == 1);
    CHECK(strstr(output, "from 0 to 1000000000"));
    CHECK(READ("HAKMEM_STATS_SAMPLE=1000") == 0);
    CHECK(configuration.values[HAK_OPT_STATS_SAMPLE] == 1000);
}

static void presets_name_known_options_and_values(void) {
    for (size_t i = 0; i < hak_preset_count; i++) {
        char variable[128];
        snprintf(variable, sizeof variable, "HAKMEM_PROFILE=%s", hak_presets[i].name);
        CHECK(READ(variable) == 0);
        for (const struct hak_setting *s = hak_presets[i].settings; s->name; s++) {
            char single[128];
            snprintf(single, sizeof single, "%s=%s", s->name, s->value);
            CHECK(READ(single) == 0);
        }
    }
}

static void routes_follow_the_options(void) {
    READ("HAKMEM_PROFILE=LEGACY");
    CHECK(box_of(256) == HAK_BOX_TINY_HEAP_V1 && box_of(257) == HAK_BOX_POOL_V1);
    CHECK(box_of(768) == HAK_BOX_POOL_V1 && box_of(1024) == HAK_BOX_POOL_V1 &&
          box_of(32768) == HAK_BOX_POOL_V1);
    CHECK(box_of(32769) == HAK_BOX_LARGE);

    READ("HAKMEM_PROFILE=C6_HEAVY_LEGACY_POOLV1");
    CHECK(box_of(257) == HAK_BOX_TINY_HEAP_V1 && box_of(512) == HAK_BOX_TINY_HEAP_V1);
    CHECK(box_of(513) == HAK_BOX_POOL_V1 && box_of(768) == HAK_BOX_POOL_V1);
    CHECK(box_of(769) == HAK_BOX_TINY_HEAP_V1 && box_of(1025) == HAK_BOX_POOL_V1);
    CHECK(strstr(hak_route_of(&configuration, HAK_C6).reason, "HAKMEM_TINY_C6_HOT=1"));

    READ("HAKMEM_PROFILE=C7_SAFE");
    CHECK(box_of(512) == HAK_BOX_POOL_V1 && box_of(1024) == HAK_BOX_TINY_HEAP_V1);

    READ("HAKMEM_PROFILE=LEGACY_FLATTEN");
    CHECK(box_of(512) == HAK_BOX_POOL_V1);
    CHECK(strstr(hak_route_of(&configuration, HAK_C6).reason, "FLATTEN_ENABLED=1"));

    READ("HAKMEM_PROFILE=C6_HEAVY_LEGACY_POOLV1", "HAKMEM_TINY_HOTHEAP_V2=1");
    CHECK(box_of(8) == HAK_BOX_HOT_HEAP_V2 && box_of(512) == HAK_BOX_HOT_HEAP_V2);
    CHECK(box_of(768) == HAK_BOX_POOL_V1 && box_of(1024) == HAK_BOX_HOT_HEAP_V2);

    READ("HAKMEM_PROFILE=LEGACY", "HAKMEM_POOL_V2_ENABLED=1");
    CHECK(box_of(512) == HAK_BOX_POOL_V2 && box_of(2000) == HAK_BOX_POOL_V2 &&
          box_of(16) == HAK_BOX_TINY_HEAP_V1);

    READ("HAKMEM_PROFILE=BEST");
    for (size_t size = 0; size <= 32768; size += 8)
        CHECK(box_of(size) == HAK_BOX_BINS);
    CHECK(box_of(32769) == HAK_BOX_SPAN);

    READ("HAKMEM_PROFILE=V4");
    for (size_t size = 0; size <= 1024; size += 8)
        CHECK(box_of(size) == HAK_BOX_SMALL_V4);
    CHECK(box_of(1025) == HAK_BOX_POOL_V2);
}

static void a_box_for_one_class_comes_before_the_profile(void) {
    READ("HAKMEM_C6_HEAVY_ENABLED=1", "HAKMEM_TINY_C7_ULTRA_ENABLED=1", "HAKMEM_TINY_C6_HOT=1");
    CHECK(box_of(512) == HAK_BOX_C6_HEAVY && box_of(1024) == HAK_BOX_C7_ULTRA);
    CHECK(box_of(768) == HAK_BOX_BINS);
    READ("HAKMEM_TINY_C6_HOT=1");
    CHECK(box_of(512) == HAK_BOX_TINY_HEAP_V1 && box_of(256) == HAK_BOX_BINS);
}

/* The way the reference analysis set them: individual variables, without a profile. */
static void phase_presets_equal_the_reference_analysis(void) {
    READ("HAKMEM_TINY_HEAP_PROFILE=LEGACY", "HAKMEM_TINY_HOTHEAP_V2=0", "HAKMEM_POOL_V2_ENABLED=0",
         "HAKMEM_POOL_V1_FLATTEN_ENABLED=1");
    struct hak_configuration by_hand = configuration;
    READ("HAKMEM_PROFILE=PHASE81_82");
    CHECK(memcmp(by_hand.values, configuration.values, sizeof by_hand.values) == 0);
    CHECK(box_of(512) == HAK_BOX_POOL_V1 && box_of(1024) == HAK_BOX_POOL_V1);
    READ("HAKMEM_TINY_HEAP_PROFILE=LEGACY", "HAKMEM_TINY_HOTHEAP_V2=0", "HAKMEM_POOL_V2_ENABLED=0",
         "HAKMEM_POOL_V1_FLATTEN_ENABLED=0");
    by_hand = configuration;
    READ("HAKMEM_PROFILE=PHASE80");
    CHECK(memcmp(by_hand.values, configuration.values, sizeof by_hand.values) == 0);
}

int main(void) {
    RUN(defaults_are_best);
    RUN(a_variable_overrides_the_preset);
    RUN(errors_name_what_is_valid_and_use_the_default);
    RUN(presets_name_known_options_and_values);
    RUN(routes_follow_the_options);
    RUN(a_box_for_one_class_comes_before_the_profile);
    RUN(phase_presets_equal_the_reference_analysis);
    FINISH();
}
