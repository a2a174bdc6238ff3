import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCounts, subtract, totalOf, type ThreadCounts } from '../../../src/core/callgrind/counts.js';
import { expandInlined } from '../../../src/core/callgrind/inlined.js';
import { unfoldCalls } from '../../../src/core/import/callgrind.js';
import type { CallgrindFunction } from '../../../src/core/import/callgrindParser.js';
import { ProfileBuilder } from '../../../src/model/builder.js';
import type { SymbolFrame } from '../../../src/core/symbols/symbolTool.js';
import { fixture, fixtureText, recordingContext } from '../support/fixtures.js';

const recorded = () => readCounts({ dumps: [{ pid: 1, thread: 1, text: fixture('calls.callgrind.yes') }] });

/** Instructions by function name as callgrind_annotate has them: it lists a function once for each source file. */
function annotated(): Map<string, number> {
  const sums = new Map<string, number>();
  const [table = ''] = fixtureText('calls.annotate.txt').split('-- Auto-annotated');
  const rows = table.matchAll(/^ *([\d,]+) {2}\S*?:(\S+)(?: \[.*\])?$/gm);
  for (const [, cost = '', name = ''] of rows)
    sums.set(name, (sums.get(name) ?? 0) + Number(cost.replaceAll(',', '')));
  return sums;
}

const place = (line: number, address: number) => [line, 'a.c', address].join('\0');

const sum = ({ costs }: CallgrindFunction) => [...costs.values()].reduce((a, b) => a + b, 0);

describe('counts of callgrind', () => {
  it('are those of callgrind_annotate, function by function', () => {
    const [thread] = recorded();
    const ours = new Map((thread?.functions ?? []).filter((f) => sum(f) > 0).map((f) => [f.name, sum(f)]));
    const theirs = annotated();
    expect(theirs.size).toBeGreaterThan(3);
    for (const [name, cost] of theirs) expect([name, ours.get(name)]).toEqual([name, cost]);
  });

  it('keep functions of one name in different files apart, also without compressed names', () => {
    const part = (file: string, cost: number) => `fl=${file}\nfn=check\n1 ${cost}\n`;
    const main = 'fl=a.c\nfn=main\n9 1\ncfn=check\ncalls=1 1\n9 5\ncfi=b.c\ncfn=check\ncalls=1 1\n9 7\n';
    const text = `creator: callgrind-3.19.0\nevents: Ir\nob=/o\n${part('a.c', 5)}${part('b.c', 7)}${main}totals: 13\n`;
    const [thread] = readCounts({ dumps: [{ pid: 1, thread: 1, text: Buffer.from(text) }] });
    const found = (thread?.functions ?? []).map((f) => [f.name, f.file, sum(f), [...f.calls.values()]]);
    expect(found).toEqual([
      ['check', 'a.c', 5, []],
      ['check', 'b.c', 7, []],
      ['main', 'a.c', 1, [5, 7]],
    ]);
  });

  const cost = fc.nat({ max: 1000 });
  const counts = fc.array(fc.record({ place: fc.nat({ max: 5 }), cost }), { maxLength: 12 });
  const thread = (entries: readonly { place: number; cost: number }[]): ThreadCounts => {
    const costs = new Map<string, number>();
    for (const { place, cost: own } of entries) costs.set(`${place}`, (costs.get(`${place}`) ?? 0) + own);
    const func = { name: 'f', object: '/o', file: 'f.c', costs, calls: new Map(), sites: [] };
    return { pid: 1, thread: 1, functions: [func], total: sum(func) };
  };

  it('of two runs differ by what their totals differ, what is negative aside', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const { threads, negative } = subtract([thread(a)], [thread(b)]);
        expect(totalOf(threads) - negative).toBe(thread(a).total - thread(b).total);
        expect(totalOf(threads)).toBe(sum(threads[0]?.functions[0] as CallgrindFunction));
        expect(negative).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('that start-up alone made cancel out', () => {
    fc.assert(
      fc.property(counts, counts, (startUp, iterations) => {
        const { threads, negative } = subtract([thread([...startUp, ...iterations])], [thread(startUp)]);
        expect(negative).toBe(0);
        expect(totalOf(threads)).toBe(thread(iterations).total);
      }),
    );
  });
});

describe('functions inlined into others', () => {
  const frame = (name: string, line: number): SymbolFrame => ({
    name,
    file: '/src/a.c',
    line,
    declarationFile: '/src/a.c',
    declarationLine: 1,
  });

  it('are callees with the cost of their addresses and of what is called from there', async () => {
    const slow: CallgrindFunction = {
      name: 'slow',
      object: '/bin/p',
      file: 'a.c',
      costs: new Map([[place(50, 100), 30]]),
      calls: new Map(),
      sites: [],
    };
    const malloc: CallgrindFunction = {
      name: 'malloc',
      object: '/bin/p',
      file: 'a.c',
      costs: new Map([
        [place(10, 1), 5],
        [place(20, 2), 7],
        [place(30, 3), 2],
      ]),
      calls: new Map([[slow, 30]]),
      sites: [{ address: 3, callee: slow, cost: 30 }],
    };
    const chains: Record<number, SymbolFrame[]> = {
      1: [frame('malloc', 10)],
      2: [frame('fast', 20), frame('malloc', 11)],
      3: [frame('refill', 30), frame('fast', 21), frame('malloc', 11)],
      100: [frame('slow', 50)],
    };
    const tool = (_: string, addresses: readonly number[]) =>
      Promise.resolve(addresses.map((address) => chains[address] ?? []));
    const parts = await expandInlined([malloc, slow], tool, recordingContext());
    const part = (name: string) => parts.find((p) => p.name === name) as CallgrindFunction;
    const calls = (name: string) =>
      [...part(name).calls].map(([callee, inclusive]) => [callee.name, inclusive]);
    expect(['malloc', 'fast', 'refill', 'slow'].map((name) => sum(part(name)))).toEqual([5, 7, 2, 30]);
    expect(calls('malloc')).toEqual([['fast', 39]]);
    expect(calls('fast')).toEqual([['refill', 32]]);
    expect(calls('refill')).toEqual([['slow', 30]]);
    expect([part('malloc').inlined, part('fast').inlined, part('refill').inlined]).toEqual([
      undefined,
      true,
      true,
    ]);

    const builder = new ProfileBuilder();
    expect(unfoldCalls(builder, builder.thread(1, 1, new Map()), parts)).toEqual({
      all: 44,
      rest: 0,
      circular: 0,
      circle: 0,
    });
    const { samples, stacks, frames, functions, strings } = builder.finish([{ name: 'e' }], []);
    const stackOf = (stack: number): string[] => {
      if (stack < 0) return [];
      const f = frames.func[stacks.frame[stack] as number] as number;
      return [...stackOf(stacks.parent[stack] as number), strings[functions.name[f] as number] as string];
    };
    const found = Array.from(samples.stack, (s, i) => [stackOf(s).join(';'), samples.weight[i]]);
    expect(found).toContainEqual(['malloc;fast;refill;slow', 30]);
    expect(found).toContainEqual(['malloc;fast', 7]);
  });
});
