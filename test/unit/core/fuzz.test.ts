import { describe, expect, it } from 'vitest';
import { fuzz } from '../../fuzz/fuzz.mjs';

/** Of the lab's own store. Each is read by the report and every view, which takes longer. */
const saved = ['run', 'comparison', 'matrix', 'gate'];

describe('the fuzzer', () => {
  it.each([
    ['profile', 300, (format: string) => !saved.includes(format)],
    ['saved file', 60, (format: string) => saved.includes(format)],
  ] as const)(
    'finds nothing in its first inputs of every %s',
    { timeout: 120_000 },
    async (_, count, only) => {
      const { inputs, read, refused, findings, perFormat } = await fuzz({ inputs: count, seed: 1, only });
      expect(findings).toEqual([]);
      expect(inputs).toBe(count * Object.keys(perFormat).length);
      // Damage that nothing survives, or that nothing notices, would test nothing.
      expect(Math.min(read, refused)).toBeGreaterThan(inputs / 10);
      for (const [format, row] of Object.entries(perFormat)) expect(row.read, format).toBeGreaterThan(0);
    },
  );
});
