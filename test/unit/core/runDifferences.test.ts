import { expect, it } from 'vitest';
import { runDifferences } from '../../../src/core/store/runDifferences.js';
import type { RunDocument } from '../../../src/core/store/runDocument.js';

const run = (args: string[], variables: Record<string, string>, kernel = '6.1'): RunDocument =>
  ({
    preset: { program: 'bench', args },
    environment: {
      host: { cpu: 'x', cores: 2, kernel },
      perf: null,
      compiler: 'gcc',
      variables,
      programHash: null,
    },
  }) as unknown as RunDocument;

it('names everything that differs between two runs, and nothing else', () => {
  const a = run(['1', '1000'], { A: '1', B: '2' });
  expect(runDifferences(a, a)).toEqual([]);
  expect(runDifferences(a, run(['2', '1000'], { B: '3', C: '' }, '6.2'))).toEqual([
    { what: 'Arguments', a: '1 1000', b: '2 1000' },
    { what: 'A', a: '1', b: null },
    { what: 'B', a: '2', b: '3' },
    { what: 'C', a: null, b: '' },
    { what: 'Kernel', a: '6.1', b: '6.2' },
  ]);
});
