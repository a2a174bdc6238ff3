import { LabError } from '../labError.js';
import { run } from '../process/run.js';
import type { SymbolFrame, SymbolTool } from './symbolizer.js';

interface JsonSymbol {
  readonly FunctionName: string;
  readonly FileName: string;
  readonly Line: number;
  readonly StartFileName?: string;
  readonly StartLine: number;
}

/** Output is one JSON object a line, in the order of the input (llvm-symbolizer(1), --output-style=JSON). */
export const llvmSymbolizer: SymbolTool = async (module, addresses, { signal }) => {
  const result = await run(
    'llvm-symbolizer',
    ['--output-style=JSON', '--inlines', '--demangle', `--obj=${module}`],
    {
      input: addresses.map((a) => `0x${a.toString(16)}\n`).join(''),
      signal,
    },
  );
  const found = parseLlvmJson(result.stdout);
  if (result.exitCode !== 0 || found.length !== addresses.length) {
    throw new LabError('perf-failed', `llvm-symbolizer failed on ${module}.`, {
      detail: result.stderr.trim().split('\n').slice(-5).join('\n'),
      remedy: { text: 'Check that the file is the one that was recorded, then profile again.' },
    });
  }
  return found;
};

export function parseLlvmJson(text: string): SymbolFrame[][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { Symbol: symbols = [] } = JSON.parse(line) as { Symbol?: JsonSymbol[] };
      return symbols
        .filter((s) => s.FunctionName !== '' && s.FunctionName !== '??')
        .map((s) => ({
          name: s.FunctionName,
          file: s.FileName || undefined,
          line: s.Line,
          declarationFile: s.StartFileName || s.FileName || undefined,
          declarationLine: s.StartLine,
        }));
    });
}
