import path from 'node:path';
import type { TaskContext } from '../context.js';
import { findCommand, missingTool } from '../process/tools.js';
import { addr2line } from './addr2line.js';
import { demangleAll } from './demangle.js';
import { NotReadable } from './elfFile.js';
import { cachedFrames } from './frameCache.js';
import { isOtherKernel, kernelSymbols, vdsoSymbols } from './kernel.js';
import { llvmSymbolizer } from './llvmSymbolizer.js';
import { isAnonymous, kernelModule, type KernelReference, type Location } from './location.js';
import { openModule } from './modules.js';
import { readPerfMap } from './perfMap.js';
import type { RawSymbol, SymbolTable } from './symbolTable.js';
import type { SymbolFrame, SymbolTool } from './symbolTool.js';

export interface Symbolized {
  /** By location, innermost first; empty if nothing is known. */
  readonly frames: readonly (readonly SymbolFrame[])[];
  readonly notes: readonly string[];
}

interface Context extends Pick<TaskContext, 'signal' | 'progress'> {
  /** Of the recorded machine; undefined if unknown, which counts as this machine's. */
  readonly kernelRelease?: string | undefined;
  readonly kernelReference?: KernelReference | undefined;
}

interface Named {
  readonly frames?: (readonly SymbolFrame[])[];
  readonly note?: string;
  /** Why the module's file can't be used. */
  readonly unread?: string;
}

/** Locations that are symbolized together: of a module, of code generated in one process, of the kernel. */
interface Group {
  readonly first: Location;
  readonly indices: number[];
}

/**
 * Finds functions, lines, and inline frames of all locations. The outermost frame of a location is the symbol at its
 * address, as in perf; a symbolizer adds lines and the functions inlined into the symbol.
 */
export async function symbolize(
  tool: SymbolTool,
  locations: readonly Location[],
  context: Context,
): Promise<Symbolized> {
  const frames: (readonly SymbolFrame[])[] = locations.map(({ symbol }) =>
    symbol === undefined ? [] : [plain(symbol)],
  );
  const notes = new Set<string>();
  const unread = new Map<string, string[]>();
  for (const group of groups(locations)) {
    const found = await nameGroup(tool, group, locations, context);
    if (found.note !== undefined) notes.add(found.note);
    if (found.unread !== undefined)
      unread.set(found.unread, [...(unread.get(found.unread) ?? []), group.first.module ?? '']);
    found.frames?.forEach((list, i) => (frames[group.indices[i] as number] = list));
  }
  const read = await demangled(frames, notes, context);
  return {
    frames: read,
    notes: [...notes, ...[...unread].flatMap(([why, modules]) => unreadNotes(why, modules))],
  };
}

/** Demangles names. Lists and frames that several locations share are demangled once and stay shared. */
async function demangled(
  all: readonly (readonly SymbolFrame[])[],
  notes: Set<string>,
  context: Context,
): Promise<(readonly SymbolFrame[])[]> {
  const mangled = new Set<SymbolFrame>();
  for (const list of all) for (const frame of list) mangled.add(frame);
  const demangle = await demangleAll(
    Array.from(mangled, ({ name }) => name),
    context,
    notes,
  );
  const frames = new Map<SymbolFrame, SymbolFrame>();
  for (const frame of mangled) {
    const name = demangle(frame.name);
    frames.set(frame, name === frame.name ? frame : { ...frame, name });
  }
  const lists = new Map<readonly SymbolFrame[], readonly SymbolFrame[]>();
  return all.map((list) => {
    let read = lists.get(list);
    if (!read) lists.set(list, (read = list.map((frame) => frames.get(frame) ?? frame)));
    return read;
  });
}

/** A recording from another machine can refer to hundreds of missing files. */
function unreadNotes(why: string, modules: readonly string[]): string[] {
  const distinct = [...new Set(modules)];
  if (distinct.length <= 5)
    return distinct.map((file) => `Functions in ${file} have no names: the file ${why}.`);
  const named = distinct.slice(0, 20).join(', ');
  const rest = distinct.length > 20 ? `, and ${distinct.length - 20} more` : '';
  return [`Functions in ${distinct.length} files have no names, because each file ${why}: ${named}${rest}.`];
}

function groups(locations: readonly Location[]): Iterable<Group> {
  const found = new Map<string, Group>();
  locations.forEach((location, i) => {
    if (location.symbol !== undefined || location.module === undefined) return;
    const key = [location.mode, location.module, location.buildId, location.pid].join('\0');
    const group = found.get(key);
    if (group) group.indices.push(i);
    else found.set(key, { first: location, indices: [i] });
  });
  return found.values();
}

async function nameGroup(
  tool: SymbolTool,
  { first, indices }: Group,
  locations: readonly Location[],
  context: Context,
): Promise<Named> {
  const { module = '', mode, buildId, pid } = first;
  const at = indices.map((index) => locations[index] as Location);
  const named = (table: SymbolTable, address: (l: Location) => number) =>
    at.map((location) => compose(table.find(address(location)), []));
  if (mode === 'kernel' && module === kernelModule) {
    const { kernelRelease: release, kernelReference: reference } = context;
    const found = await kernelSymbols(buildId, { release, reference });
    return 'note' in found ? found : { frames: named(found.table, (l) => l.address + found.shift) };
  }
  if (mode !== 'user') return {};
  if (module === '[vdso]') {
    const found = await vdsoSymbols(buildId, context.kernelRelease);
    return 'note' in found ? found : { frames: named(found.table, (l) => l.offset) };
  }
  if (pid !== undefined && isAnonymous(module)) {
    const table = await readPerfMap(pid);
    return table ? { frames: named(table, (l) => l.address) } : {};
  }
  if (!path.isAbsolute(module)) return {};
  return nameFile(tool, module, buildId, at, context);
}

async function nameFile(
  tool: SymbolTool,
  module: string,
  buildId: string | undefined,
  at: readonly Location[],
  context: Context,
): Promise<Named> {
  context.progress(`Symbolizing ${path.basename(module)}…`);
  try {
    const { table, fromFileOffset, lines } = await openModule(module, buildId);
    const addresses = at.map((location) => fromFileOffset(location.offset));
    const known = addresses.filter((a) => a !== undefined);
    const details = lines === undefined ? undefined : await cachedFrames(tool, lines, known, context);
    const frames = addresses.map((a) =>
      a === undefined ? [] : compose(table.find(a), details?.get(a) ?? []),
    );
    if (buildId !== undefined || !isOtherKernel(context.kernelRelease)) return { frames };
    const note = `Function names in ${module} may be wrong: the recording is from another machine and has no build ID to compare with the file on this machine.`;
    return { frames, note };
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    return { unread: error.message };
  }
}

/** @param details of the symbolizer, innermost first: the outermost frame is the symbol, possibly under an alias */
function compose(symbol: RawSymbol | undefined, details: readonly SymbolFrame[]): readonly SymbolFrame[] {
  const outermost = details.at(-1);
  if (!symbol) return outermost?.file === undefined ? [] : details;
  // Code in a linkage table has no line: symbolizers report that of the preceding function.
  if (!outermost || /(^\.|@)plt$/.test(symbol.name)) return [plain(symbol.name)];
  if (outermost.name === symbol.name) return details;
  return [...details.slice(0, -1), { ...outermost, name: symbol.name }];
}

function plain(name: string): SymbolFrame {
  return { name, file: undefined, line: 0, declarationFile: undefined, declarationLine: 0 };
}

/**
 * Prefers llvm-symbolizer, which also knows where functions are declared; addr2line comes with every compiler.
 * @throws LabError `tool-missing` if neither is installed
 */
export async function findSymbolTool(): Promise<SymbolTool> {
  if (await findCommand('llvm-symbolizer')) return llvmSymbolizer;
  if (await findCommand('addr2line')) return addr2line;
  throw missingTool('addr2line');
}
