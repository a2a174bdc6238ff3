import { LineProcess } from './lineProcess.js';
import type { SymbolFrame, SymbolTool } from './symbolTool.js';

/** Each process keeps its module in memory; beyond this number, the least recently used one is ended. */
const maxProcesses = 4;
const processes = new Map<string, LineProcess>();

/**
 * With -a each address is echoed before its frames; each frame is a line with the name and one with file:line. A final
 * address that isn't code marks the end of the answer. Names stay mangled, see `llvmSymbolizer`.
 */
export const addr2line: SymbolTool = async (module, addresses, { signal }) => {
  if (addresses.length === 0) return [];
  const input = [...addresses, 0].map((a) => `0x${a.toString(16)}\n`).join('');
  const answer = new Addr2lineAnswer();
  await processOf(module).ask(input, (line) => answer.take(line) > addresses.length, signal);
  return answer.frames.slice(0, addresses.length);
};

function processOf(module: string): LineProcess {
  const found = processes.get(module) ?? new LineProcess('addr2line', ['-a', '-f', '-i', '-e', module]);
  processes.delete(module);
  processes.set(module, found);
  const [oldest] = processes.keys();
  if (processes.size > maxProcesses && oldest !== undefined) {
    processes.get(oldest)?.endLater();
    processes.delete(oldest);
  }
  return found;
}

export function endAddr2line(): void {
  for (const process of processes.values()) process.endLater();
  processes.clear();
}

/** Parses an answer line by line: an echoed address, then pairs of a name and a location. */
export class Addr2lineAnswer {
  readonly frames: SymbolFrame[][] = [];
  private name: string | undefined;

  /** @returns how many addresses have complete answers, as far as is known: the last one has at least one pair */
  take(line: string): number {
    if (this.name !== undefined) {
      const place = /^(.*):(\d+|\?)(?: \(discriminator \d+\))?$/.exec(line);
      const file = place?.[1] === '??' ? undefined : place?.[1];
      if (this.name !== '??')
        this.frames.at(-1)?.push({
          name: this.name,
          file,
          line: file === undefined ? 0 : Number(place?.[2]) || 0,
          declarationFile: file,
          declarationLine: 0,
        });
      this.name = undefined;
      return this.frames.length;
    }
    if (/^0x[0-9a-f]+$/.test(line)) this.frames.push([]);
    else if (line !== '') this.name = line;
    return this.frames.length - 1;
  }
}
