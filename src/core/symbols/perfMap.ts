import { stat } from 'node:fs/promises';
import path from 'node:path';
import { readRegularText } from '../files.js';
import { layers } from './layers.js';
import { readOwned } from './ownedFile.js';
import { Binding, SymbolTable, SymbolType, type RawSymbol } from './symbolTable.js';

/**
 * The functions that a JIT compiler listed for profilers (`node --perf-basic-prof`, Java with an agent), see
 * tools/perf/Documentation/jit-interface.txt. Undefined if there is no such file, or if it belongs to another user, who
 * can't be trusted. While a process in a container lives, its map is found in the container, where the process has
 * another number (as perf does: util/namespaces.c).
 */
export async function readPerfMap(
  pid: number,
  folder = '/tmp',
  proc = '/proc',
): Promise<PerfMap | undefined> {
  const owners = [0, process.getuid?.()];
  const text = await readOwned(path.join(folder, `perf-${pid}.map`), owners);
  if (text) return parsePerfMap(text.toString('utf8'));
  try {
    const status = await readRegularText(`${proc}/${pid}/status`);
    const inner = /^NSpid:.*\s(\d+)$/m.exec(status)?.[1];
    const { uid } = await stat(`${proc}/${pid}`);
    const inside = await readOwned(path.join(`${proc}/${pid}/root`, folder, `perf-${inner}.map`), [
      ...owners,
      uid,
    ]);
    return inside && parsePerfMap(inside.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The functions of a map. */
export interface PerfMap {
  readonly table: SymbolTable;
  /** Whether functions of different names were at the address, one after the other. */
  isReused(address: number): boolean;
}

/**
 * Lines of start, size (both hexadecimal), and name. Code moves while the program runs, and the map only grows: at each
 * address, the function of the last line counts. O(n log n).
 */
export function parsePerfMap(text: string): PerfMap {
  const entries: RawSymbol[] = [];
  for (const [, from, size, name] of text.matchAll(/^(?:0x)?([0-9a-f]+) (?:0x)?([0-9a-f]+) (.+?)\r?$/gim)) {
    const start = parseInt(from as string, 16);
    const end = start + parseInt(size as string, 16);
    entries.push({ name: name as string, start, end, type: SymbolType.FUNC, binding: Binding.GLOBAL });
  }
  const { latest, reused } = layers(entries);
  const table = new SymbolTable();
  table.add(latest);
  const reusedTable = new SymbolTable();
  reusedTable.add(reused);
  return { table, isReused: (address) => reusedTable.find(address) !== undefined };
}
