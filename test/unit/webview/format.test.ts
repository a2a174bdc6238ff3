import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  localTime,
  opsPerSec,
  percent,
  place,
  plural,
  printable,
  shareOf,
} from '../../../webview/text/format.js';

describe('figures', () => {
  it('are shares with two decimals, and 0 of nothing', () => {
    expect(percent(0.123456)).toBe('12.35 %');
    expect(percent(1)).toBe('100.00 %');
    expect(percent(-1e-12)).toBe('0.00 %');
    expect(percent(shareOf(0, 0))).toBe('0.00 %');
  });

  it('are throughputs with three digits', () => {
    expect(opsPerSec(9_836_420)).toBe('9.84 M ops/s');
    expect(opsPerSec(51_297_877)).toBe('51.3 M ops/s');
    expect(opsPerSec(999_600)).toBe('1.00 M ops/s');
    expect(opsPerSec(0)).toBe('0.00 ops/s');
  });

  it('never need more than three digits and a point', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 9.9e11, noNaN: true }), (value) => {
        expect(opsPerSec(value).split(' ')[0]?.length).toBeLessThanOrEqual(4);
      }),
    );
  });

  it('are sizes in binary units', () => {
    expect(bytes(512)).toBe('512 B');
    expect(bytes(30_408_704)).toBe('29.0 MiB');
  });

  it('are counted things', () => {
    expect(plural(1, 'frame')).toBe('1 frame');
    expect(plural(1234, 'frame')).toBe('1,234 frames');
  });
});

describe('texts', () => {
  it('name a place by its file and line', () => {
    expect(place('/a/b/pool.c', 12)).toBe('pool.c:12');
    expect(place('pool.c', 0)).toBe('pool.c');
  });

  it('carry no control characters and no change of direction', () => {
    expect(printable('a\nb\u202Ec\u0000')).toBe('a\ufffdb\ufffdc\ufffd');
    expect(printable('std::vector<int>')).toBe('std::vector<int>');
  });

  it('show a time they cannot read as it came', () => {
    expect(localTime('yesterday')).toBe('yesterday');
    expect(localTime('2026-11-22T10:00:00Z')).toContain('2026');
  });
});
