import { open } from 'node:fs/promises';
import path from 'node:path';
import { Binding, SymbolTable, SymbolType, type RawSymbol } from './symbolTable.js';

/** A map of a million functions has some 100 MB. */
const maxBytes = 2 ** 28;

/**
 * The functions that a JIT compiler listed for profilers (`node --perf-basic-prof`, Java with an agent), see
 * tools/perf/Documentation/jit-interface.txt. Undefined if there is no such file, or if it belongs to another user, who
 * can't be trusted.
 */
export async function readPerfMap(pid: number, folder = '/tmp'): Promise<SymbolTable | undefined> {
  let handle;
  try {
    handle = await open(path.join(folder, `perf-${pid}.map`), 'r');
    const { uid, size } = await handle.stat();
    if (uid !== 0 && uid !== process.getuid?.()) return undefined;
    const buffer = Buffer.alloc(Math.min(size, maxBytes));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return parsePerfMap(buffer.toString('utf8', 0, bytesRead));
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

/**
 * Lines of start, size (both hexadecimal), and name. Code moves while the program runs, and the map only grows: later lines
 * replace earlier ones.
 */
export function parsePerfMap(text: string): SymbolTable {
  const latest = new Map<number, RawSymbol>();
  for (const [, from, size, name] of text.matchAll(/^(?:0x)?([0-9a-f]+) (?:0x)?([0-9a-f]+) (.+?)\r?$/gim)) {
    const start = parseInt(from as string, 16);
    const end = start + parseInt(size as string, 16);
    latest.set(start, { name: name as string, start, end, type: SymbolType.FUNC, binding: Binding.GLOBAL });
  }
  const table = new SymbolTable();
  table.add(latest.values());
  return table;
}
