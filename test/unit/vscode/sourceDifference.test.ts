import { describe, expect, it } from 'vitest';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { LineMap } from '../../../src/vscode/annotations/lineMap.js';
import { SourceDifference, type DifferenceSide } from '../../../src/vscode/annotations/sourceDifference.js';
import { SourceCosts } from '../../../src/vscode/runs/shown/sourceCosts.js';
import { profileOf } from './profiles.js';

const file = '/src/main.c';

/** @param counts samples by line of `work` (10), or of `lookup` (5 of its own file) */
function sideOf(counts: Readonly<Record<string, number>>): DifferenceSide {
  const stacks = Object.entries(counts).flatMap(([frame, count]) =>
    Array.from({ length: count }, () => [['main@/src/main.c:3', frame], 1] as [string[], number]),
  );
  const profile = profileOf(stacks);
  return { profile, costs: new SourceCosts(profile, new Classifier([])), program: 'test' };
}

const functionsOf = ({ costs }: DifferenceSide, of = file) =>
  costs.ofFile(of).flatMap(({ functions }) => functions);

describe('the difference of two runs in a source', () => {
  const a = sideOf({ 'work@/src/main.c:12': 300, 'work@/src/main.c:13': 700 });
  const b = sideOf({
    'work@/src/main.c:13': 480,
    'work@/src/main.c:14': 320,
    'lookup@/src/lookup.h:6': 200,
  });
  const difference = new SourceDifference(a, b);

  it('is that of the shares of each function, tested', () => {
    const [work] = functionsOf(b).filter(({ name }) => name === 'work');
    const found = work && difference.ofFunction(work);
    expect(found).toMatchObject({ self: { a: 1, b: 0.8, verdict: -1 }, isNew: false });
    expect(found?.self.delta.value).toBeCloseTo(-0.2);
    const { low, high } = found?.self.delta ?? { low: 0, high: 0 };
    expect(low).toBeLessThan(-0.2);
    expect(high).toBeGreaterThan(-0.2);
    expect(high).toBeLessThan(0);
  });

  it('says which functions are new', () => {
    const [lookup] = functionsOf(b, '/src/lookup.h');
    expect(lookup && difference.ofFunction(lookup)).toMatchObject({
      self: { a: 0, b: 0.2, verdict: 1 },
      isNew: true,
    });
  });

  it('is within noise where the shares could be the same', () => {
    const [x, y] = [
      { 'work@/src/main.c:12': 50, 'lookup@/src/lookup.h:6': 50 },
      { 'work@/src/main.c:12': 53, 'lookup@/src/lookup.h:6': 47 },
    ];
    const close = new SourceDifference(sideOf(x), sideOf(y));
    const [work] = functionsOf(sideOf(y)).filter(({ name }) => name === 'work');
    expect(work && close.ofFunction(work)?.self.verdict).toBe(0);
  });

  it('relates lines by the texts that were profiled, and leaves out those that were changed', () => {
    const before = Array.from({ length: 20 }, (_, i) => `line ${i}`);
    // One line is added above line 13, which was 12; line 15 was changed.
    const now = [...before.slice(0, 11), 'new', ...before.slice(11, 14), 'other', ...before.slice(15)];
    const lines = difference.ofLines(
      a.costs.ofFile(file),
      b.costs.ofFile(file),
      LineMap.between(before, now),
    );
    expect(lines.get(13)).toMatchObject({ self: { a: 0.3, b: 0.48, verdict: 1 } });
    expect(lines.get(14)).toMatchObject({ self: { a: 0.7, b: 0.32, verdict: -1 } });
    const same = difference.ofLines(
      a.costs.ofFile(file),
      b.costs.ofFile(file),
      LineMap.between(before, before),
    );
    expect(same.get(14)).toMatchObject({ self: { a: 0, b: 0.32 }, isNew: true });
    const replaced = before.map((text, i) => (i === 12 ? 'other' : text));
    const changed = difference.ofLines(
      a.costs.ofFile(file),
      b.costs.ofFile(file),
      LineMap.between(before, replaced),
    );
    expect(changed.has(13)).toBe(false);
  });
});
