#!/bin/bash
# traces.sh: records traces of real programs into build/traces, for build/replay and rows.py --suite. They aren't kept in
# the repository, because the programs of this machine make them in seconds. A missing program is left out.
native=$(cd "$(dirname "$0")/.." && pwd)
out=$native/build/traces
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# record NAME PROGRAM...: of all processes, the one with the most events.
record() {
    local name=$1 longest
    shift
    command -v "$1" >/dev/null || {
        echo "# $name: $1 is missing"
        return
    }
    HAKMEM_RECORD=$work/$name LD_PRELOAD=$native/build/librecord.so "$@" >/dev/null || exit 1
    # shellcheck disable=SC2012 # our own names
    longest=$(ls -S "$work/$name".* | head -n 1)
    mv "$longest" "$out/$name.trace"
    echo "$name: $(($(stat -c %s "$out/$name.trace") / 8)) events"
}

rows='WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)'
record sqlite3 sqlite3 "$work/data" "CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT, c INTEGER); $rows
    INSERT INTO t SELECT i, hex(i * 2654435761) || i, i % 97 FROM n; CREATE INDEX c ON t(c);
    SELECT c, count(*), group_concat(b) FROM t GROUP BY c ORDER BY 2; UPDATE t SET b = b || c WHERE c < 40;
    SELECT DISTINCT substr(b, 1, 4) FROM t ORDER BY 1;"
record git git -C "$native" log --numstat -n 60 --format=%an -- .
PYTHONMALLOC=malloc record python3 /usr/bin/python3 -c '
import concurrent.futures, json, zlib
text = json.dumps([{"i": i, "s": str(i) * (i % 60), "l": list(range(i % 40))} for i in range(1500)])
def work(n): return len(zlib.compress(json.dumps(json.loads(text)[: n * 100]).encode(), 1))
with concurrent.futures.ThreadPoolExecutor(4) as pool: print(list(pool.map(work, range(1, 6))))'
record gcc gcc -O2 -I"$native/src" -c "$native/src/heaps/bins.c" -o "$work/bins.o"
