#!/bin/bash
# Programs that once broke or thrashed an allocator. They print figures that do not depend on the machine's load: page
# faults, memory, results; nothing is timed.
native=$(cd "$(dirname "$0")/.." && pwd)
build=$native/build
library=$build/libhakmem.so
unset "${!HAKMEM_@}"
mkdir -p "$build/cases"
failed=0
report() { # NAME STATUS OUTPUT
    if [ "$2" = 0 ]; then echo "ok $1"; else
        echo "not ok $1"
        echo "# ${3//$'\n'/ | }"
        failed=1
    fi
}
for file in "$native"/tests/cases/*.c; do
    ${CC:-cc} -O1 -g -fno-builtin -Wall -Wextra -pthread "$file" -o "$build/cases/$(basename "$file" .c)" -ldl || exit 1
done

# at_most NAME LIMIT PROGRAM [ARGUMENTS]: the program prints a number that is at most LIMIT.
at_most() {
    local name=$1 limit=$2 printed
    shift 2
    printed=$(LD_PRELOAD=$library timeout 120 "$build/cases/$@" 2>&1)
    [[ $printed =~ ^-?[0-9]+$ ]] && [ "$printed" -le "$limit" ]
    report "$name" $? "$printed, more than $limit"
}
# 64 MiB have 16,400 pages; a purge in each of the 20 rounds would be 328,000 faults.
at_most case_freed_memory_is_not_faulted_in_again 40000 refault
for size in 40000 300000 2000000 5000000; do
    at_most "case_a_buffer_of_${size}_bytes_comes_and_goes" 3000 buffer $size
done
for preset in BEST V4; do
    HAKMEM_PROFILE=$preset at_most "case_late_destructors_leak_nothing@$preset" 2048 late_destructor
done
# KiB. If the consumer kept 64 KiB per size, it would be 7,400.
at_most case_a_thread_that_only_frees_keeps_little 5000 pipe
# Without the guard such a program is wrong: it hangs with the C library's allocator, too.
HAKMEM_GUARD=1 at_most case_signal_handlers_may_allocate@GUARD 100000 signal_handler

printed=$("$build/cases/open_library" "$library" 2>&1)
report case_the_library_can_be_opened_at_run_time $? "$printed"

printed=$("$build/cases/recorded" "$build/librecord.so" "$build/replay" "$build/cases/trace" 2>&1)
report case_allocations_are_recorded_and_replayed $? "$printed"

if command -v valgrind >/dev/null; then
    printed=$(LD_PRELOAD=$library timeout 120 valgrind -q --error-exitcode=9 "$build/cases/family" 2>&1)
    report case_valgrind_finds_no_error $? "$printed"
else
    echo "# case_valgrind_finds_no_error: needs valgrind"
fi
exit $failed
