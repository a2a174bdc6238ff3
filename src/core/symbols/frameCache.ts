import { stat } from 'node:fs/promises';
import { endAddr2line } from './addr2line.js';
import { endLlvmSymbolizer } from './llvmSymbolizer.js';
import { qualifyInlined } from './qualifiedNames.js';
import type { SymbolTable } from './symbolTable.js';
import type { SymbolFrame, SymbolTool } from './symbolTool.js';

interface ModuleFrames {
  /** Changes if the file at the path is replaced. */
  readonly identity: string;
  readonly frames: Map<number, SymbolFrame[]>;
}

/** Ends the processes of the symbolizers, which otherwise end after they were idle for a while. */
export function endSymbolTools(): void {
  endLlvmSymbolizer();
  endAddr2line();
}

const maxAddresses = 1_000_000;
const caches = new WeakMap<SymbolTool, Map<string, ModuleFrames>>();

/**
 * Asks the tool about each address of a module once, across profiles. Answers about a file that was rebuilt are discarded,
 * also in the tools.
 * @param symbols of the module
 */
export async function cachedFrames(
  tool: SymbolTool,
  module: string,
  addresses: readonly number[],
  symbols: SymbolTable,
  context: Parameters<SymbolTool>[2],
): Promise<ReadonlyMap<number, readonly SymbolFrame[]>> {
  let cache = caches.get(tool);
  if (!cache) caches.set(tool, (cache = new Map<string, ModuleFrames>()));
  const { ino, size, mtimeMs } = await stat(module);
  const identity = `${ino} ${size} ${mtimeMs}`;
  let known = cache.get(module);
  if (known && known.identity !== identity) {
    endSymbolTools();
    known = undefined;
  }
  known ??= { identity, frames: new Map() };
  const { frames } = known;
  const asked = [...new Set(addresses)].filter((address) => !frames.has(address));
  const found = await qualifyInlined(module, asked, await tool(module, asked, context), symbols);
  asked.forEach((address, i) => frames.set(address, found[i] ?? []));
  // Most recently used last.
  cache.delete(module);
  cache.set(module, known);
  let all = [...cache.values()].reduce((sum, m) => sum + m.frames.size, 0);
  for (const [oldest, { frames: old }] of cache) {
    if (all <= maxAddresses || oldest === module) break;
    all -= old.size;
    cache.delete(oldest);
  }
  return frames;
}
