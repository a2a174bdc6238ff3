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
  const found: SymbolFrame[][] = [];
  const read = frameReader();
  await tool.ask(
    input,
    (line) => {
      if (line !== '') found.push(read(line));
      return found.length >= addresses.length;
    },
    signal,
  );
  return found;
};

export function endLlvmSymbolizer(): void {
  tool.end();
}

export function parseLlvmJson(text: string): SymbolFrame[][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(frameReader());
}

/** Reads the lines of one answer. Frames that are the same are one object: addresses of a function share most of them. */
function frameReader(): (line: string) => SymbolFrame[] {
  const known = new Map<string, SymbolFrame>();
  return (line) => {
    const { Symbol: symbols = [] } = JSON.parse(line) as { Symbol?: JsonSymbol[] };
    const frames: SymbolFrame[] = [];
    for (const s of symbols) {
      if (s.FunctionName === '' || s.FunctionName === '??') continue;
      const key = `${s.Line} ${s.StartLine} ${s.FunctionName} ${s.FileName} ${s.StartFileName ?? ''}`;
      let frame = known.get(key);
      if (!frame) {
        frame = {
          name: s.FunctionName,
          file: s.FileName || undefined,
          line: s.Line,
          declarationFile: s.StartFileName || s.FileName || undefined,
          declarationLine: s.StartLine,
        };
        known.set(key, frame);
      }
      frames.push(frame);
    }
    return frames;
  };
}
