import path from 'node:path';
import type { TaskContext } from '../context.js';
import type { Location } from '../perfData/location.js';
import { findCommand, missingTool } from '../process/tools.js';
import { addr2line } from './addr2line.js';
import { ElfLayout } from './elf.js';
import { llvmSymbolizer } from './llvmSymbolizer.js';

/** A function at a place. Inlined functions are frames of their own. */
export interface SymbolFrame {
  readonly name: string;
  /** Absolute path, undefined without debug information. */
  readonly file: string | undefined;
  /** 1-based, 0 when unknown. */
  readonly line: number;
  /** 1-based line where the function is declared, 0 when the tool cannot tell. */
  readonly declarationLine: number;
  readonly declarationFile: string | undefined;
}

/** Addresses of one module in, frames for each out, innermost first; an empty list where nothing is known. */
export type SymbolTool = (
  module: string,
  addresses: readonly number[],
  context: Pick<TaskContext, 'signal'>,
) => Promise<SymbolFrame[][]>;

export interface Symbolized {
  /** Per location, innermost first; empty where nothing is known. */
  readonly frames: readonly (readonly SymbolFrame[])[];
  readonly notes: readonly string[];
}

/** Symbolizers name code of the linkage table after whatever symbol comes before it. */
const linkageFrame: SymbolFrame = {
  name: '[plt]',
  file: undefined,
  line: 0,
  declarationFile: undefined,
  declarationLine: 0,
};

/** Finds functions, lines and inline frames of all locations, each once, one process per module. */
export async function symbolize(
  tool: SymbolTool,
  locations: readonly Location[],
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<Symbolized> {
  const frames: SymbolFrame[][] = locations.map(() => []);
  const notes: string[] = [];
  const byModule = new Map<string, number[]>();
  locations.forEach(({ module }, i) => {
    if (module === undefined || !path.isAbsolute(module) || module.startsWith('//')) return;
    const list = byModule.get(module);
    if (list) list.push(i);
    else byModule.set(module, [i]);
  });
  for (const [module, indices] of byModule) {
    context.progress(`Finding functions and lines of ${path.basename(module)}`);
    const elf = await ElfLayout.read(module);
    if (!elf) {
      notes.push(`${module} could not be read: its functions have no names.`);
      continue;
    }
    const known = indices.flatMap((index) => {
      const address = elf.fromFileOffset((locations[index] as Location).offset);
      return address === undefined ? [] : [{ index, address }];
    });
    const found = await tool(
      module,
      known.map((k) => k.address),
      context,
    );
    known.forEach(({ index, address }, i) => {
      frames[index] = elf.isLinkageTable(address) ? [linkageFrame] : (found[i] ?? []);
    });
  }
  return { frames, notes };
}

/**
 * llvm-symbolizer is preferred, since it also knows where functions are declared; addr2line comes with every
 * compiler.
 * @throws LabError `tool-missing` when neither is installed
 */
export async function findSymbolTool(): Promise<SymbolTool> {
  if (await findCommand('llvm-symbolizer')) return llvmSymbolizer;
  if (await findCommand('addr2line')) return addr2line;
  throw missingTool('addr2line');
}
