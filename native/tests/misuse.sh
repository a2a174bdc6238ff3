#!/bin/bash
# Runs each program of tests/misuse under every preset, without and with HAKMEM_GUARD=1. Where the box of the block's
# class promises detection, the program must end with SIGABRT after a message with the pointer, the class and the box.
# README.md lists the promises.
native=$(cd "$(dirname "$0")/.." && pwd)
build=$native/build
ulimit -c 0
unset "${!HAKMEM_@}"

# One size of each kind, and its class.
sizes=(24:C2 200:C5 400:C6 700:M768 1000:C7 3000:M3072 20000:M24576 100000:LARGE)

# promised PROGRAM BOX
promised() {
    # With lazy headers, nothing tells a free block from a live one. A header that is read before any lookup may lie
    # in unmapped memory.
    case $2:$1:$header in
    guard:*) return 0 ;;
    pool_v1:double_free*:*lazy* | pool_v1:realloc_freed:*lazy* | *:free_unmapped:*first*) return 1 ;;
    esac
    case $2:$1 in
    *:free_stack | *:free_unmapped) true ;;
    pool_v1:double_free* | pool_v1:free_* | pool_v1:underflow | pool_v1:overwritten_header | pool_v1:realloc_freed) true ;;
    large:double_free* | large:free_* | large:realloc_freed) true ;;
    tiny_heap_v1:double_free | tiny_heap_v1:free_interior | tiny_heap_v1:free_unaligned) true ;;
    hot_heap_v2:double_free | hot_heap_v2:free_interior | hot_heap_v2:free_unaligned) true ;;
    encoded:double_free* | encoded:realloc_freed | encoded:free_interior | encoded:free_unaligned) true ;;
    bins:double_free | bins:free_interior | bins:free_unaligned) true ;;
    span:double_free* | span:free_* | span:realloc_freed) true ;;
    small_v4:double_free | small_v4:free_interior | small_v4:free_unaligned) true ;;
    c6_heavy:double_free | c6_heavy:free_interior | c6_heavy:free_unaligned) true ;;
    c7_ultra:double_free | c7_ultra:free_interior | c7_ultra:free_unaligned) true ;;
    pool_v2:double_free | pool_v2:free_interior | pool_v2:free_unaligned) true ;;
    *) false ;;
    esac
}

# run PROGRAM SIZE CLASS BOX: prints a line if the program does not end as promised.
run() {
    local output status pointer
    # An overflow of a large block would leave its mapping before reaching another block.
    [ "$1:$4" != overwritten_header:guard ] || [ "$3" != LARGE ] || return 0
    output=$("$build/misuse/$1" "$2" 2>&1)
    status=$?
    pointer=${output%%$'\n'*}
    # The guard makes a freed large block inaccessible: the write itself ends the program.
    [ "$1:$3" = write_after_free:LARGE ] && [ $status -eq 139 ] && return 0
    if [ $status -ne 134 ]; then
        echo "# $1 $2: status $status"
    else
        case $1 in
        free_stack | free_unmapped) [[ $output == *"hakmem: invalid pointer: pointer $pointer, class none, box none"* ]] ;;
        *) [[ $output == *"hakmem: "*": pointer $pointer, class $3, box $4"* ]] ;;
        esac || echo "# $1 $2: ${output//$'\n'/ | }"
    fi
}

failed=0
presets=$("$native/tests/presets.sh")
for preset in $presets; do
    for guard in 0 1; do
        export HAKMEM_PROFILE=$preset HAKMEM_GUARD=$guard
        routes=$("$build/hakmem_info" | sed -n 's/.*"class": "\([^"]*\)".*"box": "\([^"]*\)".*/\1 \2/p')
        header=$("$build/hakmem_info" | sed -n 's/.*"HAKMEM_POOL_V1_LAZY_HEADER", "value": "1".*/lazy/p; s/.*"HAKMEM_POOL_V1_HEADER_CLASS", "value": "1".*/first/p')
        for file in "$native"/tests/misuse/*.c; do
            program=$(basename "$file" .c)
            wrong='' count=0
            for entry in "${sizes[@]}"; do
                class=${entry#*:}
                box=$(grep "^$class " <<<"$routes")
                promised "$program" "${box#* }" || continue
                wrong+=$(run "$program" "${entry%:*}" "$class" "${box#* }")
                count=$((count + 1))
            done
            [ $count -eq 0 ] && continue
            if [ -z "$wrong" ]; then echo "ok misuse_$program@$preset,GUARD=$guard"; else
                echo "not ok misuse_$program@$preset,GUARD=$guard"
                echo "$wrong"
                failed=1
            fi
        done
    done
done 2>/dev/null
exit $failed
