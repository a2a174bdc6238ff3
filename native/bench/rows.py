#!/usr/bin/env python3
"""rows.py [--repeats N] [--allocators NAME=LIBRARY,...] [--match TEXT] [--instructions] [--cpu] [--json]: the default preset beside
other allocators, as a Markdown table.

Each row is one workload of bench_mid_large_mt, or of suite, or one recorded program (traces.sh). All allocators run the
same binary, which is linked with none of them, by LD_PRELOAD, in turn and in a new order each time, so that all see the
same machine. A cell is the median of the row's unit and, in brackets, the ratio to the best competitor with its 95%
bootstrap interval. "inlined" is HAKMEM with the fast paths of malloc and free in the loop, "limit" the loop with inlined
lists that never give anything back (bench/limit.h). --instructions counts them per iteration with callgrind, which other
programs on the machine do not disturb; the start cancels out. --cpu divides by the processor time of the process, its
start included, instead of the time of the loop, with at least 5 million iterations: where other programs take the
processor away, that is steadier. Not for workloads whose threads wait for each other in a loop.

Build first: make."""
import argparse
import ctypes.util
import glob
import json
import os
import random
import re
import resource
import statistics
import subprocess

BUILD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "build")
PROGRAM = os.path.join(BUILD, "bench_mid_large_mt_system")
# The same loop, with the fast paths or the limit compiled in.
COMPILED_IN = {name: os.path.join(BUILD, f"bench_mid_large_mt_{name}") for name in ("inlined", "limit")}
SUITE = os.path.join(BUILD, "suite")
REPLAY = os.path.join(BUILD, "replay")

# Threads, iterations, working set, sizes.
ROWS = [
    ("257–768 B", 1, 1000000, 400, 257, 768),
    ("257–768 B, 8M iterations", 1, 8000000, 400, 257, 768),
    ("257–768 B, 2 threads", 2, 2000000, 400, 257, 768),
    ("16–1024 B", 1, 4000000, 400, 16, 1024),
    ("16–1024 B, 100,000 blocks", 1, 4000000, 100000, 16, 1024),
    ("1–32 KiB", 1, 4000000, 400, 1024, 32768),
    ("8–128 B, 4,000 blocks, 2 threads", 2, 4000000, 4000, 8, 128),
]
WORKLOADS = ["mixed", "large-set", "large", "pipe", "handover", "burst", "realloc", "threads", "asymmetric", "sharing"]


def default_allocators():
    found = {"hakmem": os.path.join(BUILD, "libhakmem.so"), "system": ""}
    for name, library in (("mimalloc", "mimalloc"), ("tcmalloc", "tcmalloc_minimal"), ("jemalloc", "jemalloc")):
        if path := ctypes.util.find_library(library):
            found[name] = path
    return found


def run(library, command, sizes=None, before=()):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HAKMEM_BENCH_")}
    if sizes:
        environment.update(HAKMEM_BENCH_MIN_SIZE=str(sizes[0]), HAKMEM_BENCH_MAX_SIZE=str(sizes[1]))
    if library:
        environment["LD_PRELOAD"] = library
    return subprocess.run([*before, *map(str, command)], env=environment, capture_output=True, text=True, check=True)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(library, command, sizes, cpu):
    before = cpu_seconds()
    result = json.loads(run(library, command, sizes).stdout.splitlines()[-1])
    seconds = cpu_seconds() - before
    rate = result["ops_per_sec"]
    if cpu:
        rate *= result["seconds"] / seconds
    return rate, result["peak_rss_bytes"]


def instructions(library, program, row):
    _, threads, _, working_set, low, high = row
    tool = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
    first, second = max(100000, working_set * 10), max(100000, working_set * 10) * 3
    counts = [
        int(re.search(r"Collected : (\d+)", run(library, (program, threads, n, working_set, 1), (low, high), tool).stderr)[1])
        for n in (first, second)
    ]
    return (counts[1] - counts[0]) / (second - first) / threads


def interval(mine, other, chance):
    """Of the ratio of the medians of two interleaved series."""
    pairs = list(zip(mine, other))
    drawn = []
    for _ in range(2000):
        sample = chance.choices(pairs, k=len(pairs))
        drawn.append(statistics.median(a for a, _ in sample) / statistics.median(b for _, b in sample))
    drawn.sort()
    return statistics.median(mine) / statistics.median(other), drawn[50], drawn[1949]


def spoken(rate):
    """Three significant digits, as the lab prints them: 98.4M, 812k."""
    rate = float(f"{rate:.3g}")
    unit, letter = (1e6, "M") if rate >= 1e6 else (1e3, "k")
    return f"{rate / unit:#.3g}".rstrip(".") + letter


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--repeats", type=int, default=11)
    arguments.add_argument("--allocators", default="", help="NAME=LIBRARY,... instead of the installed ones; the first is compared")
    arguments.add_argument("--match", default="", help="only rows that contain this text")
    arguments.add_argument("--suite", action="store_true", help="the workloads of suite and the traces of build/traces instead")
    arguments.add_argument("--instructions", action="store_true")
    arguments.add_argument("--cpu", action="store_true", help="by processor time")
    arguments.add_argument("--json", action="store_true", help="one JSON object per row")
    options = arguments.parse_args()
    allocators = default_allocators()
    if options.allocators:
        allocators = dict(pair.split("=", 1) for pair in options.allocators.split(","))
    names = list(allocators)
    chance = random.Random(1)
    traces = sorted(glob.glob(os.path.join(BUILD, "traces", "*.trace")))
    suite = [(w, (SUITE, w)) for w in WORKLOADS] + [(f"replay {os.path.basename(t)[:-6]}", (REPLAY, t)) for t in traces]
    rows = [(title, command, None, None) for title, command in suite] if options.suite else [
        (row[0], (PROGRAM, *row[1:4], 1), row[4:6], row) for row in ROWS
    ]
    if options.cpu:
        rows = [(t, c if options.suite else (*c[:2], max(c[2], 5000000), *c[3:]), s, r) for t, c, s, r in rows]
    columns = names if options.suite else [*names, *COMPILED_IN]
    if not options.json:
        print("| row | " + " | ".join(columns) + " | : best (95% CI) | MiB: " + ", ".join(names) + " |")
        print("| --- |" + " --- |" * (len(columns) + 2), flush=True)
    for title, command, sizes, row in rows:
        if options.match not in title:
            continue
        if options.instructions:
            counts = {n: instructions(allocators[n], PROGRAM, row) for n in names}
            counts.update((n, instructions("", program, row)) for n, program in COMPILED_IN.items())
            print(f"| {title} | " + " | ".join(f"{counts[n]:.1f}" for n in columns) + " | | |", flush=True)
            continue
        rates, peaks = {n: [] for n in columns}, {n: 0 for n in columns}
        for _ in range(options.repeats):
            for name in chance.sample(columns, len(columns)):
                program = (COMPILED_IN[name], *command[1:]) if name in COMPILED_IN else command
                rate, peak = measure(allocators.get(name, ""), program, sizes, options.cpu)
                rates[name].append(rate)
                peaks[name] = max(peaks[name], peak)
        best = max(names[1:], key=lambda n: statistics.median(rates[n]))
        ratio, low, high = interval(rates[names[0]], rates[best], chance)
        medians = {n: statistics.median(rates[n]) for n in columns}
        if options.json:
            print(json.dumps({"row": title, "ops_per_sec": medians, "best": best, "ratio": [ratio, low, high], "peak_rss_bytes": peaks}), flush=True)
            continue
        cells = " | ".join(spoken(medians[n]) + (" **best**" if n == best else "") for n in columns)
        memory = ", ".join(f"{peaks[n] / 2**20:.1f}" for n in names)
        print(f"| {title} | {cells} | {ratio:.2f} ({low:.2f}–{high:.2f}) | {memory} |", flush=True)


main()
