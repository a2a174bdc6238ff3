#!/bin/bash
# layers.sh [SOURCES [BUILD]]: checks the layers of src/. A file includes, and its object file uses symbols of, only
# its own folder and the folders below; in heaps/ only its own box. Headers do not include each other in a circle.
# Without arguments checks src/ and its objects, and then that violations in copies of src/ are found.
native=$(cd "$(dirname "$0")/.." && pwd)

# Reads lines of "FOLDER/FILE FOLDER/FILE", one for each include or use of a symbol; prints the forbidden ones.
forbidden() {
    awk '
    BEGIN {
        n = split("os base page superslab=mid=segment heaps route front api override", levels, " ")
        for (level = 1; level <= n; level++) {
            count = split(levels[level], folders, "=")
            for (i = 1; i <= count; i++) rank[folders[i]] = level
        }
    }
    {
        split($1, from, "/"); split($2, to, "/")
        if ($1 == "api/hakmem.c" || $1 == "api/hakmem_inline.h") if ($2 == "hakmem.h") next # the public header
        if (rank[to[1]] && rank[from[1]] > rank[to[1]]) next
        own = from[1] == to[1]
        if (own && from[1] == "heaps") own = unsuffixed(from[2]) == unsuffixed(to[2])
        if (!own) print "# " $1 " must not depend on " $2
    }
    function unsuffixed(name) { sub(/\.[a-z]+$/, "", name); return name }'
}

includes() { # SOURCES
    (cd "$1" && grep -Ho '^#include "[^"]*"' ./*/*.[ch]) | sed 's|^\./||; s/:#include "/ /; s/"$//'
}

# Symbols that one object file uses and another one defines, in the same format as includes.
symbols() { # SOURCES BUILD
    local file object
    (cd "$1" && ls -d */*.c) | while read -r file; do
        object=$2/lib/src/${file%.c}.o
        [ -e "$object" ] || object=$2/test/src/${file%.c}.o # the API is not in the library
        nm "$object" | sed "s|^|$file |"
    done | awk '
    { type = $(NF - 1) }
    type ~ /^[A-TV-Z]$/ { defined[$NF] = $1 }
    type == "U" { uses[++n] = $1; used[n] = $NF }
    END { for (i = 1; i <= n; i++) if (used[i] in defined && defined[used[i]] != uses[i]) print uses[i], defined[used[i]] }'
}

problems() { # SOURCES [BUILD]
    includes "$1" | forbidden
    # tsort prints the members of a circle on standard error.
    includes "$1" | grep '\.h .*\.h$' | tsort 2>&1 >/dev/null | sed 's/^tsort: //; s/^/# circle: /'
    [ -z "$2" ] || symbols "$1" "$2" | forbidden
}

report() { # NAME PROBLEMS
    if [ -z "$2" ]; then echo "ok $1"; else
        echo "not ok $1"
        echo "$2"
        failed=1
    fi
}

# Adds an include to a copy of the sources; the check must report it.
finds() { # NAME FILE INCLUDED EXPECTED
    local copy
    copy=$(mktemp -d)
    cp -r "$native/src/." "$copy"
    echo "#include \"$3\"" >>"$copy/$2"
    case $(problems "$copy") in
    *"$4"*) report "$1" "" ;;
    *) report "$1" "# $2 with $3 was not found" ;;
    esac
    rm -rf "$copy"
}

# Adds a file to the page layer that uses the table of boxes without including its header.
finds_a_symbol() { # NAME
    local copy
    copy=$(mktemp -d)
    mkdir -p "$copy/build/lib" "$copy/build/test"
    cp -r "$native/src" "$copy/src"
    cp -r "$native/build/lib/src" "$copy/build/lib"
    cp -r "$native/build/test/src" "$copy/build/test"
    echo 'extern const int hak_boxes[]; int peek(void); int peek(void) { return hak_boxes[1]; }' >"$copy/src/page/peek.c"
    cc -c "$copy/src/page/peek.c" -o "$copy/build/lib/src/page/peek.o"
    case $(problems "$copy/src" "$copy/build") in
    "# page/peek.c must not depend on route/boxes.c") report "$1" "" ;;
    *) report "$1" "# page/peek.c was not found" ;;
    esac
    rm -rf "$copy"
}

failed=0
if [ $# -gt 0 ]; then
    report layers "$(problems "$@")"
    exit $failed
fi
report layers "$(problems "$native/src" "$native/build")"
finds layers_find_an_include_upwards page/page.c route/boxes.h "page/page.c must not depend on route/boxes.h"
finds layers_find_a_heap_in_a_heap heaps/pool_v1.c heaps/pool_v2.h "heaps/pool_v1.c must not depend on heaps/pool_v2.h"
finds layers_find_a_layer_beside mid/mid_page.c segment/segment_v4.h "mid/mid_page.c must not depend on segment/segment_v4.h"
finds_a_symbol layers_find_a_symbol_from_above
finds layers_find_a_circle page/box.h page/page.h "circle: page/box.h"
exit $failed
