#!/bin/sh
# run.sh BIN_DIRECTORY [scripts]: runs the test programs, those that depend on routes under every preset, and
# the scripts; prints "ok NAME" or "not ok NAME" for each test and a last line "N passed, N failed".
bin=$1
tests=$(dirname "$0")
build=$tests/../build
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# One program: its own lines, and one more if it did not end by itself.
run() {
    name=$1
    shift
    "$@" 2>&1
    status=$?
    [ $status -le 1 ] || echo "not ok $name ended with status $status"
}

# test_malloc has one thread: the thread sanitizer, which is slow (CHECK_ROUNDS), learns nothing from it.
per_preset="shadow threads"
[ -n "$CHECK_ROUNDS" ] || per_preset="malloc $per_preset"

{
    for test in size_class addr_map superslab mid_desc segment boxes c6_heavy options counters effects; do
        run $test "$bin/test_$test"
    done
    # Of presets with the same settings (the phases are cells too) the first.
    presets=$("$build/hakmem_info" | sed -n '/"presets"/,/\]/s/^ *{"name": "\([^"]*\)".*"environment": \(.*\)/\1 \2/p' | sed 's/,$//' |
        awk '{name = $1; $1 = ""} !seen[$0]++ {print name}')
    [ -n "$presets" ] || echo "not ok presets: hakmem_info names none"
    # Every preset, and settings that no preset has.
    for setting in $presets C6_HEAVY_LEGACY_POOLV1,HAKMEM_MID_DESC_CACHE_ENABLED=0 POOL_V2,HAKMEM_TINY_HOTHEAP_V2=1 \
        LEGACY_FLATTEN,HAKMEM_STATS_SAMPLE=3; do
        for test in $per_preset; do
            # shellcheck disable=SC2046 # two variables
            run "$test@$setting" env HAKMEM_PROFILE=$(echo "$setting" | tr , ' ') CHECK_SUFFIX="@$setting" \
                "$bin/test_$test"
        done
    done
    if [ "$2" = scripts ]; then
        for script in "$tests"/*.sh; do
            [ "$script" = "$tests/run.sh" ] || run "$script" "$script"
        done
    fi
} | tee "$log"

passed=$(grep -c '^ok ' "$log")
failed=$(grep -c '^not ok ' "$log")
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
