import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecording } from '../../../src/core/perfData/openRecording.js';
import { functionCosts } from '../../../src/views/costs.js';
import type { EventProfile } from '../../../src/model/profile.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { stripCloneSuffix } from '../../../src/core/symbols/cloneSuffix.js';
import { recordingContext, root } from '../support/fixtures.js';
import { withEnvironment } from '../support/tempLab.js';

/** In points. perf prints two digits, so that half of it is rounding. */
const bound = 0.01;
/** Percent below which a symbol need not agree. */
const floor = 0.05;

let folder: string;
/** The largest difference of each comparison, printed at the end. */
const seen: string[] = [];

const tool = (command: string, args: readonly string[], input?: string) =>
  execFileSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['pipe', 'pipe', 'ignore'],
    // perf keeps what it recorded in the home folder.
    env: { ...process.env, LC_ALL: 'C', DEBUGINFOD_URLS: '', HOME: folder },
    ...(input === undefined ? {} : { input }),
  });

interface Program {
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

function record(name: string, callGraph: 'fp' | 'dwarf', { command, environment = {} }: Program): string {
  const file = `${name}.${callGraph}.data`;
  const graph = callGraph === 'fp' ? 'fp' : 'dwarf,8192';
  // Stacks for unwinding are large: fewer of them suffice.
  const frequency = callGraph === 'fp' ? '1999' : '299';
  const set = Object.entries(environment).map(([key, value]) => `${key}=${value}`);
  const args = [
    'record',
    '-q',
    '-F',
    frequency,
    '--call-graph',
    graph,
    '-e',
    'cpu-clock:u',
    '-o',
    file,
    '--',
  ];
  tool('perf', [...args, 'env', ...set, ...command]);
  return path.join(folder, file);
}

async function open(file: string, inline: boolean): Promise<EventProfile> {
  const profile = await withEnvironment({ HOME: folder }, () =>
    openRecording(file, { inline }, recordingContext()),
  );
  // What these programs lack on purpose (symbols, frame pointers) is said with its share; nothing else may go wrong.
  expect(profile.notes.filter((note) => !/% of the samples/.test(note))).toEqual([]);
  return ofEvent(profile);
}

/** Percentages by module and symbol. Code without a symbol is its module's: perf has a row for each address. */
type Rows = Map<string, number>;

function addTo(rows: Rows, key: string, percent: number): void {
  rows.set(key, (rows.get(key) ?? 0) + percent);
}

/** How many rows of perf's, each of them rounded, were added up to one without a symbol. */
const addends = new Map<string, number>();

function perfRows(file: string, column: 'overhead' | 'overhead_children'): Rows {
  const children = column === 'overhead' ? '--no-children' : '--children';
  const text = tool('perf', [
    ...['report', '-i', file, '--stdio', '--no-inline', '--no-demangle', children, '-g', 'none'],
    ...['-F', `${column},dso,sym`, '--percent-limit', '0', '-t', ';'],
  ]);
  const rows: Rows = new Map();
  addends.clear();
  const printed = text
    .split('\n')
    .map((line) => /^ *([\d.]+)% *;([^;]*);\[.\] (.*\S)/.exec(line))
    .filter((match) => match !== null);
  const names = tool('c++filt', [], printed.map((match) => `${match[3]}\n`).join('')).split('\n');
  printed.forEach((match, i) => {
    const name = names[i] as string;
    // Linkage entries of relocations without a symbol (IRELATIVE, in libc itself) are `@plt` without a name.
    const key = `${match[2]?.trim()} ${/^(0x)?[0-9a-f]{16}$|^@plt$/.test(name) ? '' : name}`;
    addTo(rows, key, Number(match[1]));
    addTo(addends, key, 1);
  });
  return rows;
}

function labRows(profile: EventProfile): { self: Rows; total: Rows } {
  const costs = functionCosts(profile);
  const [self, total]: [Rows, Rows] = [new Map(), new Map()];
  for (let f = 0; f < profile.functions.length; f++) {
    const module = path.basename(profile.strings[profile.functions.module[f] as number] ?? '[unknown]');
    const name = profile.strings[profile.functions.name[f] as number] as string;
    const key = `${module} ${/^\[/.test(name) ? '' : name}`;
    addTo(self, key, ((costs.self[f] as number) / costs.all) * 100);
    addTo(total, key, ((costs.total[f] as number) / costs.all) * 100);
  }
  return { self, total };
}

/**
 * perf before 6.3 has no names for the linkage tables `.plt.got` and `.plt.sec`, nor for the entry that all others of
 * `.plt` share: what it lacks is nameless code.
 */
function withPerfsLinkage(perf: Rows, lab: Rows): Rows {
  const rows: Rows = new Map();
  for (const [key, percent] of lab) {
    const unknown = /@plt$| \.plt$/.test(key) && !perf.has(key);
    addTo(rows, unknown ? `${key.slice(0, key.indexOf(' '))} ` : key, percent);
  }
  return rows;
}

/** @param misplaced percent by module that may be another function's, see callersAtStarts */
function expectSame(what: string, perf: Rows, lab: Rows, misplaced: Rows = new Map()): void {
  let largest = 0;
  let compared = 0;
  for (const [key, percent] of perf) {
    if (percent <= floor) continue;
    const difference = Math.abs((lab.get(key) ?? 0) - percent);
    const rounding =
      (key.endsWith(' ') ? 0.005 * (addends.get(key) ?? 0) : 0) + (misplaced.get(moduleOf(key)) ?? 0);
    expect(difference, `${what}: ${key}: perf ${percent}, lab ${lab.get(key)}`).toBeLessThanOrEqual(
      bound + rounding,
    );
    if (rounding === 0) largest = Math.max(largest, difference);
    compared++;
  }
  for (const [key, percent] of lab)
    if (percent > floor + bound + (misplaced.get(moduleOf(key)) ?? 0))
      expect(perf.has(key), `${what}: only the lab has ${key} ${percent}`).toBe(true);
  expect(compared, what).toBeGreaterThan(2);
  seen.push(`${what}: ${compared} symbols, at most ${largest.toFixed(4)} points`);
}

/**
 * A return address at the very end of a function is in the next one as perf counts it: it looks up the address
 * after the call, the lab the call. The dynamic linker has such a call: `_start` calls `_dl_start`, which returns to
 * the start of `_dl_start_user` (glibc, sysdeps/x86_64/dl-machine.h, RTLD_START), and no code there calls it.
 */
function withCallsWhereTheyAre(perf: Rows, lab: Rows): [Rows, Rows] {
  const [caller, after] = ['ld-linux-x86-64.so.2 _start', 'ld-linux-x86-64.so.2 _dl_start_user'];
  const [perfSide, labSide] = [new Map(perf), new Map(lab)];
  // Before the program proper starts nothing else is in these two: together they are the same for both.
  const both = (rows: Rows) => (rows.get(caller) ?? 0) + (rows.get(after) ?? 0);
  expect(Math.abs(both(perf) - both(lab))).toBeLessThan(2 * bound);
  for (const rows of [perfSide, labSide]) for (const name of [caller, after]) rows.delete(name);
  return [perfSide, labSide];
}

const moduleOf = (key: string) => key.slice(0, key.indexOf(' '));

/**
 * Percent of the samples, by module, with a caller at the very start of a function. No call returns there but the dynamic
 * linker's (above): libraries without frame pointers leave in their register what isn't one, such as the address of a
 * variable beside a function's (`__libc_calloc+0x0`). perf names that function, the lab what is in front of it.
 */
function callersAtStarts(file: string): Rows {
  const stacks = tool('perf', ['script', '-i', file, '-F', 'ip,sym,symoff,dso']).split('\n\n');
  const rows: Rows = new Map();
  for (const stack of stacks) {
    const callers = stack.trim().split('\n').slice(1);
    const modules = callers.map(
      (frame) => /^\s*[0-9a-f]+ (?!_dl_start_user\+).*\+0x0 \((.*)\)$/.exec(frame)?.[1],
    );
    for (const module of new Set(modules))
      if (module) addTo(rows, path.basename(module), 100 / stacks.length);
  }
  return rows;
}

/** Self shares by the symbol that the innermost frame of each sample is in, and within it by line. */
function bySymbol(profile: EventProfile): { symbols: Rows; lines: Map<string, Rows> } {
  const { stacks, frames, functions, strings, samples } = profile;
  const all = samples.weight.reduce((a, b) => a + b, 0);
  const symbols: Rows = new Map();
  const lines = new Map<string, Rows>();
  for (let s = 0; s < samples.length; s++) {
    let stack = samples.stack[s] as number;
    if (stack < 0) continue;
    const innermost = stacks.frame[stack] as number;
    while (frames.inlined[stacks.frame[stack] as number] === 1) stack = stacks.parent[stack] as number;
    const func = frames.func[stacks.frame[stack] as number] as number;
    const module = path.basename(strings[functions.module[func] as number] ?? '[unknown]');
    const key = `${module} ${stripCloneSuffix(strings[functions.name[func] as number] as string)}`;
    const percent = ((samples.weight[s] as number) / all) * 100;
    addTo(symbols, key, percent);
    const file = path.basename(strings[frames.file[innermost] as number] ?? '');
    if (!lines.has(key)) lines.set(key, new Map());
    addTo(lines.get(key) as Rows, `${file}:${frames.line[innermost]}`, percent);
  }
  return { symbols, lines };
}

/**
 * Percentages of the symbol by line: those of its instructions as perf annotate prints them, each of the line that
 * addr2line tells. perf's own summary by line (-l) leaves out instructions below half a percent.
 */
function annotated(file: string, symbol: string, program: string): { rows: Rows; instructions: number } {
  const text = tool('perf', ['annotate', '-i', file, '--stdio', '--no-demangle', '-s', symbol]);
  const hot = [...text.matchAll(/^ *(\d+\.\d\d) +: +([0-9a-f]+):/gm)].filter((row) => Number(row[1]) > 0);
  const places = tool('addr2line', ['-e', program], hot.map((row) => `0x${row[2]}\n`).join('')).split('\n');
  const rows: Rows = new Map();
  hot.forEach((row, i) => {
    const line = (places[i] as string).replace(/ \(discriminator \d+\)$/, '').replace(/:\?$/, ':0');
    addTo(rows, path.basename(line), Number(row[1]));
  });
  return { rows, instructions: hot.length };
}

const shapes = (rounds: number, threads: number, program = './shapes'): Program => ({
  command: [program, String(rounds), String(threads)],
});
const hakmem = (preset: string, threads: number, program = 'bench_mid_large_mt_hakmem'): Program => ({
  command: [`./${program}`, String(threads), '60000000', '1000', '42'],
  environment: { HAKMEM_PROFILE: preset },
});

describe('agreement with perf on recordings of this machine', () => {
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-agreement-')));
    const source = path.join(root, 'test/fixtures/src/shapes.cpp');
    tool('g++', ['-O2', '-g', '-fno-omit-frame-pointer', '-pthread', '-o', 'shapes', source]);
    tool('g++', ['-O2', '-g', '-fno-pie', '-no-pie', '-fcf-protection', '-pthread', '-o', 'fixed', source]);
    // With its build id, a stripped program's names come from where the whole one is kept; without, from nowhere.
    tool('strip', ['-o', 'stripped', 'shapes']);
    tool('g++', [
      '-O2',
      '-fno-omit-frame-pointer',
      '-pthread',
      '-s',
      '-Wl,--build-id=none',
      '-o',
      'nameless',
      source,
    ]);
    const program = 'bench_mid_large_mt_hakmem';
    tool('make', ['-s', '-C', path.join(root, 'native'), `BUILD=${folder}`, path.join(folder, program)]);
    tool('strip', ['-o', 'bench_stripped', program]);
  }, 120_000);
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    process.stdout.write(`${seen.map((line) => `  ${line}`).join('\n')}\n`);
  });

  const programs: readonly [string, Program][] = [
    ['hakmem-best-1', hakmem('BEST', 1)],
    ['hakmem-legacy-2', hakmem('LEGACY', 2)],
    ['hakmem-stripped-1', hakmem('BEST', 1, 'bench_stripped')],
    ['shapes-1', shapes(150_000, 1)],
    ['shapes-2', shapes(100_000, 2)],
    ['shapes-stripped-2', shapes(100_000, 2, './stripped')],
    ['shapes-nameless-1', shapes(150_000, 1, './nameless')],
    ['shapes-fixed-address-1', shapes(150_000, 1, './fixed')],
  ];
  for (const callGraph of ['fp', 'dwarf'] as const)
    it.each(programs)(
      `names and shares of %s with ${callGraph} call graphs`,
      async (name, program) => {
        const file = record(name, callGraph, program);
        const { self, total } = labRows(await open(file, false));
        const own = perfRows(file, 'overhead');
        expectSame(`${name} ${callGraph} self`, own, withPerfsLinkage(own, self));
        const children = perfRows(file, 'overhead_children');
        // Rows without a symbol may be in one sample together: they have no sum.
        const named = (rows: Rows) => new Map([...rows].filter(([key]) => !key.endsWith(' ')));
        expectSame(
          `${name} ${callGraph} total`,
          ...withCallsWhereTheyAre(named(children), named(withPerfsLinkage(children, total))),
          callGraph === 'fp' ? callersAtStarts(file) : undefined,
        );

        const [inside, whole] = [
          bySymbol(await open(file, true)).symbols,
          bySymbol(await open(file, false)).symbols,
        ];
        expect([...inside.keys()].sort()).toEqual([...whole.keys()].sort());
        for (const [key, percent] of whole) expect(inside.get(key), key).toBeCloseTo(percent, 9);
      },
      60_000,
    );

  it.each([
    ['lines-hakmem', hakmem('BEST', 1), 'bench_mid_large_mt_hakmem'],
    ['lines-shapes', shapes(150_000, 1), 'shapes'],
  ] as const)(
    'lines of the hottest functions of %s',
    async (name, program, module) => {
      const file = record(name, 'fp', program);
      const { lines } = bySymbol(await open(file, true));
      const text = tool('perf', [
        ...['report', '-i', file, '--stdio', '--no-inline', '--no-demangle', '--no-children', '-g', 'none'],
        ...['-F', 'overhead,sym', '--dso', module, '-t', ';'],
      ]);
      const symbols = [...text.matchAll(/^ *[\d.]+% *;\[.\] (\S+)/gm)]
        .slice(0, 3)
        .map((match) => match[1] as string);
      expect(symbols).toHaveLength(3);
      let compared = 0;
      for (const symbol of symbols) {
        const key = `${module} ${stripCloneSuffix(tool('c++filt', [], `${symbol}\n`).trim())}`;
        const own = lines.get(key);
        const all = [...(own?.values() ?? [])].reduce((a, b) => a + b, 0);
        let largest = 0;
        const { rows, instructions } = annotated(file, symbol, module);
        expect(rows.size, key).toBeGreaterThan(0);
        compared += rows.size;
        for (const [line, percent] of rows) {
          const difference = Math.abs(((own?.get(line) ?? 0) / all) * 100 - percent);
          // Each instruction's percentage is rounded.
          expect(difference, `${key} ${line}: perf ${percent}`).toBeLessThanOrEqual(
            0.005 * instructions + 1e-9,
          );
          largest = Math.max(largest, difference);
        }
        expect([...rows.values()].reduce((a, b) => a + b, 0)).toBeCloseTo(100, 0);
        seen.push(`${name} ${symbol.slice(0, 40)}: ${rows.size} lines, at most ${largest.toFixed(4)} points`);
      }
      expect(compared).toBeGreaterThan(symbols.length);
    },
    60_000,
  );
});
