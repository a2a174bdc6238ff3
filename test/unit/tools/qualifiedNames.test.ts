import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addr2line } from '../../../src/core/symbols/addr2line.js';
import { demangleAll } from '../../../src/core/symbols/demangle.js';
import { FunctionNames } from '../../../src/core/symbols/dwarf/functionNames.js';
import { packageSplit, type SplitPackage } from '../../../src/core/symbols/dwarf/splitPackage.js';
import { lineFiles } from '../../../src/core/symbols/dwarf/lineFiles.js';
import type { Unit } from '../../../src/core/symbols/dwarf/entries.js';
import {
  readDwarfSection,
  readDwarfSections,
  type DwarfSections,
} from '../../../src/core/symbols/dwarf/sections.js';
import { Units } from '../../../src/core/symbols/dwarf/units.js';
import { ElfFile } from '../../../src/core/symbols/elfFile.js';
import { readElfSymbols } from '../../../src/core/symbols/elfSymbols.js';
import { endSymbolTools } from '../../../src/core/symbols/frameCache.js';
import { llvmSymbolizer } from '../../../src/core/symbols/llvmSymbolizer.js';
import { qualifyInlined } from '../../../src/core/symbols/qualifiedNames.js';
import type { SymbolFrame } from '../../../src/core/symbols/symbolTool.js';

/** Two of each kind that only one file can see, with the same short name. The line of each is its declaration's. */
const source = `#include <cstdlib>
typedef unsigned long word;
namespace {
struct A { word run(word x) const { for (int i = 0; i < 8; i++) x = x * 31 + (x >> 7); return x; } };
struct B { word run(word x) { for (int i = 0; i < 8; i++) x ^= x / ((i & 3) + 3); return x; } };
}
namespace ns { static word run(const char *s, word x) { for (int i = 0; i < 8; i++) x = x * 33 + s[i & 1]; return x; } }
static word shared(word x) { for (int i = 0; i < 9; i++) x = x * 5 + (x >> 3); return x; }
template <class F> static word twice(F f, word x) { return f(f(x)); }
__attribute__((noinline)) word other(word x) { word (*volatile f)(word) = shared; return f(x); }
int main(int c, char **v) {
  word n = strtoul(v[1], 0, 0), s = n;
  auto first = [](word x) { for (int i = 0; i < 8; i++) x = x * 35 + (x >> 9); return x; };
  auto outer = [&](word x, int k) {
    auto inner = [&](word y) { for (int i = 0; i < 7; i++) y = y * 37 + (y >> 5) + n; return y; };
    return inner(x) + k; };
  A a; B b;
  for (word i = 0; i < n; i++) {
    s += first(s) + outer(s, c) + a.run(s) + b.run(s) + ns::run(v[0], s) + shared(s);
    s += twice([](word q) { for (int i = 0; i < 6; i++) q = q * 39 + (q >> 6); return q; }, s);
  }
  return (int)(s + other(s));
}
`;
/** The same short names again, in another unit. */
const second = `typedef unsigned long word;
template <class F> static word twice(F f, word x) { return f(f(x)); }
word second(word n) { return twice([](word q) { for (int k = 0; k < 6; k++) q = q * 41 + (q >> 3); return q; }, n); }
`;
const lambda = '{lambda(unsigned long)#1}::operator()(unsigned long) const';
const expected = new Map([
  ['(anonymous namespace)::A::run(unsigned long) const', 4],
  ['(anonymous namespace)::B::run(unsigned long)', 5],
  ['ns::run(char const*, unsigned long)', 7],
  // Also called where it isn't inlined: one function.
  ['shared(unsigned long)', 8],
  [`main::${lambda}`, 13],
  [`main::{lambda(unsigned long, int)#2}::operator()(unsigned long, int) const::${lambda}`, 15],
  [`main::${lambda.replace('#1', '#3')}`, 20],
]);

const pieces = `static inline __attribute__((always_inline)) unsigned mix(unsigned h) {
  h ^= h >> 13; h *= 0x5bd1e995; return h; }
__attribute__((noinline)) unsigned hot(unsigned n) { unsigned h = n;
  for (unsigned i = 0; i < 20; i++) h = mix(h + i);
  return h; }
`;
const callingPieces = `unsigned hot(unsigned n);
int main(int c, char **v) { return (int)hot((unsigned)c); }
`;

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-qualified-')));
  writeFileSync(path.join(folder, 'names.cpp'), source);
});
afterAll(() => {
  endSymbolTools();
  rmSync(folder, { recursive: true, force: true });
});

function compile(name: string, ...flags: string[]): string {
  const args = ['-O2', '-g', '-std=c++17', '-o', name, 'names.cpp', ...flags];
  execFileSync('g++', args, { cwd: folder, stdio: 'ignore' });
  return path.join(folder, name);
}

/** Only the package has the debug information then. */
function pack(program: string): void {
  execFileSync('dwp', ['-e', program, '-o', `${program}.dwp`], { cwd: folder });
  for (const file of splitFiles()) rmSync(file);
}

/** Debian's dwp fails on gcc's files of DWARF 5. The program has a second unit, so that the package has, too. */
async function packHere(program: string): Promise<void> {
  const file = path.join(folder, program);
  const { data, missing } = (await packageSplit(
    file,
    addressesOf(file, 'main', '_Z6secondm'),
  )) as SplitPackage;
  expect(missing).toBe(0);
  writeFileSync(`${file}.dwp`, data as Buffer);
  for (const split of splitFiles()) rmSync(split);
}

function splitFiles(): string[] {
  return readdirSync(folder).flatMap((name) => (name.endsWith('.dwo') ? [path.join(folder, name)] : []));
}

/** dwz moves what two programs have in common to a third file. */
function share(program: string): void {
  const other = compile(`${program}-too`, '-DTOO');
  execFileSync('dwz', ['-m', path.join(folder, 'common.debug'), path.join(folder, program), other]);
}

async function symbolsOf(file: string) {
  const elf = await ElfFile.open(file);
  const table = await readElfSymbols(elf, elf);
  await elf.close();
  return table;
}

/** The addresses of all instructions of some functions. */
function addressesOf(file: string, ...symbols: string[]): number[] {
  return symbols.flatMap((symbol) => {
    const text = execFileSync('objdump', ['-d', `--disassemble=${symbol}`, file], { encoding: 'utf8' });
    return [...text.matchAll(/^ +([0-9a-f]+):\t/gm)].map((match) => parseInt(match[1] as string, 16));
  });
}

describe('inlined C++ functions without linkage names', () => {
  it.each<readonly [string, string[]]>([
    ['plain', []],
    ['dwarf4', ['-gdwarf-4']],
    ['compressed', ['-gz']],
    ['lto', ['-flto']],
    ['fixed', ['-no-pie', '-fno-pie']],
    ['split', ['-gsplit-dwarf']],
    ['split4', ['-gsplit-dwarf', '-gdwarf-4']],
    ['packaged', ['-gsplit-dwarf', '-gdwarf-4']],
    ['packaged5', ['-gsplit-dwarf', '-gdwarf-5']],
    ['shared', []],
  ])('have qualified names and lines, from either symbolizer: %s', async (program, flags) => {
    if (program === 'packaged5') writeFileSync(path.join(folder, 'second.cpp'), second);
    const file = compile(program, ...(program === 'packaged5' ? ['second.cpp'] : []), ...flags);
    if (program === 'packaged') pack(program);
    if (program === 'packaged5') await packHere(program);
    if (program === 'shared') share(program);
    const symbols = await symbolsOf(file);
    const addresses = addressesOf(file, 'main');
    // binutils reads neither gcc's .dwo files nor, of a program rather than a library, what dwz moved.
    const onlyLlvm = flags.includes('-gsplit-dwarf') || program === 'shared';
    for (const tool of onlyLlvm ? [llvmSymbolizer] : [llvmSymbolizer, addr2line]) {
      const lists = await qualifyInlined(file, addresses, await tool(file, addresses, {}), symbols);
      const inlined = lists.flatMap((list) => list.slice(0, -1));
      const read = await demangleAll(
        inlined.map((frame) => frame.name),
        {},
      );
      const found = new Map(inlined.map((frame) => [read(frame.name), frame]));
      for (const [name, line] of expected) {
        expect([...found.keys()]).toContain(name);
        const declared = found.get(name) as SymbolFrame;
        // Under LTO, addr2line calls the file of what it inlined `<artificial>`.
        if (tool === llvmSymbolizer) expect(declared.declarationFile).toBe(path.join(folder, 'names.cpp'));
        expect(declared.declarationLine).toBe(line);
      }
      expect([...found.keys()].filter((name) => /^(operator\(\)|run|shared)$/.test(name))).toEqual([]);
    }
  });

  it('have names where binutils calls what dwz moved like the outermost function, not like the one around it', async () => {
    const put = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
    put(
      'one.h',
      `#include <algorithm>
      #include <cstdio>
      #include <cstdlib>
      namespace { template <class F> unsigned long loop(unsigned long n, F f) { unsigned long s = 1; for (unsigned long i = 0; i < n; i++) s = f(s, i); return s; } }
      unsigned long one(unsigned long n) { return loop(n, [](unsigned long s, unsigned long i) { return s * 31 + (i ^ s); }); }`,
    );
    put(
      'two.h',
      'unsigned long two(unsigned long n) { return loop(n, [](unsigned long s, unsigned long i) { return (s << 7) ^ (s >> 3) + i * i; }); }',
    );
    put(
      'nested.cpp',
      `#include "one.h"
      #include "two.h"
      int main(int c, char **v) {
        auto g = [n = strtoul(v[1], 0, 10)](auto x) { unsigned long s = x; for (unsigned long i = 0; i < n; i++) { s ^= s * i + x; } return s; };
        printf("%lu\\n", one(strtoul(v[1], 0, 10)) + two(strtoul(v[1], 0, 10)) + g(3ul) + g(4u)); }`,
    );
    const files = ['nested', 'nested-too'].map((name) => {
      execFileSync('g++', ['-O2', '-g', '-fno-omit-frame-pointer', 'nested.cpp', '-o', name], {
        cwd: folder,
      });
      return path.join(folder, name);
    });
    execFileSync('dwz', ['-m', path.join(folder, 'nested.dwz'), ...files]);
    const [file] = files as [string];
    const addresses = addressesOf(file, 'main');
    const lists = await qualifyInlined(
      file,
      addresses,
      await llvmSymbolizer(file, addresses, {}),
      await symbolsOf(file),
    );
    const inlined = new Set(lists.flatMap((list) => list.slice(0, -1)).map(({ name }) => name));
    expect([...inlined].filter((name) => /^(main|\[inlined\])$/.test(name))).toEqual([]);
    expect([...inlined].some((name) => name.includes('loop<'))).toBe(true);
  });

  it('have names also where neither symbolizer finds them in the file that dwz wrote', async () => {
    writeFileSync(
      path.join(folder, 'mix.cpp'),
      `static inline __attribute__((always_inline)) unsigned long mix(unsigned long x) {
        x ^= x << 13; x ^= x >> 7;
        x ^= x << 17; return x; }
      __attribute__((noinline)) unsigned long hot(unsigned long n) { unsigned long x = n;
        for (unsigned long i = 0; i < n; i++) { x = mix(x); asm volatile("" :: "r"(x)); }
        return x; }
      int main(int c, char **) { return (int)hot(c); }`,
    );
    const args = ['-O2', '-g', '-include', 'vector', '-include', 'map', '-include', 'string', 'mix.cpp'];
    const files = ['one', 'two'].map((name, i) => {
      execFileSync('g++', [...args, `-DV${i}`, '-o', name], { cwd: folder });
      execFileSync('objcopy', ['--only-keep-debug', name, `${name}.dbg`], { cwd: folder });
      return path.join(folder, `${name}.dbg`);
    });
    const [file] = files as [string];
    const symbols = await symbolsOf(path.join(folder, 'one'));
    execFileSync('dwz', ['-m', path.join(folder, 'mix.dwz'), ...files]);
    const addresses = addressesOf(path.join(folder, 'one'), '_Z3hotm');
    const lists = await qualifyInlined(file, addresses, await llvmSymbolizer(file, addresses, {}), symbols);
    const inlined = lists.filter((list) => list.length > 1).map(([inner]) => inner);
    const read = await demangleAll(
      inlined.map((frame) => frame?.name ?? ''),
      {},
    );
    expect(new Set(inlined.map((frame) => frame?.line))).toEqual(new Set([2, 3]));
    expect(new Set(inlined.map((frame) => read(frame?.name ?? '')))).toEqual(new Set(['mix(unsigned long)']));
  });

  // LLVM 14 misses them where the unit's code is in one piece and the function's isn't.
  it.each(['4', '5'])(
    'are found by either symbolizer where gcc split them off, also of C: DWARF %s',
    async (version) => {
      writeFileSync(path.join(folder, 'pieces.c'), pieces);
      writeFileSync(path.join(folder, 'pieces-main.c'), callingPieces);
      const [plain, split] = ['', '-split'].map((suffix) => {
        const flags = [`-gdwarf-${version}`, ...(suffix === '' ? [] : ['-gsplit-dwarf'])];
        const name = `pieces-${version}${suffix}`;
        execFileSync('gcc', ['-O2', ...flags, '-o', name, 'pieces.c', 'pieces-main.c'], { cwd: folder });
        return path.join(folder, name);
      }) as [string, string];
      const addresses = addressesOf(plain, 'hot');
      const found = async (file: string) =>
        qualifyInlined(file, addresses, await llvmSymbolizer(file, addresses, {}), await symbolsOf(file));
      const expected = await found(plain);
      expect(expected.map((list) => list.map(({ name }) => name).join(' in '))).toContain('mix in hot');
      expect(await found(split)).toEqual(expected);
    },
  );

  it('damaged debug information is a range error, and ends', async () => {
    const elf = await ElfFile.open(compile('damaged'));
    const sections = (await readDwarfSections(elf)) as DwarfSections;
    const lines = (await readDwarfSection(elf, 'line')) as Buffer;
    await elf.close();
    const addresses = addressesOf(path.join(folder, 'damaged'), 'main');
    const none = { at: () => undefined };
    const keys = ['info', 'abbreviations', 'rangeLists', 'text', 'unitRanges', 'lines'] as const;
    const { unit: encoding } = new Units(sections).around(addresses)[0] as { unit: Unit };
    expect(lineFiles(lines, 0, encoding, folder)).toContain(path.join(folder, 'names.cpp'));
    fc.assert(
      fc.property(
        fc.constantFrom(...keys),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        (key, changes, cut) => {
          const bytes = Buffer.from(key === 'lines' ? lines : sections[key]);
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const kept = cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
          try {
            if (key === 'lines') lineFiles(kept, 0, encoding, folder);
            else new FunctionNames(new Units({ ...sections, [key]: kept }), none).find(addresses);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
