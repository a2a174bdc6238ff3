#!/bin/bash
# programs.sh [--short]: runs real programs on the allocator with LD_PRELOAD, under every preset and with the guard.
# What they print and write must be the same as without it. The full form takes minutes and installs missing packages
# if it can; the short form takes seconds. In both, a missing program is a failure.
# programs.sh --packages [--short]: prints the required Debian packages, one per line.
# TIMES=1 prints how long each program took; ONLY='gcc git' runs only these.
here=$(cd "$(dirname "$0")" && pwd)
native=$(cd "$here/.." && pwd)
root=$(cd "$native/.." && pwd)
library=$native/build/libhakmem.so
unset "${!HAKMEM_@}"

form=full packages=
for argument in "$@"; do
    case $argument in
    --short) form=short ;;
    --packages) packages=1 ;;
    *)
        echo "usage: programs.sh [--packages] [--short]" >&2
        exit 2
        ;;
    esac
done

# What each form needs: a program or file, and the package that provides it. Python is the system's python3, because
# the package with its test modules has the same version.
python=/usr/bin/python3
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
needs=(
    gcc:gcc perl:perl git:git sqlite3:sqlite3 sort:coreutils node:nodejs
    "$python:python3" redis-server:redis-server redis-benchmark:redis-tools redis-cli:redis-tools
)
[ $form = full ] && needs+=("/usr/lib/python${version:-3.11}/test/test_dict.py:libpython${version:-3.11}-testsuite")

if [ "$packages" ]; then
    printf '%s\n' "${needs[@]#*:}" | sort -u
    exit 0
fi

is_there() { case $1 in /*) [ -e "$1" ] ;; *) command -v "$1" >/dev/null ;; esac }
missing() { for need in "${needs[@]}"; do is_there "${need%%:*}" || echo "${need#*:}"; done | sort -u; }
if [ $form = full ] && [ -n "$(missing)" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "# installing $(missing | tr '\n' ' ')"
    # shellcheck disable=SC2046 # one word per package
    apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(missing) >&2
fi
for need in "${needs[@]}"; do
    is_there "${need%%:*}" && continue
    echo "not ok programs: ${need%%:*} is missing; install the package ${need#*:}"
    gone=1
done
if [ $form = full ] && [ ! -d "$root/node_modules" ]; then
    echo "not ok programs: $root/node_modules is missing; run npm ci"
    gone=1
fi
[ -z "$gone" ] || exit 1

work=$(mktemp -d) || exit 1
redis_pid=
trap '[ -z "$redis_pid" ] || kill "$redis_pid" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

scale() { if [ $form = full ]; then echo "$1"; else echo "$2"; fi; }

python_program='
import concurrent.futures, hashlib, json, re, zlib
data = [{"i": i, "s": str(i) * (i % 60), "l": list(range(i % 40))} for i in range(3000)]
text = json.dumps(data)
assert json.loads(text) == data
def digest(n): return hashlib.sha256(zlib.compress(text[: n * 5000].encode(), 1)).hexdigest()
with concurrent.futures.ThreadPoolExecutor(4) as pool: print(list(pool.map(digest, range(1, 20))))
print(len(re.findall(r"\d+", text)))'
no_memory_program='
kept = []
try:
    while True: kept.append(bytearray(10000000))
except MemoryError: pass
try: bytearray(1 << 40)
except MemoryError: print("MemoryError")
del kept
print(len([bytearray(n) for n in range(10000)]))'
cat >"$work/worker.js" <<'JS'
const { Worker, isMainThread, parentPort } = require("worker_threads");
const work = (k) => { const m = new Map(); for (let i = 0; i < 40000; i++) m.set("k" + (i * k) % 7001, Buffer.alloc(i % 900, i));
  let n = 0; for (const b of m.values()) n += b.length; return n; };
if (isMainThread) { console.log(work(3)); const w = new Worker(__filename); w.on("message", (n) => console.log(n)); }
else parentPort.postMessage(work(5));
JS
perl_program='my $n = shift; my %h; $h{$_ % 5000} .= "x" x ($_ % 77) for 1..$n; my $sum = 0; $sum += length for values %h;
print "$sum\n"; my @s = sort { $a <=> $b } map { ($_ * 7919) % 100003 } 1..$n; print "$s[0] $s[-1] $s[777]\n";
my $text = join ",", @s[0..999]; $text =~ s/(\d+)/<$1>/g; print length($text), "\n";'
rows=$(scale 1000000 20000)
cat >"$work/load.sql" <<SQL
CREATE TABLE t(id INTEGER PRIMARY KEY, name TEXT, amount REAL, tag INTEGER);
.mode csv
.import $work/rows.csv t
CREATE INDEX by_tag ON t(tag, amount);
CREATE INDEX by_amount ON t(amount);
SELECT count(*), sum(amount), min(name), max(name) FROM t;
SELECT tag, count(*), sum(amount) FROM t GROUP BY tag ORDER BY tag LIMIT 20;
SELECT a.id, b.id FROM t a JOIN t b ON a.amount = b.amount AND a.id < b.id AND a.tag = 7 ORDER BY 1, 2 LIMIT 50;
UPDATE t SET name = name || '-' || tag WHERE tag % 3 = 0;
DELETE FROM t WHERE tag % 5 = 0;
SELECT count(*), sum(length(name)) FROM t;
PRAGMA integrity_check;
SQL
awk -v n="$rows" 'BEGIN { for (i = 1; i <= n; i++) { x = (x * 1103515245 + 12345) % 2147483648; print i ",name" x "," x % 10007 / 4 "," x % 997 } }' >"$work/rows.csv"
awk -v n="$(scale 10000000 200000)" 'BEGIN { for (i = 1; i <= n; i++) { x = (x * 1103515245 + 12345) % 2147483648; print x } }' >"$work/lines"

# A repository with a history: the project's own, if there is one.
if [ $form = full ] && git -C "$root" rev-parse HEAD >/dev/null 2>&1; then
    git clone -q --no-hardlinks --bare "$root" "$work/repository"
else
    git init -q "$work/tree" && cp -r "$native/src" "$work/tree" && git -C "$work/tree" add -A &&
        git -C "$work/tree" -c user.name=test -c user.email=test@localhost commit -qm first &&
        mv "$work/tree/.git" "$work/repository"
fi >/dev/null

# The programs, as run_NAME DIRECTORY. Their output is compared.
run_gcc() { # object files
    local file
    for file in $(cd "$native" && ls src/*/*.c | if [ $form = full ]; then cat; else grep superslab/super; fi); do
        (cd "$native" && gcc -std=gnu11 -O2 -Isrc -Iinclude -c "$file" -o "$1/object.o" && sha256sum <"$1/object.o") || echo "failed: $file"
    done
}
run_node() {
    node "$work/worker.js" || return
    [ $form = full ] || return 0
    (cd "$root" && NO_COLOR=1 npx --no-install vitest run --project unit test/unit/core 2>&1) | grep -E '^ *(Tests|Test Files) '
}
run_python() {
    "$python" -c "$python_program" || return
    # With a limited address space, running out of memory raises an ordinary exception.
    (ulimit -v 500000 && "$python" -c "$no_memory_program") || return
    [ $form = full ] || return 0
    # Every object comes from malloc. The duration of the tests is not compared.
    (cd "$1" && PYTHONMALLOC=malloc "$python" -m unittest -q test.test_{dict,list,set,json,re,zlib,bytes,weakref,csv,string} 2>&1) |
        grep -E '^(Ran|OK|FAILED|ERROR|FAIL)' | sed 's/ in [0-9.]*s$//'
}
run_perl() { perl -e "$perl_program" "$(scale 2000000 100000)"; }
run_sort() {
    sort -n -S 200M --parallel=2 "$work/lines" | sha256sum
    head -1000000 "$work/lines" | sort -u | wc -l
}
run_sqlite3() { sqlite3 :memory: <"$work/load.sql"; }
run_git() {
    cp -r "$work/repository" "$1/repository" && cd "$1/repository" &&
        git fsck --full --no-progress && git log --stat --format=%H | sha256sum &&
        git -c pack.threads=2 repack -adfq && git fsck --full --no-progress && git count-objects -v | grep -E 'count|in-pack' &&
        git rev-list --all --objects | sort | sha256sum && git grep -c static HEAD | sha256sum
}
redis() { redis-cli -s "$1/socket" "${@:2}"; }
run_redis() {
    redis-server --port 0 --unixsocket "$1/socket" --save '' --dir "$1" --enable-debug-command yes --logfile "$1/log" &
    redis_pid=$!
    local tries
    for tries in $(seq 100); do [ -S "$1/socket" ] && break || sleep 0.05; done
    # Compares which tests ran, not their rates.
    redis-benchmark -s "$1/socket" -n "$(scale 100000 2000)" -c 20 -r 10000 -d 300 -P 16 --csv -t set,get,incr,lpush,rpop,sadd,hset,zadd,mset |
        cut -d, -f1
    redis "$1" flushall
    awk -v n="$(scale 300000 5000)" 'BEGIN { for (i = 0; i < n; i++) { x = (x * 1103515245 + 12345) % 2147483648; k = x % 5000
        print "APPEND s" k, x; print "HSET h" k % 50, "f" k, x x x; print "ZADD z" k % 20, x, "m" k; print "LPUSH l" k % 30, x
        if (i % 7 == 0) print "DEL s" k + 1; if (i % 11 == 0) print "LTRIM l" k % 30, 0, 99 } }' |
        redis "$1" --pipe | tail -1
    redis "$1" debug digest
    redis "$1" dbsize
    redis "$1" shutdown nosave
    wait "$redis_pid"
    echo "status $?"
    redis_pid=
}

names=${ONLY:-gcc node python perl sort sqlite3 git redis}
run_all() { # DIRECTORY; the environment is the caller's
    local name
    for name in $names; do
        mkdir -p "$work/scratch"
        start=$(date +%s%N)
        case $name in
        redis) run_redis "$work/scratch" ;; # in this shell, whose trap stops the server
        *) (run_$name "$work/scratch") ;;
        esac >"$1.$name" 2>&1 </dev/null
        rm -rf "$work/scratch"
        [ -z "$TIMES" ] || echo "# $(basename "$1") $name $((($(date +%s%N) - start) / 1000000)) ms" >&2
    done
}

[ -f "$library" ] || { echo "not ok programs: $library is missing; run make" && exit 1; }
run_all "$work/without"
for name in $names; do
    [ -s "$work/without.$name" ] && ! grep -qiE 'not found|no such file' "$work/without.$name" && continue
    echo "not ok program_$name fails here even without the allocator"
    head -5 "$work/without.$name" | sed 's/^/# /'
    failed=1
done
[ -z "$failed" ] || exit 1

failed=0
presets=$("$here/presets.sh")
for preset in $presets GUARD; do
    if [ "$preset" = GUARD ]; then export HAKMEM_GUARD=1; else export HAKMEM_PROFILE=$preset; fi
    export LD_PRELOAD=$library
    run_all "$work/$preset"
    unset LD_PRELOAD HAKMEM_GUARD HAKMEM_PROFILE
    for name in $names; do
        if cmp -s "$work/without.$name" "$work/$preset.$name"; then
            echo "ok program_$name@$preset"
        else
            echo "not ok program_$name@$preset"
            diff "$work/without.$name" "$work/$preset.$name" | head -5 | sed 's/^/# /' | cat -v
            failed=1
        fi
    done
done

# These programs really allocate from the library.
for program in "$python -c pass" "redis-server --version" "git --version" "node -e 0"; do
    name=allocator_is_in_effect_in_$(basename "${program%% *}")
    # shellcheck disable=SC2086 # a command
    if HAKMEM_STATS=1 LD_PRELOAD=$library $program 2>&1 | grep -q '"class":"C3".*"allocs":[1-9]'; then
        echo "ok $name"
    else
        echo "not ok $name"
        failed=1
    fi
done
exit $failed
