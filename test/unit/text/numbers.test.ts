import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { dateTime, shortTime } from '../../../src/text/dates.js';
import { language, useLanguage } from '../../../src/text/language.js';
import {
  bytes,
  count,
  digits3,
  duration,
  opsPerSec,
  percent,
  plural,
  scaled,
  signed,
} from '../../../src/text/numbers.js';

afterEach(() => {
  useLanguage('en-US');
});

describe('figures', () => {
  it('have three significant digits and two decimals at most', () => {
    expect([0, 0.004, 0.1234, 4.56, 9.996, 12.34, 118.4, 1234.5].map(digits3)).toEqual([
      '0',
      '0',
      '0.12',
      '4.56',
      '10.0',
      '12.3',
      '118',
      '1,235',
    ]);
  });

  it('are shares without a space before the sign', () => {
    expect([0.123456, 0.0456, 1, 0, -1e-14, 0.00002].map(percent)).toEqual([
      '12.3%',
      '4.56%',
      '100%',
      '0%',
      '0%',
      '<0.01%',
    ]);
  });

  it('are throughputs with a scale letter', () => {
    expect([98_400_000, 9_836_420, 999_600, 0].map(opsPerSec)).toEqual([
      '98.4M ops/s',
      '9.84M ops/s',
      '1.00M ops/s',
      '0 ops/s',
    ]);
  });

  it('never need more than three digits and a point', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 9.9e11, noNaN: true }), (value) => {
        expect(scaled(value)).toMatch(/^(\d\.\d\d|\d\d\.\d|\d{3})[kMG]?$/);
      }),
    );
  });

  it('keep within half a unit of the last digit shown', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1, noNaN: true }), (share) => {
        const shown = Number(percent(share).slice(0, -1)) / 100;
        expect(Math.abs(shown - share)).toBeLessThanOrEqual(share * 0.00501);
      }),
    );
  });

  it('are sizes in binary units', () => {
    expect([512, 30_408_704, 1023.7 * 1024].map(bytes)).toEqual(['512 B', '29.0 MiB', '1.00 MiB']);
  });

  it('are counted things', () => {
    expect([plural(1, 'frame'), plural(1234, 'frame')]).toEqual(['1 frame', '1,234 frames']);
  });

  it('carry a sign where they are differences, and none where nothing differs', () => {
    expect([0.05, -0.05, 0, -1e-15, 0.00001].map((value) => signed(value, percent))).toEqual([
      '+5.00%',
      '−5.00%',
      '0%',
      '0%',
      '<0.01%',
    ]);
  });

  it('are durations', () => {
    expect([0.41, 12.4, 200, 7500].map(duration)).toEqual(['0.4 s', '12 s', '3 min 20 s', '2 h 05 min']);
  });
});

describe('the language', () => {
  it('decides on points, groups and dates', () => {
    useLanguage('de');
    expect([percent(0.1234), count(1234), opsPerSec(9_836_420)]).toEqual(['12,3%', '1.234', '9,84M ops/s']);
    expect(dateTime('2026-11-22T10:00:00Z')).toContain('22.11.2026');
  });

  it('stays as it is when a tag is not one', () => {
    useLanguage('no such language');
    expect(language()).toBe('en-US');
  });
});

describe('times', () => {
  it('are short where they can be', () => {
    const now = new Date('2026-11-22T12:00:00Z');
    expect(shortTime('2026-11-22T11:30:00Z', now)).toMatch(/^\d\d:30/);
    expect(shortTime('2026-03-02T11:30:00Z', now)).toMatch(/^Mar 2/);
    expect(shortTime('2024-03-02T11:30:00Z', now)).toContain('2024');
  });

  it('are shown as they came where they are none', () => {
    expect([dateTime('yesterday'), shortTime('yesterday')]).toEqual(['yesterday', 'yesterday']);
  });
});
