import { describe, expect, it } from 'vitest';
import { fuzz } from '../../fuzz/fuzz.mjs';

describe('the fuzzer', () => {
  it('finds nothing in its first inputs of every format', async () => {
    const { inputs, read, refused, findings, perFormat } = await fuzz({ inputs: 300, seed: 1 });
    expect(findings).toEqual([]);
    expect(inputs).toBe(300 * Object.keys(perFormat).length);
    // Damage that nothing survives, or that nothing notices, would test nothing.
    expect(Math.min(read, refused)).toBeGreaterThan(inputs / 10);
    for (const [format, row] of Object.entries(perFormat)) expect(row.read, format).toBeGreaterThan(0);
  }, 60_000);
});
