import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileOf } from '../vscode/profiles.js';
import {
  alignmentKey,
  buildDiff,
  programName,
  wholeOf,
  type Diff,
  type DiffSide,
} from '../../../src/views/diffTree.js';
import { compareParts, differenceOf, type Parts } from '../../../src/statistics/shareDifferences.js';
import { exactly } from '../../../src/statistics/estimate.js';
import { diffSide, samples, type Stack } from '../support/countedTree.js';

const stacks: fc.Arbitrary<Stack[]> = fc.array(
  fc.record({
    stack: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 8 }),
    weights: fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 4 }),
  }),
  { maxLength: 30 },
);

const sum = (values: Iterable<number>) => [...values].reduce((all, value) => all + value, 0);

/** Index of an aligned function. */
function indexOf(
  { functions }: Diff,
  a: ReturnType<typeof diffSide>,
  b: ReturnType<typeof diffSide>,
  name: string,
) {
  return Array.from({ length: functions.length }, (_, i) => i).find(
    (i) => (a.names[functions.a[i] as number] ?? b.names[functions.b[i] as number]) === name,
  ) as number;
}

describe('a diff', () => {
  it('of a profile with itself is nothing anywhere', () => {
    fc.assert(
      fc.property(stacks, (list) => {
        const side = diffSide(list);
        const { tree, self, total, functions } = buildDiff(side, side);
        for (const differences of [tree.self, tree.total, self, total]) {
          expect(differences.delta.every((delta) => delta === 0)).toBe(true);
          expect(differences.verdict.every((verdict) => verdict === 0)).toBe(true);
        }
        expect(tree.length).toBe(side.tree.length);
        expect(functions.a).toEqual(functions.b);
      }),
    );
  });

  it('loses nothing of either side', () => {
    fc.assert(
      fc.property(stacks, stacks, (listA, listB) => {
        const [a, b] = [diffSide(listA), diffSide(listB)];
        const { tree, self, total, functions } = buildDiff(a, b);
        for (const differences of [tree.self, self]) {
          expect(sum(differences.weightA)).toBe(a.whole.weight);
          expect(sum(differences.weightB)).toBe(b.whole.weight);
          expect(sum(differences.samplesA)).toBe(a.whole.samples);
          expect(sum(differences.samplesB)).toBe(b.whole.samples);
          expect(sum(differences.a)).toBeCloseTo(a.whole.weight > 0 ? 1 : 0, 9);
          expect(sum(differences.b)).toBeCloseTo(b.whole.weight > 0 ? 1 : 0, 9);
        }
        expect(tree.total.weightA[0]).toBe(a.whole.weight);
        expect(tree.total.weightB[0]).toBe(b.whole.weight);
        expect(functions.length).toBe(new Set([...a.names, ...b.names]).size);
        // A function's total is the weight of the samples it is in.
        for (const [list, side, weights] of [
          [listA, a, total.weightA],
          [listB, b, total.weightB],
        ] as const) {
          side.names.forEach((name) => {
            const through = list.filter(({ stack }) => stack.includes(name));
            expect(weights[indexOf({ functions } as Diff, a, b, name)]).toBe(
              sum(through.flatMap((s) => s.weights)),
            );
          });
        }
      }),
    );
  });

  it('is a tree in preorder whose children are no wider than their parent', () => {
    fc.assert(
      fc.property(stacks, stacks, (listA, listB) => {
        const { tree } = buildDiff(diffSide(listA), diffSide(listB));
        expect([tree.parent[0], tree.func[0], tree.end[0]]).toEqual([-1, -1, tree.length]);
        for (const side of ['weightA', 'weightB'] as const) {
          const below = tree.self[side].slice();
          for (let node = tree.length - 1; node > 0; node--) {
            const parent = tree.parent[node] as number;
            expect(parent).toBeLessThan(node);
            expect(tree.end[node]).toBeLessThanOrEqual(tree.end[parent] as number);
            expect(tree.depth[node]).toBe((tree.depth[parent] as number) + 1);
            expect(below[node]).toBe(tree.total[side][node]);
            below[parent] = (below[parent] as number) + (below[node] as number);
          }
          expect(below[0]).toBe(tree.total[side][0]);
        }
      }),
    );
  });

  it('turns round when the sides do', () => {
    fc.assert(
      fc.property(stacks, stacks, (listA, listB) => {
        const [a, b] = [diffSide(listA), diffSide(listB)];
        const [there, back] = [buildDiff(a, b), buildDiff(b, a)];
        for (const name of a.names) {
          const i = indexOf(there, a, b, name);
          const j = indexOf(back, b, a, name);
          expect(there.self.delta[i]).toBeCloseTo(-(back.self.delta[j] as number), 12);
          expect(there.self.verdict[i]).toBe(0 - (back.self.verdict[j] as number) + 0);
        }
      }),
    );
  });

  it('keeps frames that one side only has', () => {
    const a = diffSide([samples('main;old', 300), samples('main;both', 700)]);
    const b = diffSide([samples('main;new', 300), samples('main;both', 700)]);
    const diff = buildDiff(a, b);
    const [old, fresh, both] = ['old', 'new', 'both'].map((name) => indexOf(diff, a, b, name)) as [
      number,
      number,
      number,
    ];
    expect([diff.functions.a[old] !== -1, diff.functions.b[old]]).toEqual([true, -1]);
    expect([diff.functions.a[fresh], diff.functions.b[fresh] !== -1]).toEqual([-1, true]);
    expect([diff.self.verdict[old], diff.self.verdict[fresh], diff.self.verdict[both]]).toEqual([-1, 1, 0]);
    expect(diff.self.delta[old]).toBeCloseTo(-0.3, 12);
  });

  it('does not make a disaster of one sample more', () => {
    const a = diffSide([samples('f', 5), samples('g', 995)]);
    const b = diffSide([samples('f', 6), samples('h', 1), samples('g', 993)]);
    const diff = buildDiff(a, b);
    expect(diff.self.verdict.every((verdict) => verdict === 0)).toBe(true);
    const f = differenceOf(diff.self, diff.a, diff.b, indexOf(diff, a, b, 'f'));
    expect(f.low).toBeLessThan(0);
    expect(f.high).toBeGreaterThan(f.value);
  });

  it('calls few things different when nothing is', () => {
    // Two recordings of one program: 200 functions, 20,000 samples each, drawn from the same shares.
    let state = 1;
    const random = () => (state = Math.imul(state, 1664525) + 1013904223) >>> 0;
    const draw = () => {
      const counts = new Map<string, number>();
      for (let i = 0; i < 20_000; i++) {
        const name = `f${Math.floor(200 * (random() / 2 ** 32) ** 2)}`;
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      return diffSide([...counts].map(([name, count]) => samples(name, count)));
    };
    let believed = 0;
    for (let i = 0; i < 20; i++) believed += sum(buildDiff(draw(), draw()).self.verdict.map(Math.abs));
    // With a plain 5% test there would be some 200.
    expect(believed).toBeLessThan(8);
  });

  it('sees per operation what shares hide', () => {
    // f costs 10 ns in both; g went from 90 ns to 40 ns, so that f's share doubles.
    const a = diffSide([samples('f', 1000), samples('g', 9000)], {
      cost: { value: 100, low: 99, high: 101 },
    });
    const b = diffSide([samples('f', 2000), samples('g', 8000)], {
      cost: { value: 50, low: 49.5, high: 50.5 },
    });
    const diff = buildDiff(a, b);
    const [f, g] = [indexOf(diff, a, b, 'f'), indexOf(diff, a, b, 'g')];
    expect([diff.self.verdict[f], diff.self.verdict[g]]).toEqual([0, -1]);
    expect(differenceOf(diff.self, diff.a, diff.b, g)).toMatchObject({
      value: expect.closeTo(-50, 9) as number,
    });
    const shares = buildDiff(
      { ...a, whole: { ...a.whole, cost: exactly(1) } },
      { ...b, whole: { ...b.whole, cost: exactly(1) } },
    );
    expect(shares.self.verdict[f]).toBe(1);
  });

  it('takes complete counts at their word', () => {
    const a = diffSide(
      [
        { stack: ['f'], weights: [1_000_000] },
        { stack: ['g'], weights: [5] },
      ],
      { exact: true },
    );
    const b = diffSide(
      [
        { stack: ['f'], weights: [1_000_000] },
        { stack: ['g'], weights: [6] },
      ],
      { exact: true },
    );
    expect([...buildDiff(a, b).self.verdict.slice(0, 2)]).toEqual([-1, 1]);
  });

  it('trusts few heavy samples less than many light ones', () => {
    const many: DiffSide = diffSide([samples('f', 600), samples('g', 400)]);
    const other: DiffSide = diffSide([samples('f', 500), samples('g', 500)]);
    expect([...buildDiff(many, other).self.verdict.slice(0, 2)]).toEqual([-1, 1]);
    const heavy = (f: number, g: number) =>
      diffSide([
        { stack: ['f'], weights: [f * 0.9, ...Array.from({ length: f - 1 }, () => 0.1)] },
        { stack: ['g'], weights: [g * 0.9, ...Array.from({ length: g - 1 }, () => 0.1)] },
      ]);
    expect([...buildDiff(heavy(600, 400), heavy(500, 500)).self.verdict.slice(0, 2)]).toEqual([0, 0]);
  });

  it('takes the weights of folded stacks as numbers of samples', () => {
    const whole = wholeOf([300, 700], exactly(1), { countsSamples: true });
    expect(whole).toMatchObject({ weight: 1000, samples: 1000, effective: 1000 });
  });

  it('knows nothing of a run without samples', () => {
    const parts: Parts = {
      weightA: Float64Array.of(0),
      weightB: Float64Array.of(10),
      samplesA: Int32Array.of(0),
      samplesB: Int32Array.of(10),
    };
    const [none, some] = [wholeOf([], exactly(1)), wholeOf(Array<number>(10).fill(1), exactly(1))];
    expect([...compareParts(parts, none, some).verdict]).toEqual([0]);
  });
});

describe('functions are the same', () => {
  const same = (x: readonly [string, string], y: readonly [string, string], program = '') =>
    alignmentKey(x[0], x[1], program) === alignmentKey(y[0], y[1], program);

  it('wherever they were built', () => {
    expect(same(['f', '/home/a/libhakmem.so'], ['f', '/tmp/b/libhakmem.so'])).toBe(true);
    expect(same(['malloc', '/lib/libc-2.31.so'], ['malloc', '/usr/lib/libc.so.6'])).toBe(true);
    expect(same(['f.constprop.0', '/a/x'], ['f.isra.0', '/b/x'])).toBe(true);
  });

  it('in the programs that ran, whatever they are called', () => {
    expect(alignmentKey('main', '/a/bench_hakmem', 'bench_hakmem')).toBe(
      alignmentKey('main', '/a/bench_mi', 'bench_mi'),
    );
  });

  it('in a profile that comes without its command, too: its program is the one with main', () => {
    const stacks = (module: string) =>
      [
        [['main@/src/main.c:3', 'work@/src/main.c:12'], 5, module],
        [['free@/src/malloc.c:1'], 9, '/lib/libc.so.6'],
      ] as [string[], number, string][];
    const imported = profileOf(stacks('/a/bench'));
    expect(programName('', imported)).toBe('bench');
    expect(programName('/a/other', imported)).toBe('other');
    expect(programName('', profileOf([[['main@/src/sh.c:1'], 7, '/bin/sh'], ...stacks('/a/bench')]))).toBe(
      'bench',
    );
    expect(programName('', profileOf([[['free@/src/malloc.c:1'], 9, '/lib/libc.so.6']]))).toBe('');
    // The main thread only waited.
    const threads = profileOf([
      [['free@/src/malloc.c:1'], 9, '/lib/libc.so.6'],
      [['sys_read@/usr/src/linux/fs/read_write.c:1'], 2, '[kernel.kallsyms]'],
      [['work@/src/main.c:12'], 1, '/a/bench'],
    ]);
    expect(programName('', threads)).toBe('bench');
  });

  it('only in the same library', () => {
    expect(same(['free', '/lib/libc.so.6'], ['free', '/lib/libmimalloc.so.2'])).toBe(false);
    expect(same(['f', '/a/x'], ['g', '/a/x'])).toBe(false);
  });
});
