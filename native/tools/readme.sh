#!/bin/bash
# readme.sh [README]: prints README.md with the tables that hakmem_info generates, each between the lines
# "<!-- hakmem_info TABLE -->" and "<!-- end -->".
native=$(cd "$(dirname "$0")/.." && pwd)
awk -v info="$native/build/hakmem_info" '
/^<!-- hakmem_info [a-z]+ -->$/ {
    print
    print ""
    command = info " " $3
    while ((status = (command | getline line)) > 0) print line
    if (status < 0 || close(command) != 0) exit failed = 1
    print ""
    skipping = 1
    next
}
/^<!-- end -->$/ { skipping = 0 }
!skipping { print }
END { if (skipping || failed) exit 1 }' "${1:-$native/README.md}"
