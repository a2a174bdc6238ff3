import { describe, expect, it } from 'vitest';
import { buildCallTree } from '../../../src/views/callTree.js';
import { hottestPath, withoutMiddle } from '../../../src/views/hottestPath.js';
import { foldedProfile } from '../support/fixtures.js';

describe('the hottest path to a function', () => {
  const profile = foldedProfile(['a;b;c 3', 'a;d;c 5', 'a;d 2', 'e;c;d;c 4'].join('\n'));
  const tree = buildCallTree(profile);
  const nameOf = (func: number) => profile.strings[profile.functions.name[func] as number];
  const pathTo = (name: string) => {
    const func = Array.from({ length: profile.functions.length }, (_, f) => f).find(
      (f) => nameOf(f) === name,
    );
    return hottestPath(tree, func ?? -2).map((step) => [nameOf(step.func), step.weight]);
  };

  it('leads from the start of the program through the callers with most of its samples', () => {
    expect(pathTo('c')).toEqual([
      ['a', 10],
      ['d', 7],
      ['c', 5],
    ]);
    expect(pathTo('a')).toEqual([['a', 10]]);
  });

  it('is empty for a function without samples', () => {
    expect(pathTo('none')).toEqual([]);
  });

  it('is shortened in the middle', () => {
    expect(withoutMiddle([1, 2, 3], 4)).toEqual({ first: [1, 2, 3], leftOut: 0, last: [] });
    expect(withoutMiddle([1, 2, 3, 4, 5, 6, 7], 4)).toEqual({ first: [1, 2], leftOut: 3, last: [6, 7] });
  });
});
