import { describe, expect, it } from 'vitest';
import { readWanted, sameSubject, targetsOf } from '../../../webview/tabs/whatif/targets.js';

const func = { name: 'f', module: '/m' };

describe('targets of "what if"', () => {
  it('come back as they were saved, without what is not understood', () => {
    const saved = [
      { category: 'Pool', share: 0.1 },
      { func, share: 0.2 },
    ];
    expect(readWanted(JSON.parse(JSON.stringify(saved)))).toEqual(saved);
    expect(
      readWanted([null, 5, { category: 'x', share: 7 }, { share: 0.1 }, { func: { name: 1 }, share: 0 }]),
    ).toEqual([]);
    expect(readWanted('x')).toEqual([]);
  });

  it('are found again by name in another profile', () => {
    const wanted = [
      { category: 'Pool', share: 0.1 },
      { category: 'Gone', share: 0.1 },
      { func, share: 0.2 },
    ];
    expect(targetsOf(wanted, ['Other', 'Pool'], ({ name }) => (name === 'f' ? 4 : -1))).toEqual([
      { kind: 'category', index: 1, share: 0.1 },
      { kind: 'function', index: 4, share: 0.2 },
    ]);
    expect(targetsOf(wanted, [], () => -1)).toEqual([]);
  });

  it('of one subject replace one another', () => {
    expect(sameSubject({ category: 'a', share: 0 }, { category: 'a', share: 1 })).toBe(true);
    expect(sameSubject({ category: 'f', share: 0 }, { func, share: 0 })).toBe(false);
    expect(sameSubject({ func, share: 0 }, { func: { ...func, module: '/n' }, share: 0 })).toBe(false);
  });
});
