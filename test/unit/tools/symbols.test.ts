import fc from 'fast-check';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Location } from '../../../src/core/symbols/location.js';
import { demangleAll } from '../../../src/core/symbols/demangle.js';
import { ElfFile, NotReadable, type ElfSection } from '../../../src/core/symbols/elfFile.js';
import { readElfSymbols } from '../../../src/core/symbols/elfSymbols.js';
import { endSymbolTools } from '../../../src/core/symbols/frameCache.js';
import { kernelSymbols, parseKallsyms, vdsoSymbols } from '../../../src/core/symbols/kernel.js';
import { LineProcess } from '../../../src/core/symbols/lineProcess.js';
import { parsePerfMap, readPerfMap } from '../../../src/core/symbols/perfMap.js';
import { findSymbolTool, symbolize } from '../../../src/core/symbols/symbolizer.js';
import { Binding, SymbolTable, SymbolType, type RawSymbol } from '../../../src/core/symbols/symbolTable.js';
import { recordingContext } from '../support/fixtures.js';
import { withEnvironment } from '../support/tempLab.js';

const symbol = (name: string, start: number, size: number, more: Partial<RawSymbol> = {}): RawSymbol => ({
  name,
  start,
  end: start + size,
  type: SymbolType.FUNC,
  binding: Binding.GLOBAL,
  ...more,
});
function table(...symbols: RawSymbol[]): SymbolTable {
  const made = new SymbolTable();
  made.add(symbols);
  return made;
}

describe('a symbol table', () => {
  it.each([
    ['one with a size', symbol('b', 0, 0), symbol('a', 0, 8)],
    ['a function over a label', symbol('longer_label', 0, 8, { type: SymbolType.NOTYPE }), symbol('f', 0, 8)],
    ['a strong one', symbol('longer', 0, 8, { binding: Binding.WEAK }), symbol('s', 0, 8)],
    ['a global one', symbol('longer', 0, 8, { binding: Binding.LOCAL }), symbol('s', 0, 8)],
    ['one with fewer underscores', symbol('__libc_malloc', 0, 8), symbol('malloc', 0, 8)],
    ['the longer one', symbol('free', 0, 8), symbol('cfree', 0, 8)],
  ])('prefers, of one address, %s, in either order', (_, worse, better) => {
    // A function follows, so that one without a size would end there.
    const next = symbol('next', 64, 8);
    expect(table(worse, better, next).find(4)?.name).toBe(better.name);
    expect(table(better, worse, next).find(4)?.name).toBe(better.name);
  });

  it('ends a symbol without a size where the next one starts, the last one after the next page', () => {
    const made = table(symbol('a', 0, 0), symbol('b', 100, 10), symbol('c', 5000, 0));
    expect([99, 100, 109, 110, 5000, 12_287, 12_288].map((at) => made.find(at)?.name)).toEqual([
      'a',
      'b',
      'b',
      undefined,
      'c',
      'c',
      undefined,
    ]);
  });

  it('finds the innermost symbol, like a search through all of them', () => {
    const some = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 30 })), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 100 }), (ranges, address) => {
        const starts = new Set<number>();
        const symbols = ranges
          .filter(([start]) => !starts.has(start) && starts.add(start))
          .map(([start, size]) => symbol(`s${start}`, start, size));
        const having = symbols.filter((s) => s.start <= address && address < s.end);
        const expected = having.sort((a, b) => b.start - a.start)[0]?.name;
        expect(table(...symbols).find(address)?.name).toBe(expected);
      }),
    );
  });
});

describe('names from lists', () => {
  it('reads kallsyms with addresses of the upper half, and none where they are hidden', async () => {
    const text =
      'ffffffff81000000 T _text\nffffffff81000010 t do_one\nffffffff81000020 D data\nffffffffc0000000 t mod_init\t[mod]\n';
    const made = parseKallsyms(text);
    expect(made.find(Number(BigInt.asIntN(64, 0xffffffff81000018n)))?.name).toBe('do_one');
    const file = path.join(folder, 'kallsyms');
    writeFileSync(file, '0000000000000000 T _text\n0000000000000000 t do_one\n');
    const hidden = await kernelSymbols(undefined, { kallsyms: file });
    expect(hidden).toMatchObject({
      unnamed: {
        why: expect.stringMatching(/only zeros/) as string,
        remedy: expect.stringMatching(/kptr_restrict=0/) as string,
      },
    });
    const other = await kernelSymbols('ab'.repeat(20), { kallsyms: file });
    expect(other).toMatchObject({ unnamed: { why: expect.stringMatching(/different kernel/) as string } });
    // Without a build id, the release tells.
    const elsewhere = await kernelSymbols(undefined, { kallsyms: file, release: '3.4.0' });
    expect(elsewhere).toMatchObject({
      unnamed: { why: expect.stringMatching(/different kernel/) as string },
    });
    // The same kernel, started again: it lies elsewhere.
    writeFileSync(file, text);
    const reference = { symbol: '_text', address: Number(BigInt.asIntN(64, 0xffffffffa8000000n)) };
    const moved = await kernelSymbols(undefined, { kallsyms: file, release: os.release(), reference });
    expect(moved).toMatchObject({ shift: 0x8100_0000 - 0xa800_0000 });
    const unknown = { symbol: '_none', address: 1 };
    expect(await kernelSymbols(undefined, { kallsyms: file, reference: unknown })).toMatchObject({
      shift: 0,
    });
  });

  it('reads maps of run-time compilers: names with spaces, and the latest where code was moved', () => {
    const made = parsePerfMap(
      '1000 10 LazyCompile:*a file.js:1\n1000 20 LazyCompile:*b file.js:2\r\nnot a line\n',
    );
    expect(made.table.find(0x1018)?.name).toBe('LazyCompile:*b file.js:2');
    expect(made.table.find(0x1020)).toBeUndefined();
  });

  it('names reused addresses by the last function there, and tells which they are', () => {
    const { table, isReused } = parsePerfMap(
      '1000 100 JS:~first a.js:1\n1080 40 JS:*second a.js:9\n1040 20 JS:*third a.js:12\n10f0 40 JS:~first a.js:1\n',
    );
    const at = (address: number) => [table.find(address)?.name.split(' ')[0], isReused(address)];
    expect(at(0x1000)).toEqual(['JS:~first', false]);
    // Neither begins nor ends where the other does.
    expect(at(0x1040)).toEqual(['JS:*third', true]);
    expect(at(0x1060)).toEqual(['JS:~first', false]);
    expect(at(0x1090)).toEqual(['JS:*second', true]);
    expect(at(0x10c0)).toEqual(['JS:~first', false]);
    // The same function again.
    expect(at(0x10f8)).toEqual(['JS:~first', false]);
    expect(at(0x1120)).toEqual(['JS:~first', false]);
    expect(at(0x1130)).toEqual([undefined, false]);
  });

  it('says that a map names only the last of several functions at sampled addresses', async () => {
    const map = `/tmp/perf-${process.pid}.map`;
    writeFileSync(map, '1000 100 JS:~first a.js:1\n1040 40 JS:*second a.js:9\n');
    const generated = (address: number): Location => ({
      module: '//anon',
      offset: address,
      address,
      mode: 'user',
      pid: process.pid,
      buildId: undefined,
      symbol: undefined,
    });
    try {
      const ask = async (...addresses: number[]) =>
        symbolize(await findSymbolTool(), addresses.map(generated), { progress: () => undefined });
      const { frames, notes } = await ask(0x1050, 0x1010);
      expect(frames.map(([frame]) => frame?.name)).toEqual(['JS:*second a.js:9', 'JS:~first a.js:1']);
      expect(notes).toEqual([expect.stringMatching(/^1 of 2 sampled addresses .* the last is named/)]);
      expect((await ask(0x1010)).notes).toEqual([]);
    } finally {
      rmSync(map);
    }
  });

  it('names what a signal handler returns to, though nothing calls it there', async () => {
    const program = path.join(folder, 'restored');
    const source = 'int main() { return 0; }';
    execFileSync('gcc', ['-static', '-no-pie', '-x', 'c', '-o', program, '-'], { input: source });
    const [start] =
      execFileSync('nm', [program], { encoding: 'utf8' }).match(/^[0-9a-f]+(?= t __restore_rt$)/m) ?? [];
    const address = parseInt(start as string, 16);
    const elf = await ElfFile.open(program);
    const code = elf.sections.find((s) => s.name === '.text') as ElfSection;
    await elf.close();
    const offset = address - code.address + code.fileOffset;
    const location = (back: number): Location => ({
      module: program,
      offset: offset - back,
      address: address - back,
      mode: 'user',
      pid: undefined,
      buildId: undefined,
      symbol: undefined,
    });
    const named = await symbolize(await findSymbolTool(), [location(1), location(2)], {
      progress: () => undefined,
    });
    expect(named.frames[0]?.at(-1)?.name).toBe('__restore_rt');
    expect(named.addresses?.[0]).toBe(address);
    expect(named.frames[1]?.at(-1)?.name).not.toBe('__restore_rt');
  });

  it('finds the map of a process in a container under the number that it has there', async () => {
    const inside = path.join(folder, 'proc/4711/root', folder);
    mkdirSync(inside, { recursive: true });
    writeFileSync(path.join(folder, 'proc/4711/status'), 'Name:\tnode\nNSpid:\t4711\t12\t1\nThreads:\t1\n');
    writeFileSync(path.join(inside, 'perf-1.map'), '1000 10 JS:*inside\n');
    const proc = path.join(folder, 'proc');
    expect((await readPerfMap(4711, folder, proc))?.table.find(0x1001)?.name).toBe('JS:*inside');
    writeFileSync(path.join(folder, 'perf-4711.map'), '1000 10 JS:*outside\n');
    expect((await readPerfMap(4711, folder, proc))?.table.find(0x1001)?.name).toBe('JS:*outside');
    expect(await readPerfMap(4712, folder, proc)).toBeUndefined();
  });

  it('finds the functions of the vdso in our own memory', async () => {
    const found = await vdsoSymbols(undefined);
    expect('table' in found && found.table.length).toBeGreaterThan(3);
  });

  it('reads names as C++ and Rust encode them', async () => {
    const read = await demangleAll(
      ['_ZdlPv@plt', '_ZN5alloc3vec3new17h0123456789abcdefE', '_Z4workm.cold', 'main'],
      {},
    );
    expect(read('_ZdlPv@plt')).toBe('operator delete(void*)@plt');
    expect(read('_ZN5alloc3vec3new17h0123456789abcdefE')).toBe('alloc::vec::new');
    expect(read('_Z4workm.cold')).toBe('work(unsigned long) [clone .cold]');
    expect(read('main')).toBe('main');
  });
});

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-symbols-')));
});
afterAll(() => {
  endSymbolTools();
  rmSync(folder, { recursive: true, force: true });
});

describe('files that the compiler made', () => {
  const source = [
    '#include <stdlib.h>',
    'static inline int twice(int x) { return x * 2; }',
    '__attribute__((noinline)) int used(int x) { return twice(x) + 1; }',
    'int main(int c, char **v) { free(malloc((size_t)c)); return used(atoi(v[0])); }',
    '',
  ].join('\n');
  const compile = (name: string, ...flags: string[]) => {
    writeFileSync(path.join(folder, 'program.c'), source);
    const args = ['-O1', '-g', '-fno-builtin', '-o', name, 'program.c', ...flags];
    execFileSync('cc', args, { cwd: folder });
    return path.join(folder, name);
  };
  const buildIdOf = async (file: string) => {
    const elf = await ElfFile.open(file);
    const id = await elf.buildId();
    await elf.close();
    return id;
  };
  /** The location of the named function's first byte. */
  const locate = async (file: string, name: string, buildId?: string): Promise<Location> => {
    const line = execFileSync('nm', [file], { encoding: 'utf8' })
      .split('\n')
      .find((l) => l.endsWith(` T ${name}`));
    const address = parseInt(line ?? '', 16);
    const elf = await ElfFile.open(file);
    let offset = -1;
    for (let at = 0; at < 0x10000 && offset < 0; at++) if (elf.fromFileOffset(at) === address) offset = at;
    await elf.close();
    return { module: file, offset, address, mode: 'user', pid: undefined, buildId, symbol: undefined };
  };
  const nameAll = async (locations: readonly Location[]) =>
    withEnvironment({ HOME: folder }, async () =>
      symbolize(await findSymbolTool(), locations, recordingContext()),
    );
  const name = (location: Location) => nameAll([location]);
  /** The first bytes of a function. */
  const around = (first: Location) =>
    Array.from({ length: 16 }, (_, i) => ({
      ...first,
      offset: first.offset + i,
      address: first.address + i,
    }));

  it.each([
    ['plain', []],
    ['fixed', ['-no-pie', '-fno-pie']],
    ['tracked', ['-fcf-protection', '-Wl,-z,ibtplt']],
    ['now', ['-Wl,-z,now', '-fno-plt']],
  ])('entries of linkage tables have their names: %s', async (program, flags) => {
    const file = compile(program, ...flags);
    const elf = await ElfFile.open(file);
    const made = await readElfSymbols(elf, elf);
    await elf.close();
    const disassembly = execFileSync('objdump', ['-d', file], { encoding: 'utf8' });
    const entries = [...disassembly.matchAll(/^([0-9a-f]+) <(\w+@plt)>:$/gm)];
    if (program !== 'now') expect(entries.map((e) => e[2])).toContain('malloc@plt');
    for (const [, address, entry] of entries)
      expect(made.find(parseInt(address as string, 16))?.name).toBe(entry);
  });

  it('a program of 32 bits has names and lines', async () => {
    // Without a library: those of 32 bits are rarely installed.
    writeFileSync(
      path.join(folder, 'small.c'),
      'static inline int twice(int x) { return x * 2; }\nint used(int x) { return twice(x) + 1; }\nvoid _start(void) { for (;;) used(1); }\n',
    );
    const args = ['-m32', '-O1', '-g', '-gz', '-nostdlib', '-static', '-fno-pie', '-no-pie', '-o', 'small'];
    execFileSync('cc', [...args, 'small.c'], { cwd: folder });
    const found = await name(await locate(path.join(folder, 'small'), 'used'));
    expect(found.frames[0]?.at(-1)).toMatchObject({ name: 'used', line: 2 });
  });

  it('symbols and lines come from a separate file, by its name and by its build id', async () => {
    const file = compile('separate', '-Wl,--build-id');
    const location = await locate(file, 'used');
    const whole = (await name(location)).frames[0];
    expect(whole?.map((f) => `${f.name}:${f.line}`)).toEqual(
      ['twice:2', 'used:3'].slice(-(whole?.length ?? 0)),
    );
    execFileSync('objcopy', ['--only-keep-debug', file, `${file}.debug`]);
    execFileSync('objcopy', ['--strip-all', `--add-gnu-debuglink=${file}.debug`, file]);
    expect((await name(location)).frames[0]).toEqual(whole);
    mkdirSync(path.join(folder, '.debug'), { recursive: true });
    copyFileSync(`${file}.debug`, path.join(folder, '.debug/separate.debug'));
    rmSync(`${file}.debug`);
    expect((await name(location)).frames[0]).toEqual(whole);
    // One that does not belong to it is not used.
    compile('other', '-DOTHER', '-O2', '-Wl,--build-id');
    copyFileSync(path.join(folder, 'other'), path.join(folder, '.debug/separate.debug'));
    expect((await name(location)).frames[0]).toEqual([]);
  });

  it('a separate file without build ids belongs to a program by its checksum', async () => {
    const file = compile('linked', '-Wl,--build-id=none');
    const location = await locate(file, 'used');
    const whole = (await name(location)).frames[0];
    expect(whole?.at(-1)?.line).toBe(3);
    execFileSync('objcopy', ['--only-keep-debug', file, `${file}.debug`]);
    execFileSync('objcopy', ['--strip-all', `--add-gnu-debuglink=${file}.debug`, file]);
    expect((await name(location)).frames[0]).toEqual(whole);
    writeFileSync(`${file}.debug`, Buffer.concat([readFileSync(`${file}.debug`), Buffer.from('x')]));
    const other = await name(location);
    expect(other.frames[0]).toEqual([]);
    const facts = { stripped: true, hasLines: false, unreadableLines: false };
    const unlinked = { name: 'linked.debug', other: `${file}.debug` };
    expect(other.modules.get(file)).toEqual({ ...facts, unlinked });
    rmSync(`${file}.debug`);
    const gone = { name: 'linked.debug', other: undefined };
    expect((await name(location)).modules.get(file)).toEqual({ ...facts, unlinked: gone });
  });

  it('says which files with split debug information are missing, since inlined functions are in them', async () => {
    writeFileSync(path.join(folder, 'split.h'), 'static inline int thrice(int x)\n{ return x * 3; }\n');
    writeFileSync(
      path.join(folder, 'split.c'),
      '#include "split.h"\nint used(int x)\n{ volatile int y = x;\n  y += thrice(y);\n  return y; }\nint main(int c, char **v) { return used(c); }\n',
    );
    const flags = ['-O1', '-g', '-gsplit-dwarf', '-fno-builtin'];
    execFileSync('cc', [...flags, '-c', '-o', 'split.o', 'split.c'], { cwd: folder });
    execFileSync('cc', ['-o', 'split', 'split.o'], { cwd: folder });
    const file = path.join(folder, 'split');
    // Some of the function's code is of the header.
    const all = around(await locate(file, 'used'));
    rmSync(path.join(folder, 'split.dwo'));
    const found = await nameAll(all);
    expect(found.notes).toEqual([
      `Inlined functions in ${file} count for their callers: the compiler put them into ${path.join(folder, 'split.dwo')}, which isn't there. Put it there, or build the program again.`,
    ]);
    // One function, in one file, though lines of it are in another.
    const places = found.frames.map((list) => list.at(-1));
    expect(new Set(places.map((f) => f?.name))).toEqual(new Set(['used']));
    expect(new Set(places.map((f) => f?.file)).size).toBe(2);
    expect(new Set(places.map((f) => f?.declarationFile))).toEqual(new Set([path.join(folder, 'split.c')]));
  });

  it('says which file dwz moved the names of inlined functions to, if it is missing', async (test) => {
    if (spawnSync('dwz', ['--version']).error) test.skip();
    // Enough that is shared, so that it moves anything.
    const shared = Array.from({ length: 200 }, (_, i) => `struct s${i} { int a${i}; long b${i}; };`).join(
      '\n',
    );
    for (const x of ['a', 'b']) {
      writeFileSync(
        path.join(folder, 'shared.c'),
        `${shared}\n#include <stdlib.h>\nstatic inline int twice(int x) { return x * 2; }\n__attribute__((noinline)) int used(int x) { struct s1 s = {x, 1}; return twice(s.a1 ^ x * 7); }\nint main(int c, char **v) { return used(c) + sizeof(struct s${x === 'a' ? 1 : 2}); }\n`,
      );
      execFileSync('cc', ['-O1', '-g', '-o', x, 'shared.c', `-Wl,--build-id=0x${x}${x}`], { cwd: folder });
    }
    execFileSync('dwz', ['-m', 'common.dwz', 'a', 'b'], { cwd: folder });
    const file = path.join(folder, 'a');
    rmSync(path.join(folder, 'common.dwz'));
    const found = await nameAll(around(await locate(file, 'used')));
    expect(found.frames.map(([innermost]) => innermost?.name)).toContain('[inlined]');
    expect(found.notes).toEqual([
      `Inlined functions in ${file} have no names: dwz moved them to ${path.join(folder, 'common.dwz')}, which doesn't exist or is of another build. Put it there.`,
    ]);
  });

  it('names come from the compressed symbols that a stripped program may have', async () => {
    const file = compile('mini');
    const location = await locate(file, 'used');
    execFileSync('objcopy', ['--only-keep-debug', file, `${file}.full`]);
    execFileSync('objcopy', ['--strip-debug', `${file}.full`, `${file}.symbols`]);
    execFileSync('xz', ['--force', `${file}.symbols`]);
    execFileSync('strip', [file]);
    const stripped = await name(location);
    expect(stripped.frames[0]).toEqual([]);
    execFileSync('objcopy', [`--add-section=.gnu_debugdata=${file}.symbols.xz`, file]);
    const found = await name(location);
    expect(found.frames[0]?.map((f) => f.name)).toEqual(['used']);
    expect(found.modules.get(file)?.stripped).toBe(false);
    // Content that isn't xz is ignored.
    execFileSync('objcopy', [`--update-section=.gnu_debugdata=${file}.full`, file]);
    expect((await name(location)).frames[0]).toEqual([]);
  });

  it('a program that was rebuilt is named in a note, unless perf kept the old one', async () => {
    const file = compile('changing', '-Wl,--build-id');
    const location = await locate(file, 'used', await buildIdOf(file));
    copyFileSync(file, path.join(folder, 'kept'));
    compile('changing', '-Wl,--build-id', '-O2', '-fno-inline', '-DCHANGED=1', '-falign-functions=64');
    const changed = await name(location);
    expect(changed.frames).toEqual([[]]);
    expect(changed.modules.get(file)?.unread).toBe('has changed since the recording');
    const id = location.buildId as string;
    const cache = path.join(folder, '.debug/.build-id', id.slice(0, 2), id.slice(2));
    mkdirSync(cache, { recursive: true });
    copyFileSync(path.join(folder, 'kept'), path.join(cache, 'elf'));
    expect((await name(location)).frames[0]?.at(-1)?.name).toBe('used');
  });

  it('without a build id, times and inode show that a program was rebuilt or replaced', async () => {
    const file = compile('unidentified', '-Wl,--build-id=none');
    const location = await locate(file, 'used');
    const { ino, ctimeMs, mtimeMs } = statSync(file);
    const read = async (inode: number | undefined, start: number, end: number, buildId?: string) => {
      const context = { ...recordingContext(), recorded: { start, end } };
      const at = [{ ...location, inode, buildId }];
      const { frames, modules } = await symbolize(await findSymbolTool(), at, context);
      const { unread } = modules.get(file) ?? {};
      expect(frames[0]?.length === 0).toBe(unread !== undefined);
      return unread ?? 'named';
    };
    const changed = 'has changed since the recording';
    // Recorded after it was built; before; the time says nothing against the file, but another one was mapped.
    expect(await read(ino, ctimeMs + 1, ctimeMs + 9)).toBe('named');
    expect(await read(ino, mtimeMs - 9, mtimeMs - 1)).toBe(changed);
    expect(await read(undefined, mtimeMs - 9, mtimeMs - 1)).toBe(changed);
    expect(await read(ino + 1, ctimeMs - 9, ctimeMs + 9)).toBe(changed);
    // A copy of what was recorded, in its place for longer than the recording.
    expect(await read(ino + 1, ctimeMs + 1, ctimeMs + 9)).toBe('named');
  });

  it('damaged files are refused in words, whatever the damage', async () => {
    const file = compile('damaged');
    const image = execFileSync('cat', [file]);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 3000 }),
        fc.integer({ min: 0, max: 255 }),
        fc.nat(),
        async (at, byte, cut) => {
          const bytes = Buffer.from(image.subarray(0, cut % 2 ? image.length : cut % image.length));
          if (at < bytes.length) bytes[at] = byte;
          try {
            const elf = await ElfFile.fromMemory(bytes);
            await elf.buildId();
            await readElfSymbols(elf, elf);
          } catch (error) {
            expect(error).toBeInstanceOf(NotReadable);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('a process that stays', () => {
  const one = () => true;
  const lines = async (process: LineProcess, input: string, count = 1, signal?: AbortSignal) => {
    const found: string[] = [];
    await process.ask(input, (line) => found.push(line) >= count, signal);
    return found;
  };

  it('answers in order, starts again after its end, and ends when canceled', async () => {
    const cat = new LineProcess('cat', []);
    expect(await Promise.all(['a\n', 'b\n'].map((text) => lines(cat, text)))).toEqual([['a'], ['b']]);
    cat.end();
    expect(await lines(cat, 'c\nd\n', 2)).toEqual(['c', 'd']);
    const abort = new AbortController();
    const never = lines(cat, 'd', 1, abort.signal);
    setTimeout(() => abort.abort(), 20);
    await expect(never).rejects.toMatchObject({ code: 'canceled' });
    expect(await lines(cat, 'e\n')).toEqual(['e']);
    cat.end();
  });

  it('forgets an answer that cannot be read, and answers the next', async () => {
    const cat = new LineProcess('cat', []);
    await expect(cat.ask('{\nrest\n', (line) => JSON.parse(line) as boolean, undefined)).rejects.toThrow(
      SyntaxError,
    );
    expect(await lines(cat, 'next\n')).toEqual(['next']);
    cat.end();
  });

  it('says when it ended in the middle, with its own words, and when it is not there', async () => {
    const crash = new LineProcess('sh', ['-c', 'read x; echo no memory >&2; kill -SEGV $$']);
    await expect(crash.ask('x\n', one, undefined)).rejects.toMatchObject({
      code: 'symbolizer-failed',
      detail: expect.stringMatching(/SIGSEGV\n[^]*no memory/) as string,
    });
    await expect(new LineProcess('no-such-tool', []).ask('x\n', one, undefined)).rejects.toMatchObject({
      code: 'tool-missing',
    });
  });
});
