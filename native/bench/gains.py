#!/usr/bin/env python3
"""gains.py [--pairs N] [--iterations N] [--match TEXT]: what each option gains, as the Markdown table of README.md.

Each row runs the benchmark in pairs, without and with a setting, and compares operations per second of processor time,
which other programs disturb less than elapsed time. A pair's runs follow each other at once, so that both see the same
machine: the result is the median of the pairs' ratios, with its 95% bootstrap interval. Valgrind, if installed, counts
the instructions per operation.

Build first: make && make variants."""
import argparse
import os
import random
import re
import resource
import shutil
import statistics
import subprocess

BUILD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "build")
MID, C6, C7, MIXED = ("257", "768"), ("257", "512"), ("769", "1024"), ("16", "1024")
POOL = "1024", "32768"

# What is measured, the settings of both sides, what the right side adds, and the sizes.
ROWS = [
    ("HAKMEM_MID_DESC_CACHE_ENABLED=1", "LEGACY, =0", "PROFILE=LEGACY MID_DESC_CACHE_ENABLED=0", "MID_DESC_CACHE_ENABLED=1", MID),
    ("HAKMEM_MID_DESC_CACHE_CONTEXT=1", "LEGACY_FLATTEN", "PROFILE=LEGACY_FLATTEN", "MID_DESC_CACHE_CONTEXT=1", MID),
    ("HAKMEM_MID_DESC_CACHE_CONTEXT=1", "P2_POOL_PATH", "PROFILE=P2_POOL_PATH", "MID_DESC_CACHE_CONTEXT=1", MID),
    ("HAKMEM_POOL_V1_HEADER_CLASS=1", "LEGACY", "PROFILE=LEGACY", "POOL_V1_HEADER_CLASS=1", MID),
    ("HAKMEM_POOL_V1_HEADER_CLASS=1", "LEGACY_FLATTEN", "PROFILE=LEGACY_FLATTEN", "POOL_V1_HEADER_CLASS=1", MID),
    ("HAKMEM_SUPERSLAB_BYPASS=1", "LEGACY", "PROFILE=LEGACY", "SUPERSLAB_BYPASS=1", MID),
    ("HAKMEM_TINY_HEAP_PROFILE=V4", "LEGACY", "PROFILE=LEGACY", "TINY_HEAP_PROFILE=V4", MID),
    ("HAKMEM_TINY_HEAP_PROFILE=V4", "LEGACY, 16–1024 B", "PROFILE=LEGACY", "TINY_HEAP_PROFILE=V4", MIXED),
    ("HAKMEM_C6_HEAVY_ENABLED=1", "LEGACY", "PROFILE=LEGACY", "C6_HEAVY_ENABLED=1", MID),
    ("HAKMEM_C6_HEAVY_ENABLED=1", "LEGACY, 257–512 B", "PROFILE=LEGACY", "C6_HEAVY_ENABLED=1", C6),
    ("HAKMEM_C6_HEAVY_CACHE_BLOCKS=64", "P2_POOL_PATH, =0", "PROFILE=P2_POOL_PATH C6_HEAVY_CACHE_BLOCKS=0", "C6_HEAVY_CACHE_BLOCKS=64", MID),
    ("HAKMEM_POOL_V1_FLATTEN_ENABLED=1", "LEGACY", "PROFILE=LEGACY", "POOL_V1_FLATTEN_ENABLED=1", MID),
    ("HAKMEM_POOL_V1_FLATTEN_ENABLED=1", "LEGACY, 257–512 B", "PROFILE=LEGACY", "POOL_V1_FLATTEN_ENABLED=1", C6),
    ("HAKMEM_POOL_V2_ENABLED=1", "LEGACY", "PROFILE=LEGACY", "POOL_V2_ENABLED=1", MID),
    ("HAKMEM_TINY_C6_HOT=1", "LEGACY", "PROFILE=LEGACY", "TINY_C6_HOT=1", MID),
    ("HAKMEM_TINY_C6_HOT=1", "LEGACY, 257–512 B", "PROFILE=LEGACY", "TINY_C6_HOT=1", C6),
    ("HAKMEM_TINY_HOTHEAP_V2=1", "C6_HEAVY_LEGACY_POOLV1", "PROFILE=C6_HEAVY_LEGACY_POOLV1", "TINY_HOTHEAP_V2=1", MID),
    ("HAKMEM_TINY_C7_ULTRA_ENABLED=1", "LEGACY, 769–1024 B", "PROFILE=LEGACY", "TINY_C7_ULTRA_ENABLED=1", C7),
    ("HAKMEM_POOL_V1_LAZY_HEADER=1", "LEGACY", "PROFILE=LEGACY", "POOL_V1_LAZY_HEADER=1", MID),
    ("HAKMEM_POOL_V1_BATCH_OCCUPANCY=1", "LEGACY", "PROFILE=LEGACY", "POOL_V1_BATCH_OCCUPANCY=1", MID),
    ("HAKMEM_FRONT_SIZE_PATH=1", "LEGACY", "PROFILE=LEGACY", "FRONT_SIZE_PATH=1", MID),
    ("HAKMEM_FRONT_SIZE_PATH=1", "BEST", "PROFILE=BEST", "FRONT_SIZE_PATH=1", MID),
    ("HAKMEM_ENCODED_LISTS=1", "BEST", "PROFILE=BEST", "ENCODED_LISTS=1", MID),
    ("HAKMEM_ENCODED_LISTS=1", "BEST, 16–1024 B", "PROFILE=BEST", "ENCODED_LISTS=1", MIXED),
    ("HAKMEM_ENCODED_LISTS=1", "BEST, 1–32 KiB", "PROFILE=BEST", "ENCODED_LISTS=1", POOL),
    ("HAKMEM_GUARD_PAGES=1", "BEST", "PROFILE=BEST", "GUARD_PAGES=1", MID),
    ("HAKMEM_RANDOM_PLACEMENT=1", "BEST", "PROFILE=BEST", "RANDOM_PLACEMENT=1", MID),
    ("HAKMEM_RANDOM_PLACEMENT=1", "BEST, 1–32 KiB", "PROFILE=BEST", "RANDOM_PLACEMENT=1", POOL),
    ("HAKMEM_PROFILE=HARDENED", "BEST", "PROFILE=BEST", "PROFILE=HARDENED", MID),
    ("routes fixed at compile time (`make fixed`)", "BEST", "PROFILE=BEST", "build:fixed", MID),
    ("forced inlining", "BEST, `make noinline`", "PROFILE=BEST build:noinline", "build:.", MID),
]


class Side:
    """One configuration of the benchmark."""

    def __init__(self, words, sizes):
        folder, self.environment = ".", {k: v for k, v in os.environ.items() if not k.startswith("HAKMEM_")}
        for word in words.split():
            name, value = word.split("=" if "=" in word else ":")
            if name == "build":
                folder = value
            else:
                self.environment["HAKMEM_" + name] = value
        self.environment.update(HAKMEM_BENCH_MIN_SIZE=sizes[0], HAKMEM_BENCH_MAX_SIZE=sizes[1])
        self.program = os.path.join(BUILD, folder, "bench_mid_large_mt_hakmem")

    def run(self, iterations, *before):
        command = [*before, self.program, "1", str(iterations), "400", "1"]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)

    def operations_per_second(self, iterations):
        def spent():
            usage = resource.getrusage(resource.RUSAGE_CHILDREN)
            return usage.ru_utime + usage.ru_stime

        start = spent()
        self.run(iterations)
        return iterations / (spent() - start)

    def instructions(self):
        """Per operation; the start cancels out."""
        count = [
            int(re.search(r"Collected : (\d+)", self.run(n, "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null").stderr)[1])
            for n in (100000, 400000)
        ]
        return (count[1] - count[0]) / 300000


def percent(ratio):
    return f"{(ratio - 1) * 100:+.1f}%".replace("-", "−")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--pairs", type=int, default=101)
    arguments.add_argument("--iterations", type=int, default=2000000)
    arguments.add_argument("--match", default="", help="only rows that contain this text")
    options = arguments.parse_args()
    valgrind = shutil.which("valgrind")
    chance = random.Random(1)
    print("| setting | compared with | throughput (95% CI) | instructions per operation |")
    print("| --- | --- | --- | --- |", flush=True)
    for name, against, both, added, sizes in ROWS:
        if options.match not in f"{name} {against}":
            continue
        sides = Side(both, sizes), Side(both + " " + added, sizes)
        ratios = []
        for i in range(options.pairs):
            rates = [0.0, 0.0]
            for side in (0, 1) if i % 2 else (1, 0):
                rates[side] = sides[side].operations_per_second(options.iterations)
            ratios.append(rates[1] / rates[0])
        drawn = sorted(statistics.median(chance.choices(ratios, k=len(ratios))) for _ in range(4000))
        interval = f"{percent(statistics.median(ratios))} ({percent(drawn[100])} to {percent(drawn[3899])})"
        counts = f"{sides[0].instructions():.0f} → {sides[1].instructions():.0f}" if valgrind else ""
        name = f"`{name}`" if name.startswith("HAKMEM") else name
        print(f"| {name} | {against} | {interval} | {counts} |", flush=True)


main()
