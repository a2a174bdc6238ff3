import { describe, expect, it } from 'vitest';
import { outdated } from '../../../src/model/keepPolicy.js';
import { keepText } from '../../../src/text/keepText.js';

describe('which runs are kept', () => {
  const day = 86_400_000;
  const now = 100 * day;
  const runs = [0, 1, 5, 20].map((age) => ({ id: `${age}`, saved: now - age * day, bytes: 2 ** 20 }));

  it.each([
    [{}, []],
    [{ runs: 2 }, ['5', '20']],
    [{ runs: 9 }, []],
    [{ days: 5 }, ['20']],
    [{ mebibytes: 3 }, ['20']],
    [{ runs: 3, days: 2 }, ['5', '20']],
    [{ runs: 1, days: 0.1, mebibytes: 0.1 }, ['1', '5', '20']],
  ])('by %j', (policy, gone) => {
    expect(outdated(runs, policy, now)).toEqual(gone);
  });

  it('is said where they are listed', () => {
    expect(keepText({})).toBe('');
    expect(keepText({ runs: 200, days: 90, mebibytes: 2048 })).toBe(
      'Runs without a title or note that exceed 200 runs or 90 days or 2.00 GiB go to the trash.',
    );
  });
});
