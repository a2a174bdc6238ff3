import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteTable, viewOf } from '../../../src/core/import/byteTable.js';

describe('a map from bytes', () => {
  it('answers as a Map of strings does, wherever in a buffer the key lies', () => {
    const key = fc.uint8Array({ maxLength: 20 });
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.nat(3)), { maxLength: 60 }), (keys) => {
        const table = new ByteTable();
        const expected = new Map<string, number>();
        keys.forEach(([bytes, offset], value) => {
          const data = Buffer.concat([Buffer.alloc(offset, 7), bytes, Buffer.from([1, 2, 3])]);
          const [start, end, name] = [offset, offset + bytes.length, Buffer.from(bytes).toString('hex')];
          expect(table.get(viewOf(data), start, end)).toBe(expected.get(name) ?? -1);
          if (!expected.has(name)) {
            expected.set(name, value);
            table.add(data, viewOf(data), start, end, value);
          }
        });
      }),
    );
  });

  it('starts from scratch when it is full and stays right', () => {
    const table = new ByteTable();
    for (let i = 0; i < 200_000; i++) {
      const data = Buffer.from(`key number ${i}`);
      const view = viewOf(data);
      expect(table.get(view, 0, data.length)).toBe(-1);
      table.add(data, view, 0, data.length, i);
      if (table.get(view, 0, data.length) !== -1) expect(table.get(view, 0, data.length)).toBe(i);
    }
  });
});
