#!/bin/bash
# Every function of the allocator and of the benchmark that can appear in a profile (symbols and inlined
# functions, according to the debug information) belongs to a category of hakmem-lab.json.
native=$(cd "$(dirname "$0")/.." && pwd)
if ! command -v python3 >/dev/null || ! command -v readelf >/dev/null; then
    echo "# categories: needs python3 and readelf"
    exit 0
fi
python3 - "$native" <<'PY'
import json, os, re, subprocess, sys

native = sys.argv[1]
program = os.path.join(native, "build/bench_mid_large_mt_hakmem")
categories = json.load(open(os.path.join(native, "hakmem-lab.json")))["categories"]

# Functions with a body or an inlined body: DW_TAG_subprogram entries with DW_AT_inline, DW_AT_low_pc or
# DW_AT_ranges, with the name and source file of their compilation unit's file table.
dump = subprocess.run(["readelf", "--wide", "--debug-dump=info", "--debug-dump=rawline", program],
                      capture_output=True, text=True, errors="replace").stdout
functions = set()
tag, attributes = None, {}
def finish():
    if tag == "DW_TAG_subprogram" and "name" in attributes and attributes.keys() & {"inline", "low_pc", "ranges"}:
        functions.add(attributes["name"])
for line in dump.splitlines():
    entry = re.match(r"\s*<\w+><\w+>: Abbrev Number: \d+ \((\w+)\)", line)
    if entry:
        finish()
        tag, attributes = entry.group(1), {}
        continue
    attribute = re.match(r"\s*<\w+>\s+DW_AT_(\w+)\s*: (.*)", line)
    if attribute and tag == "DW_TAG_subprogram":
        value = attribute.group(2)
        if attribute.group(1) == "name":
            value = value.split()[-1] # "(indirect string, offset: 0x12): name" or "(string) name"
        attributes[attribute.group(1)] = value
finish()

# Where each is defined, found by searching the sources: the names are unique enough.
sources = {}
for folder in ("src", "bench"):
    for directory, _, names in os.walk(os.path.join(native, folder)):
        for name in names:
            if name.endswith((".c", ".h")):
                path = os.path.join(directory, name)
                sources[path] = open(path).read()

def files_of(function):
    definition = re.compile(r"^[\w*\s(),]*\b" + re.escape(function) + r"\([^;{}]*\)\s*\{", re.M)
    return [path for path, text in sources.items() if definition.search(text)]

def category_of(function, file):
    fields = {"symbol": function, "module": program, "file": file}
    for category in categories:
        for rule in category["rules"]:
            if all(re.search(pattern, fields[field]) for field, pattern in rule.items()):
                return category["name"]
    return None

bad = []
table = {}
for function in sorted(functions):
    for file in files_of(function) or [""]:
        category = category_of(function, file)
        if category is None:
            bad.append(f"{function} ({file or 'no source found'})")
        else:
            table.setdefault(category, []).append(function)

wanted = """hak_super_lookup mid_desc_lookup hak_pool_get_class_index classify_ptr hak_pool_free_v1_impl
hak_pool_try_alloc_v1_impl free worker_run ss_map_lookup super_reg_effective_mask mid_desc_hash mid_set_header
mid_page_inuse_dec_and_maybe_dn mid_desc_init_once malloc hak_free_at hak_pool_mid_lookup_v1_impl
super_reg_effective_size hak_pool_free_fast_v1_impl hak_pool_init hak_pool_is_poolable should_sample hak_pool_free
hak_super_hash hak_pool_try_alloc mid_desc_lookup_cached hak_pool_v1_flatten_enabled hak_pool_v2_route ss_map_hash
hak_in_wrapper""".split()
missing = [name for name in wanted if name not in functions]

print("ok" if not bad else "not ok", "every_function_has_a_category")
for name in bad: print("#", name)
print("ok" if not missing else "not ok", "every_function_of_the_reference_analysis_exists")
for name in missing: print("#", name)
if os.environ.get("VERBOSE"):
    for category, names in table.items(): print("#", category + ":", " ".join(names))
sys.exit(bool(bad or missing))
PY
