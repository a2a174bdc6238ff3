import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importProfile } from '../../../src/core/import/importProfile.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { recordingContext } from '../support/fixtures.js';

const SOURCE = `
#include <pthread.h>
#include <stdlib.h>
#define apart __attribute__((noinline, noclone))
static volatile long sink;
apart static long leaf(long n) { long s = 0; for (long i = 0; i < n; i++) if ((i * 7919) & 4) s += i; else s ^= i; return s; }
apart static long once(long n) { return leaf(n) + 1; }
apart static long twice(long n) { return leaf(2 * n) + once(n); }
apart static void memory(void) { for (int i = 0; i < 20; i++) { char *p = malloc(100 * i + 1); p[i] = 1; sink += p[i]; free(p); } }
static void *work(void *n) { sink += twice((long)n); return 0; }
int main(void) {
  pthread_t threads[2];
  for (long i = 0; i < 2; i++) pthread_create(&threads[i], 0, work, (void *)(500 + 100 * i));
  for (int i = 0; i < 2; i++) pthread_join(threads[i], 0);
  memory();
  sink += once(200) + twice(300);
  return 0;
}
`;

/** Functions of the program; the C library has several of one name, which callgrind_annotate adds up. */
const ours = ['leaf', 'once', 'twice', 'memory', 'work', 'main'];

describe('files that callgrind wrote with any of its options', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-callgrind-options-'));
  const program = path.join(folder, 'program');
  beforeAll(() => {
    execFileSync('cc', ['-O1', '-g', '-pthread', '-x', 'c', '-o', program, '-'], { input: SOURCE });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function record(options: readonly string[]): string {
    const file = path.join(folder, 'out');
    execFileSync('valgrind', ['--tool=callgrind', `--callgrind-out-file=${file}`, ...options, program], {
      stdio: 'ignore',
    });
    // callgrind_annotate takes the cost of calls that haven't returned, which count 0, for one of the caller itself.
    const text = readFileSync(file, 'latin1').replaceAll('\ncalls=0 ', '\ncalls=1 ');
    writeFileSync(file, text, 'latin1');
    return file;
  }

  /** The costs of an event by function, and their sum over all functions. */
  function annotate(file: string, event: string, inclusive: 'yes' | 'no') {
    const args = ['--threshold=100', '--show-percs=no', '--auto=no', `--show=${event}`, `--sort=${event}`];
    const text = execFileSync('callgrind_annotate', [...args, `--inclusive=${inclusive}`, file], {
      cwd: '/',
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const costs: Record<string, number> = {};
    let total = 0;
    for (const [, digits = '', name = ''] of text.matchAll(
      /^ *([\d,]+) +\S.*?:([^:\s/].*?)(?: \[.*\])?$/gm,
    )) {
      const cost = Number(digits.replaceAll(',', ''));
      // With --separate-callers, a function is listed once for each of its callers.
      const plain = name.replace(/'.*/, '');
      costs[plain] = (costs[plain] ?? 0) + cost;
      total += cost;
    }
    return { costs, total };
  }

  async function imported(file: string, event: number) {
    const all = await importProfile(file, {}, recordingContext());
    const { samples, stacks, frames, functions, strings } = ofEvent(all, event);
    const nameOf = (stack: number) =>
      strings[functions.name[frames.func[stacks.frame[stack] as number] as number] as number] as string;
    const self: Record<string, number> = {};
    const inclusive: Record<string, number> = {};
    let total = 0;
    samples.stack.forEach((leaf, i) => {
      const weight = samples.weight[i] as number;
      total += weight;
      self[nameOf(leaf)] = (self[nameOf(leaf)] ?? 0) + weight;
      const names = new Set<string>();
      for (let stack = leaf; stack >= 0; stack = stacks.parent[stack] as number) names.add(nameOf(stack));
      for (const name of names) inclusive[name] = (inclusive[name] ?? 0) + weight;
    });
    return { events: all.events.map(({ name }) => name), self, inclusive, total };
  }

  it.each([
    [],
    ['--dump-instr=yes'],
    ['--collect-jumps=yes'],
    ['--dump-instr=yes', '--collect-jumps=yes', '--compress-pos=no', '--compress-strings=no'],
    ['--cache-sim=yes', '--branch-sim=yes'],
    ['--dump-line=no'],
    ['--dump-line=no', '--dump-instr=yes'],
    ['--combine-dumps=yes', '--separate-threads=yes', '--dump-every-bb=10000', '--dump-instr=yes'],
    ['--toggle-collect=twice'],
    ['--separate-recs=3', '--skip-plt=no', '--skip-direct-rec=yes'],
    ['--separate-callers=3', '--separate-recs=2'],
  ])('%s %s %s %s: have the costs that callgrind_annotate says', async (...options) => {
    const file = record(options);
    const { events } = await imported(file, 0);
    expect(events[0]).toBe('Ir');
    for (const [index, event] of events.entries()) {
      const profile = await imported(file, index);
      const exclusive = annotate(file, event, 'no');
      const { costs } = annotate(file, event, 'yes');
      expect(profile.total).toBeCloseTo(exclusive.total, 3);
      for (const name of ours.filter((each) => each in exclusive.costs)) {
        expect([event, name, Math.round(profile.self[name] ?? 0)]).toEqual([
          event,
          name,
          exclusive.costs[name],
        ]);
        // The least branches have no callers.
        const difference = Math.abs((profile.inclusive[name] ?? 0) - (costs[name] ?? 0));
        expect([event, name, difference < 1 + exclusive.total / 10_000]).toEqual([event, name, true]);
      }
    }
  });
});
