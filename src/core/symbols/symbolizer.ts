import path from 'node:path';
import type { TaskContext } from '../context.js';
import type { KernelReference } from '../perfData/features.js';
import { isAnonymous, kernelModule, type Location } from '../perfData/location.js';
import { findCommand, missingTool } from '../process/tools.js';
import { addr2line } from './addr2line.js';
import { demangleAll } from './demangle.js';
import { NotReadable } from './elfFile.js';
import { cachedFrames } from './frameCache.js';
import { isOtherKernel, kernelSymbols, vdsoSymbols } from './kernel.js';
import { llvmSymbolizer } from './llvmSymbolizer.js';
import { openModule } from './modules.js';
import { readPerfMap } from './perfMap.js';
import type { RawSymbol, SymbolTable } from './symbolTable.js';

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

/**
 * Addresses of one module in, frames for each out, innermost first, names as the compiler encoded them; an empty
 * list where nothing is known.
 */
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

interface Context extends Pick<TaskContext, 'signal' | 'progress'> {
  /** Of the machine that was recorded; that of this one when it is not known. */
  readonly kernelRelease?: string | undefined;
  readonly kernelReference?: KernelReference | undefined;
}

interface Named {
  readonly frames?: (readonly SymbolFrame[])[];
  readonly note?: string;
  /** Why the module's file is of no use. */
  readonly unread?: string;
}

/** What names the locations of one kind: a module's, one process's run-time code, the kernel's. */
interface Group {
  readonly first: Location;
  readonly indices: number[];
}

/**
 * Finds functions, lines and inline frames of all locations. The outermost frame of a location is the symbol that
 * has the address, as perf names it; a symbolizer adds lines and what was inlined into the symbol.
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
  const read = await readable(frames, notes, context);
  return {
    frames: read,
    notes: [...notes, ...[...unread].flatMap(([why, modules]) => unreadNotes(why, modules))],
  };
}

/** With names as they are read. Lists and frames that several locations share are made once, and shared again. */
async function readable(
  all: readonly (readonly SymbolFrame[])[],
  notes: Set<string>,
  context: Context,
): Promise<(readonly SymbolFrame[])[]> {
  const encoded = new Set<SymbolFrame>();
  for (const list of all) for (const frame of list) encoded.add(frame);
  const demangle = await demangleAll(
    Array.from(encoded, ({ name }) => name),
    context,
    notes,
  );
  const frames = new Map<SymbolFrame, SymbolFrame>();
  for (const frame of encoded) {
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

/** A recording of another machine can name hundreds of files that are not here. */
function unreadNotes(why: string, modules: readonly string[]): string[] {
  const distinct = [...new Set(modules)];
  if (distinct.length <= 5)
    return distinct.map((file) => `${file} could not be read (it ${why}): its functions have no names.`);
  const named = distinct.slice(0, 20).join(', ');
  const rest = distinct.length > 20 ? `, and ${distinct.length - 20} more` : '';
  return [
    `${distinct.length} files could not be read (each ${why}): their functions have no names: ${named}${rest}.`,
  ];
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
  context.progress(`Finding functions and lines of ${path.basename(module)}`);
  try {
    const { table, fromFileOffset, lines } = await openModule(module, buildId);
    const addresses = at.map((location) => fromFileOffset(location.offset));
    const known = addresses.filter((a) => a !== undefined);
    const details = lines === undefined ? undefined : await cachedFrames(tool, lines, known, context);
    const frames = addresses.map((a) =>
      a === undefined ? [] : compose(table.find(a), details?.get(a) ?? []),
    );
    if (buildId !== undefined || !isOtherKernel(context.kernelRelease)) return { frames };
    const note = `${module} is this machine's file: the recording was made on another one and does not tell which it had, so names of its functions may be wrong.`;
    return { frames, note };
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    return { unread: error.message };
  }
}

/** @param details of the symbolizer, innermost first: its outermost frame is the symbol, by another of its names */
function compose(symbol: RawSymbol | undefined, details: readonly SymbolFrame[]): readonly SymbolFrame[] {
  const outermost = details.at(-1);
  if (!symbol) return outermost?.file === undefined ? [] : details;
  // Code of a linkage table has no line: symbolizers give that of whatever comes before it.
  if (!outermost || /(^\.|@)plt$/.test(symbol.name)) return [plain(symbol.name)];
  if (outermost.name === symbol.name) return details;
  return [...details.slice(0, -1), { ...outermost, name: symbol.name }];
}

function plain(name: string): SymbolFrame {
  return { name, file: undefined, line: 0, declarationFile: undefined, declarationLine: 0 };
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
