#!/bin/bash
# make variants: with HAK_FIXED_ROUTES no option changes a route, and hakmem_info reports that; without inlining, the
# helpers are separate functions.
native=$(cd "$(dirname "$0")/.." && pwd)
failed=0
check() { # name, then a command that must succeed
    local name=$1
    shift
    if "$@" >/dev/null 2>&1; then echo "ok $name"; else
        echo "not ok $name"
        failed=1
    fi
}
unset "${!HAKMEM_@}"
check variants_build make -s -C "$native" variants
bench=bench_mid_large_mt_hakmem

fixed_routes_stay() {
    HAKMEM_PROFILE=LEGACY HAKMEM_TINY_C6_HOT=1 HAKMEM_STATS=1 "$native/build/fixed/$bench" 2 100000 2>&1 |
        grep -q '"class":"C6"[^}]*"allocs":[1-9][^}]*"allocsByBox":{"small_v4":[1-9][0-9]*}'
}
fixed_routes_are_reported() {
    "$native/build/fixed/hakmem_info" |
        grep -q '"HAKMEM_TINY_C6_HOT".*"classes": \[\], "effect": "none: C6 is routed to small_v4: fixed at compile time"'
}
helpers_are_functions() {
    "$native/build/noinline/$bench" 2 100000 &&
        nm "$native/build/noinline/$bench" | grep -q ' t hak_pool_get_class_index' &&
        ! nm "$native/build/$bench" | grep -q ' t hak_pool_get_class_index'
}
check fixed_routes_stay fixed_routes_stay
check fixed_routes_are_reported fixed_routes_are_reported
check helpers_are_functions_without_inlining helpers_are_functions
exit $failed
