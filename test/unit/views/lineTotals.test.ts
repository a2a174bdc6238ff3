import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCallTree } from '../../../src/views/callTree.js';
import { functionCosts } from '../../../src/views/costs.js';
import { lineTotals } from '../../../src/views/lineTotals.js';
import { calleesOfLine, neighborsOf } from '../../../src/views/neighbors.js';
import { profileOf } from '../vscode/profiles.js';

const profile = profileOf([
  [['main@/src/main.c:3', 'work@/src/main.c:12'], 50],
  [['main@/src/main.c:3', 'work@/src/main.c:13', 'lookup@/src/lookup.h:6'], 20],
  [['main@/src/main.c:3', 'work@/src/main.c:13', 'work@/src/main.c:13', 'lookup@/src/lookup.h:6'], 7],
  [['main@/src/main.c:4', 'lookup@/src/lookup.h:6'], 19],
  [['main@/src/main.c:4'], 4],
]);
const func = (name: string) =>
  [...profile.functions.name].findIndex((index) => profile.strings[index] === name);

describe('total costs of lines', () => {
  it('count a sample once for each line on its stack', () => {
    const { length, line, file, self, total, totalSamples, all } = lineTotals(profile);
    const rows = Array.from({ length }, (_, i) => [
      `${profile.strings[file[i] as number]}:${line[i]}`,
      self[i],
      total[i],
      totalSamples[i],
    ]);
    expect(all).toBe(100);
    expect(rows.sort()).toEqual([
      ['/src/lookup.h:6', 46, 46, 3],
      ['/src/main.c:12', 50, 50, 1],
      ['/src/main.c:13', 0, 27, 2],
      ['/src/main.c:3', 0, 77, 3],
      ['/src/main.c:4', 4, 23, 2],
    ]);
  });

  it('agree with those of functions where each function has one line', () => {
    const names = ['main', 'work', 'lookup', 'other'];
    const stack = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 8 });
    const samples = fc.array(fc.tuple(stack, fc.integer({ min: 1, max: 9 })), { maxLength: 20 });
    fc.assert(
      fc.property(samples, (all) => {
        const one = profileOf(
          all.map(([frames, weight]) => [frames.map((name) => `${name}@/src/${name}.c:5`), weight]),
        );
        const lines = lineTotals(one);
        const costs = functionCosts(one);
        for (let i = 0; i < lines.length; i++) {
          expect(lines.total[i]).toBe(costs.total[lines.func[i] as number]);
          expect(lines.self[i]).toBe(costs.self[lines.func[i] as number]);
        }
      }),
    );
  });
});

describe('the neighbors of a function', () => {
  const tree = buildCallTree(profile);

  it('are who calls it and what it calls, a recursion counted once', () => {
    expect(neighborsOf(tree, func('lookup'))).toEqual({
      callers: [
        { func: func('work'), weight: 27 },
        { func: func('main'), weight: 19 },
      ],
      callees: [],
      inlinedInto: [],
    });
    expect(neighborsOf(tree, func('work'))).toMatchObject({
      callers: [{ func: func('main'), weight: 77 }],
      callees: [{ func: func('lookup'), weight: 27 }],
    });
    expect(neighborsOf(tree, func('main')).callers).toEqual([{ func: -1, weight: 100 }]);
  });

  it('are, of a line, what it calls', () => {
    const file = profile.strings.indexOf('/src/main.c');
    expect(calleesOfLine(profile, file, 4)).toEqual([{ func: func('lookup'), weight: 19 }]);
    expect(calleesOfLine(profile, file, 13)).toEqual([
      { func: func('lookup'), weight: 27 },
      { func: func('work'), weight: 7 },
    ]);
    expect(calleesOfLine(profile, file, 12)).toEqual([]);
  });
});
