#!/bin/bash
# Real programs on the allocator by LD_PRELOAD, under every preset: what they print, and what gcc writes, must
# be the same as without it. Programs that are not installed are skipped.
here=$(cd "$(dirname "$0")" && pwd)
native=$here/..
library=$(cd "$native/build" && pwd)/libhakmem.so
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

python_program='
import concurrent.futures, hashlib, json, re, zlib
data = [{"i": i, "s": str(i) * (i % 60), "l": list(range(i % 40))} for i in range(8000)]
text = json.dumps(data)
assert json.loads(text) == data
def digest(n): return hashlib.sha256(zlib.compress(text[: n * 5000].encode())).hexdigest()
with concurrent.futures.ThreadPoolExecutor(4) as pool: print(list(pool.map(digest, range(1, 20))))
print(len(re.findall(r"\d+", text)))'
node_program='
const { Worker, isMainThread, parentPort } = require("worker_threads");
const work = (k) => { const m = new Map(); for (let i = 0; i < 40000; i++) m.set("k" + (i * k) % 7001, Buffer.alloc(i % 900, i));
  let n = 0; for (const b of m.values()) n += b.length; return n; };
if (isMainThread) { console.log(work(3)); const w = new Worker(__filename); w.on("message", (n) => console.log(n)); }
else parentPort.postMessage(work(5));'
perl_program='my %h; $h{$_ % 5000} .= "x" x ($_ % 77) for 1..200000; my $n = 0; $n += length for values %h;
print "$n\n"; my @s = sort { $a <=> $b } map { ($_ * 7919) % 100003 } 1..50000; print "$s[0] $s[-1] $s[777]\n";'
printf '%s' "$node_program" >"$work/worker.js"

git init -q "$work/repository" 2>/dev/null && (
    cd "$work/repository" && cp -r "$native/src" . && git add -A &&
        git -c user.name=test -c user.email=test@localhost commit -qm first
)

# Where a script manager stands in for the interpreter, the interpreter itself.
python=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null)
sizes=$(seq 1 60000)

run_all() { # directory; the environment is the caller's
    mkdir -p "$1"
    [ -z "$python" ] || "$python" -c "$python_program" >"$1/python" 2>&1
    command -v node >/dev/null && node "$work/worker.js" >"$1/node" 2>&1
    command -v perl >/dev/null && perl -e "$perl_program" >"$1/perl" 2>&1
    command -v git >/dev/null && (
        cd "$work/repository" && git fsck --full --no-progress && git log --stat --format=%s && git repack -adfq &&
            git grep -c static
    ) >"$1/git" 2>&1
    command -v gcc >/dev/null && gcc -O2 -I"$native/src" -c "$native/src/superslab/superslab.c" -o "$1/gcc" >"$1/gcc.log" 2>&1
    echo "$sizes" | sort -R --random-source=/bin/sh | sort -n | tail -3 >"$1/sort" 2>&1
}

run_all "$work/without"
# Of presets with the same settings the first.
presets=$("$native/build/hakmem_info" | sed -n '/"presets"/,/\]/s/^ *{"name": "\([^"]*\)".*"environment": \(.*\)/\1 \2/p' | sed 's/,$//' |
    awk '{name = $1; $1 = ""} !seen[$0]++ {print name}')
failed=0
for preset in $presets; do
    (
        export LD_PRELOAD=$library HAKMEM_PROFILE=$preset
        run_all "$work/$preset"
    )
    for output in "$work/without"/*; do
        name=$(basename "$output")
        if cmp -s "$output" "$work/$preset/$name"; then
            echo "ok preload_$name@$preset"
        else
            echo "not ok preload_$name@$preset"
            head -5 "$work/$preset/$name" | sed 's/^/# /' | cat -v
            failed=1
        fi
    done
done

# The library really is what these programs allocate from.
if HAKMEM_STATS=1 LD_PRELOAD=$library "$python" -c 'pass' 2>&1 | grep -q '"class":"C3".*"allocs":[1-9]'; then
    echo "ok preload_is_in_effect"
else
    echo "not ok preload_is_in_effect"
    failed=1
fi
exit $failed
