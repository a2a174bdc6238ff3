import { findCommand } from '../process/tools.js';
import { addr2line } from './addr2line.js';
import { LineProcess } from './lineProcess.js';
import { UNNAMED_INLINED, type SymbolFrame, type SymbolTool } from './symbolTool.js';

/**
 * Names stay mangled like those of symbols, so that one demangler reads both. The verbose form has the same information as
 * JSON, in two thirds of the time.
 */
const tool = new LineProcess('llvm-symbolizer', ['--verbose', '--inlines', '--no-demangle']);

/**
 * Lines of module and address are answered in order. Each answer ends with an empty line, even if nothing is known or the
 * module can't be read (llvm-symbolizer(1), --verbose). One process serves all modules.
 */
export const llvmSymbolizer: SymbolTool = async (module, addresses, context) => {
  if (addresses.length === 0) return [];
  const quote = module.includes('"') ? "'" : '"';
  if (module.includes(quote) || module.includes('\n')) {
    // It can't be asked about such a name; addr2line gets it as an argument.
    return (await findCommand('addr2line')) ? addr2line(module, addresses, context) : addresses.map(() => []);
  }
  const input = addresses.map((a) => `${quote}${module}${quote} 0x${a.toString(16)}\n`).join('');
  const answers = new LlvmAnswers();
  await tool.ask(input, (line) => answers.take(line) >= addresses.length, context.signal);
  await askAgain(answers, module, addresses, context);
  return answers.frames;
};

/**
 * It answers `??` for an inlined function whose name is in a second file (`.gnu_debugaltlink`, which dwz writes and
 * distributions ship). addr2line reads that file.
 */
async function askAgain(
  { frames, nameless }: LlvmAnswers,
  module: string,
  addresses: readonly number[],
  context: Parameters<SymbolTool>[2],
): Promise<void> {
  if (nameless.length === 0 || !(await findCommand('addr2line'))) return;
  const asked = nameless.map((i) => addresses[i] as number);
  const others = await addr2line(module, asked, context);
  nameless.forEach((i, n) => {
    const other = others[n] ?? [];
    const own = frames[i] ?? [];
    if (other.length === 0 || other.length < own.length) return;
    // Of a function that it can't name either, it repeats the name of the one around it, or of the outermost.
    frames[i] = other.map((frame, depth) =>
      own[depth]?.name === UNNAMED_INLINED &&
      depth < other.length - 1 &&
      [other[depth + 1]?.name, other.at(-1)?.name].includes(frame.name)
        ? (own[depth] as SymbolFrame)
        : frame,
    );
  });
}

/** For a profile that is being read: starting it takes as long as reading some ten thousand samples. */
export function warmLlvmSymbolizer(): void {
  tool.warm();
}

export function endLlvmSymbolizer(): void {
  tool.endLater();
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
  /** The answers with a function whose name it can't read though its line is known. */
  readonly nameless: number[] = [];
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
    if (this.name === '??' && known(this.file) !== undefined) {
      // Keeps the line of the code; left out, its cost would go to the line of the call.
      this.name = UNNAMED_INLINED;
      if (this.nameless.at(-1) !== this.frames.length) this.nameless.push(this.frames.length);
    }
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

/** Under LTO, it looks declarations up in the files of a unit that only joins others, which are called `<artificial>`. */
function known(file: string): string | undefined {
  return file === '' || file === '??' || file.endsWith('<artificial>') ? undefined : file;
}

/** A substring would keep the whole text in memory. */
function copied(text: string): string {
  return Buffer.from(text).toString();
}
