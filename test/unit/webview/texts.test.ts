import { afterEach, describe, expect, it } from 'vitest';
import { useLanguage } from '../../../src/text/language.js';
import { baseName, place } from '../../../webview/text/places.js';
import { plainPercent } from '../../../webview/text/plainPercent.js';
import { ratio } from '../../../webview/text/ratio.js';
import { modelOf } from './profile.js';

afterEach(() => {
  useLanguage('en-US');
});

describe('texts of the panel', () => {
  it('name a place by its file and line', () => {
    expect(place('/a/b/pool.c', 12)).toBe('pool.c:12');
    expect(place('pool.c', 0)).toBe('pool.c');
    expect(baseName('/a/b/')).toBe('');
  });

  it('have shares that programs read in one notation, whatever the language', () => {
    useLanguage('de');
    expect([0.123456, 1, -1e-12].map(plainPercent)).toEqual(['12.35', '100.00', '0.00']);
  });

  it('have ratios with the decimals in which they differ', () => {
    expect(ratio(1.6683)).toBe('1.668×');
    useLanguage('de');
    expect(ratio(1.6683)).toBe('1,668×');
  });
});

describe('shares of nothing', () => {
  it('are 0, not NaN', () => {
    expect(modelOf([]).shown.share(0)).toBe(0);
  });
});
