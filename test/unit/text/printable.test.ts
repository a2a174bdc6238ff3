import { describe, expect, it } from 'vitest';
import { printable } from '../../../src/text/printable.js';

describe('a name from outside', () => {
  it('carries no control characters and no change of direction', () => {
    expect(printable('a\nb\u202Ec\u0000')).toBe('a\ufffdb\ufffdc\ufffd');
    expect(printable('std::vector<int>')).toBe('std::vector<int>');
  });
});
