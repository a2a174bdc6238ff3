#!/bin/bash
# The generated tables of README.md are current, and the check finds a table that is not.
native=$(cd "$(dirname "$0")/.." && pwd)
failed=0
report() { # NAME PROBLEM
    if [ -z "$2" ]; then echo "ok $1"; else
        echo "not ok $1"
        echo "$2" | sed 's/^/# /'
        failed=1
    fi
}
drift() { diff "$1" <("$native/tools/readme.sh" "$1" || echo "# tools/readme.sh failed"); }

for table in options boxes; do
    grep -qx "<!-- hakmem_info $table -->" "$native/README.md" || report "readme_has_the_table_of_$table" "no such line"
done
difference=$(drift "$native/README.md") || difference+=$'\n'"run make readme"
report readme_tables_are_current "$difference"

stale=$(mktemp)
trap 'rm -f "$stale"' EXIT
sed 's/^| `HAKMEM_STATS` | 0, 1 |/| `HAKMEM_STATS` | 0, 2 |/' "$native/README.md" >"$stale"
if drift "$stale" >/dev/null; then report readme_check_finds_a_stale_table "it does not"; else
    report readme_check_finds_a_stale_table ""
fi
exit $failed
