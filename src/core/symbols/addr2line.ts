import { LineProcess } from './lineProcess.js';
import type { SymbolFrame, SymbolTool } from './symbolizer.js';

/** Each process holds what it has read of its module; the least recently used of more than these is ended. */
const maxProcesses = 4;
const processes = new Map<string, LineProcess>();

/**
 * With -a each address is echoed before its frames; each frame is a line with the name and one with file:line. An
 * address that is no code comes last, to tell where the answer ends. Names are left encoded, see `llvmSymbolizer`.
 */
export const addr2line: SymbolTool = async (module, addresses, { signal }) => {
  if (addresses.length === 0) return [];
  const input = [...addresses, 0].map((a) => `0x${a.toString(16)}\n`).join('');
  let echoes = 0;
  let seen = 0;
  const isLast = (lines: readonly string[]) => {
    for (; seen < lines.length && echoes <= addresses.length; seen++)
      if (isEcho(lines[seen] as string)) echoes++;
    return echoes > addresses.length && lines.length >= seen + 2;
  };
  const lines = await processOf(module).ask(input, isLast, signal);
  return parseAddr2line(lines.join('\n')).slice(0, addresses.length);
};

function processOf(module: string): LineProcess {
  const found = processes.get(module) ?? new LineProcess('addr2line', ['-a', '-f', '-i', '-e', module]);
  processes.delete(module);
  processes.set(module, found);
  const [oldest] = processes.keys();
  if (processes.size > maxProcesses && oldest !== undefined) {
    processes.get(oldest)?.end();
    processes.delete(oldest);
  }
  return found;
}

export function endAddr2line(): void {
  for (const process of processes.values()) process.end();
  processes.clear();
}

function isEcho(line: string): boolean {
  return /^0x[0-9a-f]+$/.test(line);
}

export function parseAddr2line(text: string): SymbolFrame[][] {
  const found: SymbolFrame[][] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    if (isEcho(line)) {
      found.push([]);
    } else if (line !== '') {
      const place = /^(.*):(\d+|\?)(?: \(discriminator \d+\))?$/.exec(lines[++i] ?? '');
      if (line === '??') continue;
      const file = place?.[1] === '??' ? undefined : place?.[1];
      found.at(-1)?.push({
        name: line,
        file,
        line: file === undefined ? 0 : Number(place?.[2]) || 0,
        declarationFile: file,
        declarationLine: 0,
      });
    }
  }
  return found;
}
