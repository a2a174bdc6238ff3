#!/bin/bash
# The layers of src/: each includes only itself and what lies below; a heap includes no other heap.
cd "$(dirname "$0")/../src" || exit 1
rank() {
    case $1 in
    override) echo 9 ;; api) echo 8 ;; front) echo 7 ;; route) echo 6 ;; heaps) echo 5 ;;
    mid | superslab | segment) echo 4 ;; page) echo 3 ;; base) echo 2 ;; os) echo 1 ;; *) echo 0 ;;
    esac
}
bad=$(grep -Ho '#include "[^"]*"' */*.[ch] | sed 's/#include "//; s/"$//; s/:/ /' | while read -r file included; do
    from=${file%%/*} to=${included%%/*}
    [ "$(rank "$from")" -gt "$(rank "$to")" ] && [ "$(rank "$to")" -gt 0 ] && continue
    [ "$included" = hakmem.h ] && [ "$from" = api ] && continue
    [ "$from" = "$to" ] && [ "$from" != heaps ] && continue
    # A heap of several files: pool_v1.c and pool_v1_flat.h are one box.
    name=$(basename "$file" | sed 's/\.[ch]$//; s/_flat$//')
    other=$(basename "$included" | sed 's/\.h$//; s/_flat$//')
    [ "$from" = "$to" ] && [ "$name" = "$other" ] && continue
    echo "# $file includes $included"
done)
if [ -z "$bad" ]; then echo "ok layers_hold"; else
    echo "not ok layers_hold"
    echo "$bad"
    exit 1
fi
