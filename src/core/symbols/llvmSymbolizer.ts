import { LineProcess } from './lineProcess.js';
import type { SymbolFrame, SymbolTool } from './symbolTool.js';

/**
 * Names stay mangled like those of symbols, so that one demangler reads both. The verbose form has the same information as
 * JSON, in two thirds of the time.
 */
const tool = new LineProcess('llvm-symbolizer', ['--verbose', '--inlines', '--no-demangle']);

/**
 * Lines of module and address are answered in order. Each answer ends with an empty line, even if nothing is known or the
 * module can't be read (llvm-symbolizer(1), --verbose). One process serves all modules.
 */
export const llvmSymbolizer: SymbolTool = async (module, addresses, { signal }) => {
  if (addresses.length === 0) return [];
  const quote = module.includes('"') ? "'" : '"';
  if (module.includes(quote) || module.includes('\n')) return addresses.map(() => []);
  const input = addresses.map((a) => `${quote}${module}${quote} 0x${a.toString(16)}\n`).join('');
  const answers = new LlvmAnswers();
  await tool.ask(input, (line) => answers.take(line) >= addresses.length, signal);
  return answers.frames;
};

export function endLlvmSymbolizer(): void {
  tool.end();
}

const fields = {
  file: '  Filename: ',
  line: '  Line: ',
  startFile: '  Function start filename: ',
  startLine: '  Function start line: ',
};

/** Parses answers line by line: for each frame a name, then indented fields. Equal frames share one object. */
export class LlvmAnswers {
  readonly frames: SymbolFrame[][] = [];
  /** By name, then by lines, to avoid building a key for each of millions of frames. */
  private readonly known = new Map<string, Map<number, SymbolFrame[]>>();
  private current: SymbolFrame[] = [];
  private name = '';
  private file = '';
  private line = 0;
  private startFile = '';
  private startLine = 0;

  /** @returns how many addresses have complete answers */
  take(line: string): number {
    if (!line.startsWith('  ')) {
      this.endFrame();
      this.name = line;
      if (line === '') {
        this.frames.push(this.current);
        this.current = [];
      }
    } else if (line.startsWith(fields.file)) this.file = line.slice(fields.file.length);
    else if (line.startsWith(fields.line)) this.line = Number(line.slice(fields.line.length));
    else if (line.startsWith(fields.startLine)) this.startLine = Number(line.slice(fields.startLine.length));
    else if (line.startsWith(fields.startFile)) this.startFile = line.slice(fields.startFile.length);
    return this.frames.length;
  }

  private endFrame(): void {
    if (this.name !== '' && this.name !== '??') this.current.push(this.frame());
    this.name = this.file = this.startFile = '';
    this.line = this.startLine = 0;
  }

  private frame(): SymbolFrame {
    const { name, file, line, startFile, startLine } = this;
    let byLines = this.known.get(name);
    // A substring as a key would keep the whole text in memory.
    if (!byLines) this.known.set(copied(name), (byLines = new Map()));
    const lines = startLine * 2 ** 26 + line;
    let frames = byLines.get(lines);
    if (!frames) byLines.set(lines, (frames = []));
    const own = known(file);
    const start = known(startFile) ?? own;
    let frame = frames.find((f) => f.file === own && f.declarationFile === start);
    if (!frame) {
      const declarationFile = start === undefined ? undefined : copied(start);
      frame = {
        name: copied(name),
        file: own === undefined ? undefined : copied(own),
        line,
        declarationFile,
        declarationLine: startLine,
      };
      frames.push(frame);
    }
    return frame;
  }
}

function known(file: string): string | undefined {
  return file === '' || file === '??' ? undefined : file;
}

/** A substring would keep the whole text in memory. */
function copied(text: string): string {
  return Buffer.from(text).toString();
}
