import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactly } from '../../../src/statistics/estimate.js';
import { buildDiff } from '../../../src/views/diffTree.js';
import { initialState } from '../../../webview/store/panelState.js';
import { PanelModel } from '../../../webview/store/panelModel.js';
import { compareRuns } from '../../../webview/comparison/runs.js';
import { diffFrames } from '../../../webview/comparison/diffFrames.js';
import { operationCost } from '../../../webview/comparison/perOperation.js';
import { diffRows, onlySide } from '../../../webview/tabs/compare/rows.js';
import {
  neutralSlot,
  noiseSlot,
  scaleColors,
  slotOfDifference,
} from '../../../webview/tabs/compare/scale.js';
import { contrast, parseColor, type Rgb } from '../../../webview/ui/palette.js';
import { layoutFlame } from '../../../webview/graph/layout.js';
import type { BenchResult, PanelProfile, StatDocument } from '../../../src/wire/protocol.js';
import { foldedStacks } from './arbitrary.js';
import { otherRun, panelProfile } from './profile.js';
import { diffSide, samples } from '../support/countedTree.js';

const result = (median: number): BenchResult => ({
  allocator: 'hakmem',
  opsPerSec: { median, ci95: [median * 0.99, median * 1.01], samples: [median] },
  peakRssBytes: 1,
});
const stat = (counters: StatDocument['counters'], operations: number | null): StatDocument => ({
  counters,
  unavailable: [],
  derived: {},
  operations,
});

function modelOf(profile: PanelProfile): PanelModel {
  const model = new PanelModel(initialState, () => undefined);
  model.show(profile);
  return model;
}

describe('what a comparison says of how its figures were taken', () => {
  const remarks = (a: Partial<PanelProfile>, b: Partial<PanelProfile>) => {
    const folded = [{ stack: ['main'], weight: 3 }];
    const other = otherRun(panelProfile(folded, a));
    return compareRuns(modelOf(panelProfile(folded, b)), other, 'share').remarks;
  };
  const short = { differentArguments: { throughput: '1 100', shares: "1 20000 'a b'" } };

  it('names the arguments of throughput and shares where they are not the same', () => {
    expect(remarks({}, {})).toEqual([]);
    expect(remarks(short, short)).toEqual([
      "Throughput of both was measured with the arguments 1 100, shares with 1 20000 'a b': what joins the two assumes that the profile and the benchmark did the same work.",
    ]);
    expect(remarks(short, {})[0]).toMatch(/^Throughput of A /);
    const other = { differentArguments: { throughput: '', shares: '5' } };
    expect(remarks(short, other)[1]).toMatch(/^Throughput of B .* arguments \(none\), shares with 5:/);
  });
});

describe('the cost of an operation', () => {
  it('is its time, where the event samples time', () => {
    const known = operationCost({ results: [result(10e6)], stat: null }, { name: 'cycles:u' }, 5);
    expect(known).toMatchObject({ unit: 'ns/op', cost: { value: 100 } });
  });

  it('is the counted CPU time where there is no benchmark', () => {
    const counted = stat([{ event: 'task-clock', value: 50, unit: 'msec' }], 1_000_000);
    expect(operationCost({ results: [], stat: counted }, { name: 'cpu-clock' }, 5)).toEqual({
      unit: 'ns/op',
      cost: exactly(50),
    });
  });

  it('is the event’s own count for complete counts and counted events', () => {
    expect(operationCost({ results: [], stat: stat([], 10) }, { name: 'Ir', exact: true }, 500)).toEqual({
      unit: 'Ir/op',
      cost: exactly(50),
    });
    const counted = stat([{ event: 'page-faults:u', value: 30, unit: '' }], 10);
    expect(operationCost({ results: [result(1)], stat: counted }, { name: 'page-faults:u' }, 5)).toEqual({
      unit: 'page-faults:u/op',
      cost: exactly(3),
    });
  });

  it('is never guessed', () => {
    expect(operationCost({ results: [], stat: null }, { name: 'cycles' }, 5)).toBe('has no throughput');
    expect(operationCost({ results: [result(1)], stat: stat([], 10) }, { name: 'cache-misses' }, 5)).toBe(
      'did not count cache-misses',
    );
    expect(operationCost({ results: [result(1)], stat: null }, { name: 'cache-misses' }, 5)).toBe(
      'reports no number of operations',
    );
  });
});

describe('a comparison of two runs', () => {
  const a = panelProfile([
    { stack: ['main', 'lookup'], weight: 600 },
    { stack: ['main', 'gone'], weight: 400 },
  ]);
  const b = panelProfile([
    { stack: ['main', 'lookup'], weight: 300 },
    { stack: ['main', 'fresh'], weight: 700 },
  ]);
  const run = otherRun;

  it('is by share where operations are not known, and says why', () => {
    const comparison = compareRuns(modelOf(b), run(a), 'operation');
    expect(comparison.normalization).toBe('share');
    expect(comparison.noOperations).toBe('A has no throughput.');
    expect(comparison.format(0.5)).toBe('50.0%');
  });

  it('is by the cost of an operation where both tell it', () => {
    const known = (profile: PanelProfile, ops: number) => ({ ...profile, results: [result(ops)] });
    const comparison = compareRuns(modelOf(known(b, 20e6)), run(known(a, 10e6)), 'operation');
    expect(comparison.normalization).toBe('operation');
    expect(comparison.diff.tree.total.a[0]).toBeCloseTo(100, 9);
    expect(comparison.diff.tree.total.b[0]).toBeCloseTo(50, 9);
    expect(comparison.formatDelta(-50)).toBe('−50.0 ns/op');
  });

  it('warns of different events', () => {
    const other = { ...a, events: [{ name: 'page-faults' }] };
    const { warnings, noOperations } = compareRuns(modelOf(b), run(other), 'operation');
    expect(warnings.join()).toContain('page-faults');
    expect(noOperations).toContain('different events');
  });

  it('lists what only one side has, and significant differences before noise', () => {
    const { diff } = compareRuns(modelOf(b), run(a), 'share');
    const names = (filter: Parameters<typeof diffRows>[1]) =>
      diffRows(diff, filter).map((i) => [onlySide(diff, i), diff.self.verdict[i]]);
    expect(names('onlyA')).toEqual([['A', -1]]);
    expect(names('onlyB')).toEqual([['B', 1]]);
    const verdicts = diffRows(diff, 'all').map((i) => Math.abs(diff.self.verdict[i] ?? 0));
    expect(verdicts).toEqual([...verdicts].sort((x, y) => y - x));
  });

  it('draws every frame of either side inside its caller', () => {
    fc.assert(
      fc.property(foldedStacks, foldedStacks, (x, y) => {
        const { diff } = compareRuns(modelOf(panelProfile(y)), run(panelProfile(x)), 'share');
        const frames = diffFrames(diff.tree);
        const whole = frames.total(0);
        const layout = layoutFlame(frames, { from: 0, to: whole }, 1e6, 0);
        if (whole > 0) expect(new Set(layout.node).size).toBe(diff.tree.length);
        for (let node = 1; node < diff.tree.length; node++) {
          const up = frames.parent(node);
          expect(frames.start(node)).toBeGreaterThanOrEqual(frames.start(up) - 1e-9);
          expect(frames.start(node) + frames.total(node)).toBeLessThanOrEqual(
            frames.start(up) + frames.total(up) + 1e-9,
          );
        }
      }),
    );
  });

  it('keeps samples without a function in the sum', () => {
    const side = diffSide([{ stack: [], weights: [1, 1] }, samples('f', 8)]);
    const diff = buildDiff(side, side);
    expect(diffRows(diff, 'all')).toHaveLength(2);
  });
});

describe('the colors of differences', () => {
  it('are gray within noise, however large the difference', () => {
    expect(slotOfDifference(0.9, 0)).toBe(noiseSlot);
  });

  it('grow stronger to both sides', () => {
    expect([0.001, 0.01, 0.1].map((d) => slotOfDifference(d, 1) - noiseSlot)).toEqual([1, 2, 3]);
    expect([0.001, 0.01, 0.1].map((d) => slotOfDifference(-d, -1) - noiseSlot)).toEqual([-1, -2, -3]);
  });

  it.each([
    ['dark', [30, 30, 30], [212, 212, 212]],
    ['light', [255, 255, 255], [51, 51, 51]],
    ['high contrast', [0, 0, 0], [255, 255, 255]],
  ] as const)('carry readable names on %s', (_, background: Rgb, foreground: Rgb) => {
    const colors = scaleColors(background, foreground);
    expect(colors).toHaveLength(neutralSlot + 1);
    for (const { fill, text } of colors)
      expect(contrast(parseColor(fill) as Rgb, parseColor(text) as Rgb)).toBeGreaterThan(4.5);
  });
});
