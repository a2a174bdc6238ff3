// Compares shares with what other tools say of the same recordings, over programs of several languages and kinds of debug
// information, all compiled from the sources below: functions (self and total) with perf report, lines and the innermost
// inlined functions with llvm-symbolizer and with addr2line, which are asked here, not through the product. Prints a table
// of the largest differences in points.
// usage: node bench/agreement.mjs [SUBJECT...]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-agreement-'));
const c = `#include <stdlib.h>
static inline unsigned long mix(unsigned long x) { for (int i = 0; i < 8; i++) x = x * 31 + (x >> 7); return x; }
static inline unsigned long twice(unsigned long x) { return mix(mix(x)); }
__attribute__((noinline)) unsigned long leaf(unsigned long x) { for (int i = 0; i < 20; i++) x ^= x / ((i & 3) + 3); return x; }
__attribute__((noinline)) unsigned long branch(unsigned long x) { return twice(x) + leaf(x); }
int main(int c, char **v) { unsigned long s = 1; for (long i = 0; i < atol(v[1]); i++) s += branch(s + i); return s == 1; }
`;
const cpp = `#include <algorithm>
#include <cstdlib>
#include <vector>
namespace shapes { struct Circle { unsigned long r; unsigned long area() const { unsigned long x = r; for (int i = 0; i < 9; i++) x = x * 33 + (x >> 5); return x; } }; }
template <class F> __attribute__((noinline)) unsigned long apply(F f, unsigned long x) { return f(f(x)); }
int main(int, char **v) {
  unsigned long s = 1; std::vector<unsigned long> w(64);
  for (long i = 0; i < atol(v[1]); i++) {
    s += apply([](unsigned long x) { return shapes::Circle{x}.area(); }, s);
    w[i & 63] = s;
    if ((i & 63) == 0) std::sort(w.begin(), w.end(), [](unsigned long a, unsigned long b) { return a % 101 < b % 101; });
  }
  return s == 1;
}
`;
const rust = `#[inline(always)] fn mix(mut x: u64) -> u64 { for _ in 0..8 { x = x.wrapping_mul(31).wrapping_add(x >> 7); } x }
#[inline(never)] fn leaf(mut x: u64) -> u64 { for i in 0..20 { x ^= x / ((i & 3) + 3); } x }
#[inline(never)] fn branch(x: u64) -> u64 { mix(mix(x)).wrapping_add(leaf(x)) }
fn main() { let n: u64 = std::env::args().nth(1).unwrap().parse().unwrap(); let mut s = 1u64;
  for i in 0..n { s = s.wrapping_add(branch(s.wrapping_add(i))); } println!("{}", s); }
`;
const go = `package main
import ("os"; "strconv")
func mix(x uint64) uint64 { return x*31 + (x >> 7) }
//go:noinline
func leaf(x uint64) uint64 { for i := uint64(0); i < 20; i++ { x ^= x / ((i & 3) + 3) }; return x }
//go:noinline
func branch(x uint64) uint64 { for i := 0; i < 9; i++ { x = mix(mix(x)) }; return x + leaf(x) }
func main() { n, _ := strconv.Atoi(os.Args[1]); s := uint64(1); for i := 0; i < n; i++ { s += branch(s + uint64(i)) }; println(s) }
`;
const fortran = `program p
  integer(8) :: i, s, n
  character(len=20) :: a
  call get_command_argument(1, a)
  read(a, *) n
  s = 1
  do i = 1, n
    s = ieor(s, leaf(s + i))
  end do
  print *, s
contains
  integer(8) function leaf(x)
    integer(8), value :: x
    integer :: k
    do k = 1, 20
      x = ieor(x, x / (mod(k, 4) + 3))
    end do
    leaf = x
  end function
end program
`;
const ocaml = `let rec mix x n = if n = 0 then x else mix (x * 31 + (x lsr 7)) (n - 1)
let[@inline never] leaf x = let r = ref x in for i = 1 to 20 do r := !r lxor (!r / ((i land 3) + 3)) done; !r
let () = let s = ref 1 in for i = 1 to int_of_string Sys.argv.(1) do s := !s + leaf (mix (!s + i) 8) done; print_int !s
`;
const javascript = `function mix(x) { for (let i = 0; i < 8; i++) x = (x * 31 + (x >>> 7)) >>> 0; return x; }
function leaf(x) { for (let i = 0; i < 20; i++) x ^= (x / ((i & 3) + 3)) | 0; return x; }
function branch(x) { return mix(mix(x)) + leaf(x); }
let s = 1; for (let i = 0; i < Number(process.argv[2]); i++) s = (s + branch(s + i)) | 0; console.log(s);
`;
const opened = `#include <dlfcn.h>
#include <stdlib.h>
int main(int c, char **v) {
  void *library = dlopen("./library.so", RTLD_NOW);
  if (!library) return 1;
  unsigned long (*branch)(unsigned long) = (unsigned long (*)(unsigned long))dlsym(library, "branch");
  unsigned long s = 1; for (long i = 0; i < atol(v[1]); i++) s += branch(s + i);
  dlclose(library); return s == 1; }
`;

// Addresses of a program at a fixed place are those of its file, so that the witnesses need no mappings.
const fixed = ['-no-pie', '-fno-pie', '-fno-omit-frame-pointer', '-g'];
const compile = (compiler, source, ...flags) => {
  const file = source === cpp ? 'program.cpp' : 'program.c';
  return { files: { [file]: source }, steps: [[compiler, '-O2', ...fixed, ...flags, '-o', 'program', file]] };
};
/** Code that Node.js makes at run time has no file that the witnesses of lines could be asked about. */
const inNode = (option, perfInject) => ({
  files: { 'program.js': javascript, program: `#!/bin/sh\nexec node ${option} program.js $1\n` },
  steps: [['chmod', '+x', 'program']],
  lines: false,
  perfInject,
});
const then = (subject, ...steps) => ({ ...subject, steps: [...subject.steps, ...steps] });

const subjects = {
  'C, gcc': compile('gcc', c),
  'C, clang': compile('clang', c),
  'C, DWARF 4': compile('gcc', c, '-gdwarf-4'),
  'C, compressed': compile('gcc', c, '-gz'),
  'C, LTO': compile('gcc', c, '-flto'),
  'C, split DWARF': compile('gcc', c, '-gsplit-dwarf'),
  'C, PGO': {
    ...compile('gcc', c, '-fprofile-use=.', '-Wno-missing-profile'),
    steps: [
      ['gcc', '-O2', ...fixed, '-fprofile-generate', '-fprofile-dir=.', '-o', 'program', 'program.c'],
      ['./program', '1000'],
      ['gcc', '-O2', ...fixed, '-fprofile-use', '-Wno-missing-profile', '-o', 'program', 'program.c'],
    ],
  },
  'C, musl, static': compile('musl-gcc', c, '-static'),
  'C, dwz': then(compile('gcc', c), ['cp', 'program', 'other'], ['dwz', '-m', 'common', 'program', 'other']),
  'C, separate file': then(
    compile('gcc', c),
    ['objcopy', '--only-keep-debug', 'program', 'program.debug'],
    ['objcopy', '--strip-all', '--add-gnu-debuglink=program.debug', 'program'],
  ),
  'C, 32-bit': compile('gcc', c, '-m32'),
  'C, dlopen': {
    files: { 'program.c': opened, 'library.c': c },
    steps: [
      ['gcc', '-O2', ...fixed, '-o', 'program', 'program.c'],
      ['gcc', '-O2', '-g', '-fno-omit-frame-pointer', '-fPIC', '-shared', '-o', 'library.so', 'library.c'],
    ],
  },
  'C++, gcc': compile('g++', cpp),
  'C++, clang': compile('clang++', cpp),
  'C++, LTO': compile('g++', cpp, '-flto'),
  Rust: {
    files: { 'program.rs': rust },
    steps: [
      ['rustc', '-O', '-g', '-C', 'relocation-model=static', '-C', 'force-frame-pointers=yes', 'program.rs'],
    ],
  },
  Go: { files: { 'program.go': go }, steps: [['go', 'build', '-o', 'program', 'program.go']] },
  Fortran: {
    files: { 'program.f90': fortran },
    steps: [['gfortran', '-O2', ...fixed, '-o', 'program', 'program.f90']],
  },
  OCaml: {
    files: { 'program.ml': ocaml },
    steps: [['ocamlfind', 'ocamlopt', '-g', '-ccopt', '-no-pie', '-o', 'program', 'program.ml']],
    else: [['ocamlopt', '-g', '-ccopt', '-no-pie', '-o', 'program', 'program.ml']],
  },
  'JavaScript, map': inNode('--perf-basic-prof'),
  'JavaScript, jitdump': inNode('--perf-prof', true),
  'fork and exec': then(compile('gcc', c), [
    'sh',
    '-c',
    'mv program inner; printf "#!/bin/sh\\n./inner \\$1 & ./inner \\$1; wait\\n" > program; chmod +x program',
  ]),
};

try {
  await main(process.argv.slice(2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(chosen) {
  const core = await bundle();
  console.log(
    '| subject | samples | self | total | lines: llvm-symbolizer | lines: addr2line | inlined: llvm-symbolizer | inlined: addr2line |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const [name, subject] of Object.entries(subjects)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const cells = await compare(core, subject).catch((error) => [`not compared: ${firstLine(error)}`]);
    console.log(`| ${[name, ...cells].join(' | ')} |`);
  }
}

async function compare(core, { files, steps, else: other, lines = true, perfInject = false }) {
  const cwd = mkdtempSync(path.join(folder, 'subject-'));
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(cwd, file), text);
  const run = (list) => list.forEach(([command, ...args]) => tool(cwd, command, args));
  try {
    run(steps);
  } catch (error) {
    if (!other) throw error;
    run(other);
  }
  // As many rounds as take a second or two.
  tool(cwd, 'perf', [
    'record',
    '-q',
    '-F',
    '1999',
    '-g',
    '-e',
    'cpu-clock:u',
    '-k',
    'mono',
    '-o',
    'data',
    './program',
    '6000000',
  ]);
  const data = path.join(cwd, 'data');
  // perf reads a jitdump only by writing the recording again; here it is read as it is.
  const witness = perfInject ? 'injected' : 'data';
  if (perfInject) tool(cwd, 'perf', ['inject', '--jit', '-i', 'data', '-o', witness]);
  const plain = await core.open(data, false);
  const inline = await core.open(data, true);
  const samples = leafSamples(cwd);
  const code = path.join(cwd, 'program');
  const binary = tool(cwd, 'file', ['-b', code]).includes('script') ? path.join(cwd, 'inner') : code;
  const own = samples.filter(({ module }) => module === binary);
  const cells = [String(inline.samples)];
  for (const column of ['overhead', 'overhead_children'])
    cells.push(largest(plain[column === 'overhead' ? 'self' : 'total'], perfRows(cwd, witness, column)));
  if (!lines) return [...cells, '–', '–', '–', '–'];
  const witnesses = [
    frames(
      cwd,
      'llvm-symbolizer',
      ['--inlines', '--no-demangle', '--output-style=GNU', '-f', '-a', '-e', binary],
      own,
    ),
    frames(cwd, 'addr2line', ['-a', '-f', '-i', '-e', binary], own),
  ];
  const share = (keyOf) => (answers) => {
    const rows = new Map();
    for (const { address, count } of own) add(rows, keyOf(answers.get(address)), (count / samples.all) * 100);
    return rows;
  };
  const mine = (rows) =>
    new Map(
      [...rows]
        .filter(([key]) => key.startsWith(`${binary} `))
        .map(([k, v]) => [k.slice(binary.length + 1), v]),
    );
  const lineOf = (answer) => answer?.line ?? '??:0';
  const nameOf = (answer) => answer?.name ?? '??';
  for (const answers of witnesses) cells.push(largest(mine(inline.lines), share(lineOf)(answers)));
  for (const answers of witnesses)
    cells.push(largest(mine(inline.bare), await core.bareRows(share(nameOf)(answers))));
  return cells;
}

/** Addresses that samples were taken at, with their numbers. */
function leafSamples(cwd) {
  const counts = new Map();
  let all = 0;
  const text = tool(cwd, 'perf', ['script', '-i', 'data', '-G', '-F', 'ip,dso']);
  for (const [, address, module] of text.matchAll(/^\s*([0-9a-f]+) \((.*)\)$/gm)) {
    all++;
    const key = `${address} ${module}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const list = [...counts].map(([key, count]) => {
    const space = key.indexOf(' ');
    return { address: key.slice(0, space), module: key.slice(space + 1), count };
  });
  return Object.assign(list, { all });
}

/** The innermost function and line of each address: after its echo, the first pair. */
function frames(cwd, command, args, own) {
  const text = execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    input: own.map(({ address }) => `0x${address}\n`).join(''),
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C', DEBUGINFOD_URLS: '' },
  });
  const found = new Map();
  for (const [, address, name, place] of text.matchAll(/^0x0*([0-9a-f]+)\n(.*)\n(.*)$/gm)) {
    const line = /([^/]*):(\d+)/.exec(place);
    found.set(address, { name, line: line && line[2] !== '0' ? `${line[1]}:${line[2]}` : '??:0' });
  }
  return found;
}

/**
 * The same function as one key, however it and its module are named. perf gives the stubs of the PLT, which have no symbols, to the symbol
 * before them, mostly `_init`; c++filt keeps the hashes of Rust's crates, and knows nothing of OCaml. V8 names its built-in
 * functions in the jitdump, too, and perf prefers those names.
 */
function sameName(key) {
  return key
    .replace(/^(anon|\[JIT\] tid \d+|jitted-\S+\.so|jit-\S+\.dump) /, 'JIT ')
    .replace(/^JIT Builtin:/, 'node Builtins_')
    .replace(/^JIT BytecodeHandler:(.*)$/, 'node Builtins_$1Handler')
    .replace(/(^| )(_init|\.?plt|\S+@plt|\?\?)$/, '$1(PLT)')
    .replace(/\[[0-9a-f]{16}\]|::h[0-9a-f]{16}$/g, '')
    .replace(/ caml([A-Z]\w*?)__/, ' $1.')
    .replace(/( [A-Z]\w*\.\w+?)_\d+$/, '$1');
}

function perfRows(cwd, recording, column) {
  const children = column === 'overhead' ? '--no-children' : '--children';
  const text = tool(cwd, 'perf', [
    ...['report', '-i', recording, '--stdio', '--no-inline', '--no-demangle', children, '-g', 'none'],
    ...['-F', `${column},dso,sym`, '--percent-limit', '0', '-t', ';'],
  ]);
  const rows = new Map();
  const total = column === 'overhead_children';
  const demangled = execFileSync('c++filt', [], { encoding: 'utf8', input: text, maxBuffer: 2 ** 28 });
  for (const [, percent, module, name] of demangled.matchAll(/^ *([\d.]+)% *;([^;]*);\[.\] (.*\S)/gm)) {
    const unnamed = /^(0x)?[0-9a-f]{16}$/.test(name);
    // Each address is a row of its own, so that the total of all can be more than everything.
    if (unnamed && total) continue;
    add(rows, `${module.trim()} ${unnamed ? '' : name}`, Number(percent));
  }
  return rows;
}

/** The largest difference in points, and the row that has it. */
function largest(a, b) {
  let worst = { difference: 0, key: '' };
  const [x, y] = [a, b].map((rows) => {
    const merged = new Map();
    for (const [key, share] of rows) add(merged, sameName(key), share);
    return merged;
  });
  for (const key of new Set([...x.keys(), ...y.keys()])) {
    const difference = Math.abs((x.get(key) ?? 0) - (y.get(key) ?? 0));
    if (difference > worst.difference) worst = { difference, key };
  }
  const text = worst.difference.toFixed(3);
  return worst.difference > 0.02 ? `${text} (${worst.key.replaceAll('|', '\\|').slice(0, 60)})` : text;
}

function add(rows, key, value) {
  rows.set(key, (rows.get(key) ?? 0) + value);
}

function tool(cwd, command, args) {
  return execFileSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 29,
    stdio: ['ignore', 'pipe', 'pipe'],
    // perf keeps what it recorded in the home folder.
    env: { ...process.env, LC_ALL: 'C', DEBUGINFOD_URLS: '', PERF_BUILDID_DIR: path.join(folder, 'kept') },
  });
}

function firstLine(error) {
  const text = String(error.stderr || error.message);
  return text.trim().split('\n')[0].slice(0, 80);
}

async function bundle() {
  const entry = path.join(root, 'bench/.agreement.ts');
  const outfile = path.join(folder, 'core.mjs');
  const contents = `
    import { openRecording } from '../src/core/perfData/openRecording.js';
    import { demangleAll } from '../src/core/symbols/demangle.js';
    import { functionCosts, lineCosts } from '../src/views/costs.js';
    import { ofEvent } from '../src/views/sampleFilter.js';
    import path from 'node:path';
    const context = { progress: () => undefined, signal: undefined };
    // What symbolizers call a function without what encloses it and without its parameters.
    const bare = (name) => { let text = name.replace(/\\(anonymous namespace\\)| \\[clone [^\\]]*\\]/g, ''); for (let last = ''; last !== text;) { last = text; text = text.replace(/<[^<>]*>|\\([^()]*\\)( const)?|\\{[^{}]*\\}/g, ''); } return text.replace(/\\.(constprop|part|isra|cold|lto_priv)[.\\d]*/g, '').replace(/^.* /, '').split(/::|\\./).at(-1); };
    export async function bareRows(rows) {
      const read = await demangleAll([...rows.keys()], {});
      const merged = new Map();
      for (const [name, share] of rows) { const key = bare(read(name).replace(/^.*operator\\(\\).*$/, 'operator()')); merged.set(key, (merged.get(key) ?? 0) + share); }
      return merged;
    }
    export async function open(file, inline) {
      const profile = ofEvent(await openRecording(file, { inline }, context));
      const { functions, strings } = profile;
      const costs = functionCosts(profile);
      const [self, total, named] = [new Map(), new Map(), new Map()];
      const add = (rows, key, value) => rows.set(key, (rows.get(key) ?? 0) + (value / costs.all) * 100);
      for (let f = 0; f < functions.length; f++) {
        const module = strings[functions.module[f]] ?? '[unknown]';
        const name = strings[functions.name[f]];
        const key = path.basename(module) + ' ' + (name.startsWith('[') ? '' : name);
        add(self, key, costs.self[f]);
        if (!name.startsWith('[')) add(total, key, costs.total[f]);
        add(named, module + ' ' + name, costs.self[f]);
      }
      // Lines have no module: those of the program's own source are compared.
      const lines = new Map();
      const inModule = new Map();
      const bares = new Map();
      for (const [key, share] of named) {
        const space = key.indexOf(' ');
        const [module, name] = [key.slice(0, space), key.slice(space + 1)];
        if (share === 0) continue;
        for (const [n, s] of await bareRows(new Map([[name, share]]))) bares.set(module + ' ' + n, (bares.get(module + ' ' + n) ?? 0) + s);
        inModule.set(module, (inModule.get(module) ?? 0) + share);
      }
      const { stacks, frames } = profile;
      for (let i = 0; i < profile.samples.length; i++) {
        const stack = profile.samples.stack[i];
        if (stack < 0) continue;
        const frame = stacks.frame[stack];
        const module = strings[functions.module[frames.func[frame]]] ?? '';
        const file = frames.file[frame];
        const line = frames.line[frame];
        const place = file < 0 || line === 0 ? '??:0' : path.basename(strings[file]) + ':' + line;
        const key = module + ' ' + place;
        lines.set(key, (lines.get(key) ?? 0) + (profile.samples.weight[i] / costs.all) * 100);
      }
      return { self, total, lines, bare: bares, samples: profile.samples.length };
    }
  `;
  await build({
    stdin: { contents, resolveDir: path.dirname(entry), loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile,
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return import(outfile);
}
