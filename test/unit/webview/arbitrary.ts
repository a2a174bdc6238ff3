/** Arbitrary profiles: shallow and deep, recursive and empty ones. */
import fc from 'fast-check';
import type { Folded } from './profile.js';

export const foldedStacks: fc.Arbitrary<Folded[]> = fc.array(
  fc.record({
    stack: fc.array(fc.constantFrom('a', 'bb', 'ccc', 'dd', 'e', 'ffff'), { minLength: 1, maxLength: 12 }),
    weight: fc.integer({ min: 1, max: 30 }),
  }),
  { maxLength: 40 },
);
