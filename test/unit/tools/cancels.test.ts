import { expect, it } from 'vitest';
import { cancels, ways } from '../../fuzz/cancels.mjs';

it('operations that are ended at random moments leave nothing', async () => {
  const { cancels: count, byWay, findings } = await cancels({ number: 30, seed: 7, jobs: 3 });
  expect(findings).toEqual([]);
  expect(count).toBe(30);
  expect(Object.keys(byWay).sort()).toEqual(Object.keys(ways).sort());
}, 900_000);
