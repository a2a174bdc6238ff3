import { expect, it } from 'vitest';
import { argumentsThatDiffer } from '../../../src/core/store/runArguments.js';
import { runDifferences } from '../../../src/views/runDifferences.js';
import type { RunDocument } from '../../../src/model/run.js';

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

it('takes it for no difference that an imported run comes without its command', () => {
  const a = run(['1'], {});
  const imported = { ...a, preset: { ...a.preset, program: '', args: [] } };
  expect([...runDifferences(a, imported), ...runDifferences(imported, a)]).toEqual([]);
});

it('names the arguments of the profile where they were others', () => {
  const a = run(['1'], {});
  const b = { ...a, preset: { ...a.preset, profileArgs: ['1', '9'] } };
  expect(runDifferences(a, b)).toEqual([{ what: 'Profile arguments', a: '1', b: '1 9' }]);
});

it('has both lists of arguments only where a throughput was measured under others', () => {
  const bench = {} as RunDocument['results'][number];
  const preset = { ...run(['1', 'a b'], {}).preset, profileArgs: ['1', "it's"] };
  expect(argumentsThatDiffer({ preset, results: [bench] })).toEqual({
    throughput: "1 'a b'",
    shares: `1 'it'\\''s'`,
  });
  expect(argumentsThatDiffer({ preset, results: [] })).toBeUndefined();
  expect(argumentsThatDiffer({ preset: run(['1'], {}).preset, results: [bench] })).toBeUndefined();
});
