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

{
    for test in size_class addr_map superslab mid_desc boxes options counters; do
        run $test "$bin/test_$test"
    done
    presets=$("$build/hakmem_info" | sed -n '/"presets"/,/\]/s/^ *{"name": "\([^"]*\)".*/\1/p')
    [ -n "$presets" ] || echo "not ok presets: hakmem_info names none"
    for preset in $presets; do
        for test in malloc shadow threads; do
            run "$test@$preset" env HAKMEM_PROFILE=$preset CHECK_SUFFIX="@$preset" "$bin/test_$test"
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
