import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IntPairMap } from '../../../src/model/intPairMap.js';

it('behaves as a map of pairs does, growth, clearing and unsigned keys included', () => {
  const key = fc.oneof(fc.integer(), fc.integer({ min: -3, max: 3 }), fc.nat(0xffffffff));
  fc.assert(
    fc.property(fc.array(fc.tuple(key, key, fc.nat())), fc.boolean(), (entries, clear) => {
      const map = new IntPairMap(2);
      const wanted = new Map<string, number>();
      const name = (a: number, b: number) => `${a | 0},${b | 0}`;
      entries.forEach(([a, b, value], i) => {
        if (clear && i === 5) {
          map.clear();
          wanted.clear();
        }
        expect(map.get(a, b)).toBe(wanted.get(name(a, b)) ?? -1);
        map.set(a, b, value);
        wanted.set(name(a, b), value);
      });
      for (const [a, b] of entries) expect(map.get(a, b)).toBe(wanted.get(name(a, b)) ?? -1);
    }),
  );
});
