#!/bin/bash
# traces.sh: records traces of real programs into build/traces, for build/replay and rows.py --suite. They aren't kept in
# the repository, because the programs of this machine make them in seconds. A missing program is left out.
native=$(cd "$(dirname "$0")/.." && pwd)
out=$native/build/traces
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# is_there PROGRAM NAME: false if the program of this trace is missing, and says so.
is_there() {
    command -v "$1" >/dev/null || {
        echo "# $2: $1 is missing"
        return 1
    }
}

# record NAME PROGRAM...: of all processes, the one with the most events.
record() {
    local name=$1
    shift
    is_there "$1" "$name" || return
    HAKMEM_RECORD=$work/$name LD_PRELOAD=$native/build/librecord.so "$@" >/dev/null || exit 1
    keep "$name"
}

keep() {
    local name=$1 longest
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
record node node -e '
const { Worker } = require("node:worker_threads");
const rows = Array.from({ length: 4000 }, (_, i) => ({ id: i, name: "n".repeat(i % 50), list: [...Array(i % 20).keys()] }));
for (let round = 0; round < 20; round++) {
    const text = JSON.stringify(rows);
    require("node:zlib").deflateSync(Buffer.from(text)).toString("base64");
    JSON.parse(text).map((row) => row.name + row.id).sort().join("").replace(/n+/g, "-");
}
for (let i = 0; i < 2; i++) new Worker("JSON.stringify([...Array(20000).keys()].map(String))", { eval: true });'

# The server alone is recorded, not the client.
record_redis() {
    local socket=$work/redis.socket server
    for program in redis-server redis-benchmark redis-cli; do
        is_there "$program" redis || return
    done
    HAKMEM_RECORD=$work/redis LD_PRELOAD=$native/build/librecord.so redis-server --port 0 --unixsocket "$socket" \
        --dir "$work" --save "" --appendonly no >/dev/null &
    server=$!
    for ((i = 0; i < 100; i++)); do
        redis-cli -s "$socket" ping >/dev/null 2>&1 && break
        sleep 0.1
    done
    redis-benchmark -s "$socket" -q -n 10000 -r 5000 -d 100 -t set,get,incr,lpush,lpop,sadd,hset,zadd,lrange_100 \
        >/dev/null
    redis-cli -s "$socket" shutdown nosave
    wait "$server"
    keep redis
}
record_redis
