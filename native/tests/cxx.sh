#!/bin/bash
# C++ new and delete on the allocator, under every preset and with the guard.
native=$(cd "$(dirname "$0")/.." && pwd)
build=$native/build
if ! command -v g++ >/dev/null; then
    echo "not ok cxx: g++ is missing; install the package g++"
    exit 1
fi
mkdir -p "$build/cxx"
g++ -std=c++17 -O1 -g -fno-builtin -Wall -Wextra -pthread "$native/tests/cxx/new_delete.cc" -o "$build/cxx/new_delete" || {
    echo "not ok cxx_compiles"
    exit 1
}
failed=0
presets=$("$native/tests/presets.sh")
for preset in $presets GUARD; do
    if [ "$preset" = GUARD ]; then setting=HAKMEM_GUARD=1; else setting=HAKMEM_PROFILE=$preset; fi
    if env "$setting" LD_PRELOAD="$build/libhakmem.so" "$build/cxx/new_delete"; then
        echo "ok cxx_new_and_delete@$preset"
    else
        echo "not ok cxx_new_and_delete@$preset"
        failed=1
    fi
done
exit $failed
