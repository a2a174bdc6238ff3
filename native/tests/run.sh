#!/bin/sh
# run.sh BIN_DIRECTORY [scripts|stress]: runs the test programs; those that depend on routes run under every preset.
# With "scripts" also runs the stress test and the scripts, with "stress" only the stress test. Prints "ok NAME" or
# "not ok NAME" for each test, and "N passed, N failed" as the last line.
bin=$1
tests=$(dirname "$0")
build=$tests/../build
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT

# Runs one program; adds a line if it did not exit normally.
run() {
    name=$1
    shift
    "$@" 2>&1
    status=$?
    [ $status -le 1 ] || echo "not ok $name ended with status $status"
}

# test_malloc has a single thread, so it is left out with the thread sanitizer (CHECK_ROUNDS), which is slow.
per_preset="shadow threads"
[ -n "$CHECK_ROUNDS" ] || per_preset="malloc $per_preset"

presets=$("$tests/presets.sh")
[ -n "$presets" ] || {
    echo "not ok presets: hakmem_info names none"
    exit 1
}

stress() {
    for setting in $presets GUARD; do
        if [ "$setting" = GUARD ]; then variable=HAKMEM_GUARD=1; else variable=HAKMEM_PROFILE=$setting; fi
        [ -z "$CHECK_FULL" ] || echo "# $setting"
        run "stress@$setting" env "$variable" CHECK_SUFFIX="@$setting" "$bin/test_stress"
    done
}

units() {
    for test in size_class addr_map superslab mid_desc segment boxes bins parcels c6_heavy options counters effects \
        hardening; do
        run $test "$bin/test_$test"
    done
    # Every preset, and some settings that no preset has.
    for setting in $presets C6_HEAVY_LEGACY_POOLV1,HAKMEM_MID_DESC_CACHE_ENABLED=0 POOL_V2,HAKMEM_TINY_HOTHEAP_V2=1 \
        LEGACY_FLATTEN,HAKMEM_STATS_SAMPLE=3 LEGACY,HAKMEM_GUARD=1 LEGACY,HAKMEM_RANDOM_PLACEMENT=1 \
        V4,HAKMEM_GUARD_PAGES=1; do
        for test in $per_preset; do
            # shellcheck disable=SC2046 # two variables
            run "$test@$setting" env HAKMEM_PROFILE=$(echo "$setting" | tr , ' ') CHECK_SUFFIX="@$setting" \
                "$bin/test_$test"
        done
    done
    # Briefly: `make fuzz` does more.
    [ -n "$CHECK_ROUNDS" ] || run fuzz "$tests/fuzz.sh" "$bin" 100000
}

# The scripts run the presets themselves.
scripts() {
    for script in "$tests"/*.sh; do
        case $script in
        */run.sh | */presets.sh | */programs.sh | */fuzz.sh) ;;
        *) run "$script" "$script" ;;
        esac
    done
}

case $2 in
stress) stress ;;
scripts)
    # Real programs wait a lot, so they run in parallel with everything else.
    run programs "$tests/programs.sh" --short >"$log.programs" &
    beside=$!
    trap 'kill $beside 2>/dev/null; rm -f "$log.programs"' EXIT
    units
    stress
    scripts
    wait $beside
    cat "$log.programs"
    rm -f "$log.programs"
    ;;
*) units ;;
esac | tee "$log"

passed=$(grep -c '^ok ' "$log")
failed=$(grep -c '^not ok ' "$log")
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
