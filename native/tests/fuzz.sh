#!/bin/sh
# fuzz.sh BIN_DIRECTORY [OPERATIONS [SEED]]: fuzzes the malloc family under every preset and under the guard. Prints
# "ok NAME" or "not ok NAME" for each, with what was done. An input that ends a process is kept in the current folder.
bin=$1
operations=${2:-1000000}
seed=${3:-1}
tests=$(dirname "$0")
presets=$("$tests/presets.sh")
[ -n "$presets" ] || {
    echo "not ok fuzz: hakmem_info names no presets"
    exit 1
}
failed=0
for setting in $presets GUARD; do
    if [ "$setting" = GUARD ]; then variable=HAKMEM_GUARD=1; else variable=HAKMEM_PROFILE=$setting; fi
    if done=$(env "$variable" "$bin/fuzz_operations" --operations "$operations" --seed "$seed"); then
        echo "ok fuzz@$setting: $done"
    else
        echo "not ok fuzz@$setting"
        failed=1
        [ ! -f fuzz-operations.input ] || mv fuzz-operations.input "fuzz-operations.$setting.input"
    fi
done
exit $failed
