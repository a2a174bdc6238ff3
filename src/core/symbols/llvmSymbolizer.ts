import { LineProcess } from './lineProcess.js';
import type { SymbolFrame, SymbolTool } from './symbolizer.js';

interface JsonSymbol {
  readonly FunctionName: string;
  readonly FileName: string;
  readonly Line: number;
  readonly StartFileName?: string;
  readonly StartLine: number;
}

/** Names are left encoded: symbols are too, and one demangler must read both. */
const tool = new LineProcess('llvm-symbolizer', ['--output-style=JSON', '--inlines', '--no-demangle']);

/**
 * Lines of module and address are answered by one JSON object a line, in their order (llvm-symbolizer(1),
 * --output-style=JSON). One process serves all modules.
 */
export const llvmSymbolizer: SymbolTool = async (module, addresses, { signal }) => {
  if (addresses.length === 0) return [];
  const quote = module.includes('"') ? "'" : '"';
  if (module.includes(quote) || module.includes('\n')) return addresses.map(() => []);
  const input = addresses.map((a) => `${quote}${module}${quote} 0x${a.toString(16)}\n`).join('');
  const lines = await tool.ask(input, (answers) => answers.length >= addresses.length, signal);
  return parseLlvmJson(lines.join('\n'));
};

export function endLlvmSymbolizer(): void {
  tool.end();
}

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
