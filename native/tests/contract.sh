#!/bin/bash
# The built programs from outside: the benchmark's output, hakmem_info, and what the allocator prints at exit.
build=$(cd "$(dirname "$0")/../build" && pwd)
failed=0
check() { # name, then a command that must succeed
    local name=$1
    shift
    if "$@" >/dev/null 2>&1; then echo "ok $name"; else
        echo "not ok $name"
        failed=1
    fi
}
bench=$build/bench_mid_large_mt_hakmem
unset "${!HAKMEM_@}"

exports_the_family() {
    local names
    names=$(nm -D --defined-only "$build/libhakmem.so" | awk '{ print $3 }' | sort | tr '\n' ' ')
    [ "$names" = "aligned_alloc calloc free mallinfo mallinfo2 malloc malloc_trim malloc_usable_size memalign posix_memalign pvalloc realloc reallocarray valloc " ]
}
check library_exports_only_the_malloc_family exports_the_family

last_line_is_json() {
    "$1" 2 20000 100 7 | tail -1 | grep -Eq \
        '^\{"ops_per_sec":[0-9.]+,"seconds":[0-9.]+,"threads":2,"iterations":20000,"working_set":100,"seed":7,"min_size":257,"max_size":768,"peak_rss_bytes":[1-9][0-9]*\}$'
}
for program in "$build"/bench_mid_large_mt_*; do
    [ -x "$program" ] && check "json_of_$(basename "$program")" last_line_is_json "$program"
done

usage_and_2() {
    local text
    text=$("$bench" "$@" 2>&1 >/dev/null)
    [ $? -eq 2 ] && [[ $text == *usage:* ]]
}
check bench_rejects_words usage_and_2 one
check bench_rejects_zero_threads usage_and_2 0
check bench_rejects_negative usage_and_2 1 -5
check bench_rejects_extra usage_and_2 1 2 3 4 5
check bench_rejects_empty_range env HAKMEM_BENCH_MIN_SIZE=9 HAKMEM_BENCH_MAX_SIZE=8 bash -c "'$bench'; [ \$? -eq 2 ]"
sizes_from_environment() { HAKMEM_BENCH_MIN_SIZE=16 HAKMEM_BENCH_MAX_SIZE=1024 "$bench" 1 1000 | grep -q '"min_size":16,"max_size":1024'; }
check bench_sizes_from_environment sizes_from_environment

flat_line() { "$bench" 1 100000 400 1 2>&1 >/dev/null | grep '^\[POOL_V1_FLAT\]'; }
zero='[POOL_V1_FLAT] alloc_tls_hit=0 alloc_fb=0 free_tls_hit=0 free_fb=0'
flatten_has_no_effect_on_tiny() {
    export HAKMEM_PROFILE=C6_HEAVY_LEGACY_POOLV1 HAKMEM_POOL_V1_FLATTEN_ENABLED=1 HAKMEM_POOL_V1_FLATTEN_STATS=1
    [ "$(flat_line)" = "$zero" ] && [ "$(HAKMEM_BENCH_MAX_SIZE=512 flat_line)" = "$zero" ]
}
flatten_has_an_effect_on_pool() {
    export HAKMEM_PROFILE=LEGACY_FLATTEN HAKMEM_POOL_V1_FLATTEN_STATS=1
    flat_line | grep -Eq 'alloc_tls_hit=[1-9].*free_tls_hit=[1-9]'
}
check flatten_counters_are_zero_under_c6_hot bash -c "$(declare -f flat_line flatten_has_no_effect_on_tiny); bench=$bench zero='$zero'; flatten_has_no_effect_on_tiny"
check flatten_counters_count_under_legacy bash -c "$(declare -f flat_line flatten_has_an_effect_on_pool); bench=$bench; flatten_has_an_effect_on_pool"

errors() { # the number of lines on stderr, with a working program
    local text
    text=$(env "$@" "$bench" 1 1000 2>&1 >/dev/null) || return 1
    printf '%s' "$text" | grep -c '^hakmem: .*valid [a-z]* are: '
}
one_error() { [ "$(errors "$@")" = 1 ]; }
no_error() { [ "$(errors "$@")" = 0 ]; }
check unknown_profile_is_one_line one_error HAKMEM_PROFILE=NONSENSE
check unknown_variable_is_one_line one_error HAKMEM_NONSENSE=1
check invalid_value_is_one_line one_error HAKMEM_TINY_C6_HOT=2
check valid_environment_is_silent no_error HAKMEM_PROFILE=LEGACY HAKMEM_TINY_C6_HOT=1 HAKMEM_BENCH_MIN_SIZE=20

stats_add_up() {
    HAKMEM_PROFILE=C6_HEAVY_LEGACY_POOLV1 HAKMEM_STATS=1 HAKMEM_STATS_SAMPLE=10 "$bench" 2 100000 2>&1 >/dev/null | python3 -c '
import json, sys
stats = json.loads(sys.stdin.read())
for c in stats["classes"]:
    assert c["allocs"] == c["fastHits"] + c["slowPaths"] == sum(c["allocsByBox"].values()), c
assert stats["effects"]["HAKMEM_POOL_V1_FLATTEN_ENABLED"].startswith("none: C6 is routed to tiny_heap_v1")
assert stats["effects"].keys() == stats["options"].keys() and stats["tallies"]["superLookups"] > 0
by = {c["class"]: c for c in stats["classes"]}
# The C library keeps one C6 block per thread.
assert by["C6"]["box"] == "tiny_heap_v1" and 10000 < by["C6"]["frees"] + 2 >= by["C6"]["allocs"]
assert by["M768"]["box"] == "pool_v1" and by["M768"]["allocs"] == by["M768"]["frees"] > 10000
assert stats["sampled"]["count"] > 5000 and stats["sampled"]["requestedBytes"] < stats["sampled"]["blockBytes"]'
}
stats_survive_a_closed_stderr() {
    HAKMEM_STATS=1 LD_PRELOAD=$build/libhakmem.so ls /dev/null 2>&1 | grep -q '^{"hakmemStats":1'
}
check stats_survive_a_closed_stderr stats_survive_a_closed_stderr
info_is_complete() {
    HAKMEM_PROFILE=C6_HEAVY_LEGACY_POOLV1 "$build/hakmem_info" | python3 -c '
import json, sys
info = json.load(sys.stdin)
routes = {r["class"]: r for r in info["routes"]}
assert info["version"] and len(info["sizeClasses"]) == len(routes) == 20
assert routes["C6"]["box"] == "tiny_heap_v1" and "HAKMEM_TINY_C6_HOT" in routes["C6"]["reason"]
effective = {o["name"]: o for o in info["effectiveOptions"]}
assert effective["HAKMEM_TINY_C6_HOT"]["classes"] == ["C6"]
flatten = effective["HAKMEM_POOL_V1_FLATTEN_ENABLED"]
assert flatten["classes"] == [] and flatten["effect"] == "none: C6 is routed to tiny_heap_v1 by HAKMEM_TINY_C6_HOT=1"
options = {o["name"]: o for o in info["options"]}
assert all(o["values"] and o["meaning"] and "default" in o for o in options.values())
end = -1
for c in info["sizeClasses"]:
    assert c["minSize"] == end + 1; end = c["maxSize"] or 0
for preset in info["presets"]:
    assert preset["name"] in options["HAKMEM_PROFILE"]["values"] and preset["description"]
    assert all(v in options[n]["values"] for n, v in preset["environment"].items())'
}
lab_file_agrees_with_the_allocator() {
    "$build/hakmem_info" | python3 -c '
import json, os, sys
info = json.load(sys.stdin)
here = sys.argv[1]
lab = json.load(open(os.path.join(here, "hakmem-lab.json")))
options = {o["name"]: o for o in info["options"]}
by_name = {p["name"]: p for p in lab["presets"]}
for preset in info["presets"]:
    assert by_name[preset["name"]]["environment"]["HAKMEM_PROFILE"] == preset["name"], preset["name"]
for preset in lab["presets"]:
    assert os.path.exists(os.path.join(here, preset["program"]))
    for name, value in preset["environment"].items():
        assert name.startswith("HAKMEM_BENCH_") or value in options[name]["values"], (name, value)' "$build/.."
}
# Too little address space for segments: other boxes serve their classes.
no_segments() {
    (
        ulimit -v 100000
        HAKMEM_STATS=1 "$bench" 2 100000 2>&1
    ) | grep -q '"class":"C6"[^}]*"box":"bins"[^}]*"allocsByBox":{"tiny_heap_v1":[1-9].*"segmentFallbacks":[1-9]'
}
check small_blocks_work_without_segments no_segments
few_segments() { (ulimit -v 200000 && "$bench" 2 100000); }
check small_blocks_work_with_few_segments few_segments
if command -v python3 >/dev/null; then
    check stats_add_up stats_add_up
    check info_is_complete info_is_complete
    check lab_file_agrees_with_the_allocator lab_file_agrees_with_the_allocator
fi
exit $failed
