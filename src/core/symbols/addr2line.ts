import { LabError } from '../labError.js';
import { run } from '../process/run.js';
import type { SymbolFrame, SymbolTool } from './symbolizer.js';

/** With -a each address is echoed before its frames; each frame is a line with the name and one with file:line. */
export const addr2line: SymbolTool = async (module, addresses, { signal }) => {
  const result = await run('addr2line', ['-a', '-f', '-i', '-C', '-e', module], {
    input: addresses.map((a) => `0x${a.toString(16)}\n`).join(''),
    signal,
    env: { LC_ALL: 'C' },
  });
  const found = parseAddr2line(result.stdout);
  if (result.exitCode !== 0 || found.length !== addresses.length) {
    throw new LabError('perf-failed', `addr2line failed on ${module}.`, {
      detail: result.stderr.trim().split('\n').slice(-5).join('\n'),
      remedy: { text: 'Check that the file is the one that was recorded, then profile again.' },
    });
  }
  return found;
};

export function parseAddr2line(text: string): SymbolFrame[][] {
  const found: SymbolFrame[][] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    if (/^0x[0-9a-f]+$/.test(line)) {
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
