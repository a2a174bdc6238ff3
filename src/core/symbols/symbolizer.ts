import path from 'node:path';
import { count } from '../../text/numbers.js';
import type { TaskContext } from '../context.js';
import { canceled } from '../labError.js';
import { findCommand, missingTool } from '../process/tools.js';
import { addr2line } from './addr2line.js';
import { unansweredServers } from './debuginfod.js';
import { demangleAll } from './demangle.js';
import { hasSplitUnits, missingFiles } from './dwarf/debugFiles.js';
import { NotReadable } from './elfFile.js';
import { cachedFrames } from './frameCache.js';
import type { JitDump } from './jitDump.js';
import { isOtherKernel, kernelSymbols, vdsoSymbols } from './kernel.js';
import { llvmSymbolizer } from './llvmSymbolizer.js';
import { isAnonymous, kernelModule, type KernelReference, type Location } from './location.js';
import type { ModuleFacts } from './moduleFacts.js';
import { openModule } from './modules.js';
import { readPerfMap } from './perfMap.js';
import { wasReplaced, type RecordedTime } from './recordedFile.js';
import { symbolPlaces } from './symbolFolders.js';
import type { RawSymbol, SymbolTable } from './symbolTable.js';
import { UNNAMED_INLINED, type SymbolFrame, type SymbolTool } from './symbolTool.js';

export interface Symbolized {
  /** By location, innermost first; empty if nothing is known. */
  readonly frames: readonly (readonly SymbolFrame[])[];
  /** By location, as the symbols of its file number it; undefined for code that isn't in a readable file. */
  readonly addresses?: readonly (number | undefined)[];
  readonly notes: readonly string[];
  /** What is known about the files of modules, by path: why names or lines are missing. */
  readonly modules: ReadonlyMap<string, ModuleFacts>;
}

interface Context extends Pick<TaskContext, 'signal' | 'progress'> {
  /** Of the recorded machine; undefined if unknown, which counts as this machine's. */
  readonly kernelRelease?: string | undefined;
  readonly kernelReference?: KernelReference | undefined;
  /** Undefined if unknown: files without a build ID then count as the recorded ones. */
  readonly recorded?: RecordedTime | undefined;
  /** By process, what its runtime wrote about the code that it generated. */
  readonly jitDumps?: ReadonlyMap<number, JitDump>;
}

interface Named {
  readonly frames?: (readonly SymbolFrame[])[];
  readonly addresses?: readonly (number | undefined)[];
  readonly notes?: readonly string[];
  readonly facts?: ModuleFacts;
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
  const addresses = new Array<number | undefined>(locations.length).fill(undefined);
  const notes = new Set<string>();
  const modules = new Map<string, ModuleFacts>();
  const all = [...groups(locations)];
  const results = await inParallel(all, (group) => nameGroup(tool, group, locations, context));
  for (const [g, found] of results.entries()) {
    const group = all[g] as Group;
    for (const note of found.notes ?? []) notes.add(note);
    const { module = '' } = group.first;
    // Of a file that was replaced during the recording, the old code has no names.
    if (found.facts && modules.get(module)?.unread === undefined) modules.set(module, found.facts);
    found.frames?.forEach((list, i) => (frames[group.indices[i] as number] = list));
    found.addresses?.forEach((address, i) => (addresses[group.indices[i] as number] = address));
  }
  for (const host of unansweredServers(symbolPlaces().servers))
    notes.add(
      `${host} didn't answer in time, so debug information that it may have is missing. Try again later.`,
    );
  return { frames: await demangled(frames, notes, context), addresses, notes: [...notes], modules };
}

/** Modules that are open at a time: while the symbolizer reads one, symbols of the next are read here. */
const maxOpen = 4;

/** @returns the results in the order of `all` */
async function inParallel<T, R>(all: readonly T[], action: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const work = async () => {
    while (next < all.length) {
      const i = next++;
      results[i] = await action(all[i] as T);
    }
  };
  try {
    await Promise.all(Array.from({ length: maxOpen }, work));
  } finally {
    // After a failure, those under way are the last.
    next = all.length;
  }
  return results;
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

function groups(locations: readonly Location[]): Iterable<Group> {
  const found = new Map<string, Group>();
  locations.forEach((location, i) => {
    if (location.symbol !== undefined || location.module === undefined) return;
    const key = [location.mode, location.module, location.buildId, location.inode, location.pid].join('\0');
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
    if ('unnamed' in found) return { facts: found };
    return { frames: named(found.table, (l) => l.address + found.shift) };
  }
  if (mode !== 'user') return {};
  if (module === '[vdso]') {
    const found = await vdsoSymbols(buildId, context.kernelRelease);
    return 'unnamed' in found ? { facts: found } : { frames: named(found.table, (l) => l.offset) };
  }
  if (pid !== undefined && isAnonymous(module)) {
    return nameGenerated(pid, at, context);
  }
  if (!path.isAbsolute(module)) return {};
  return nameFile(tool, module, at, context);
}

/** What the runtime says of its code: a dump has lines, too. */
async function nameGenerated(pid: number, at: readonly Location[], context: Context): Promise<Named> {
  const dump = context.jitDumps?.get(pid);
  const map = await readPerfMap(pid);
  let [inDump, inMap] = [0, 0];
  const frames = at.map(({ address, code }) => {
    const found = dump?.find(address, code) ?? [];
    if (found.length > 0) {
      if (code === undefined && dump?.isReused(address) === true) inDump++;
      return found;
    }
    if (map?.isReused(address) === true) inMap++;
    return compose(map?.table.find(address), []);
  });
  const reused = inDump + inMap;
  if (reused === 0) return { frames };
  const why =
    inDump > inMap
      ? 'The last is named. Record with perf record -k mono to have them named by time.'
      : `/tmp/perf-${pid}.map has no times, so the last is named. Record with a dump of the runtime instead: perf record -k mono, with node --perf-prof or Java's libperf-jvmti.so.`;
  const note = `${count(reused)} of ${count(at.length)} sampled addresses in code generated by process ${pid} belonged to several functions, one after the other. ${why}`;
  return { frames, notes: [note] };
}

/**
 * What a signal handler returns to. The kernel puts its start there, which no call goes before: of such a caller, the address
 * is that of the first instruction, not of one in the padding before it.
 */
const signalReturn = /^(__restore(_rt)?|runtime\.sigreturn(__sigaction)?(\.abi0)?|_*kernel_(rt_)?sigreturn)$/;

async function nameFile(
  tool: SymbolTool,
  module: string,
  at: readonly Location[],
  context: Context,
): Promise<Named> {
  const [first] = at as [Location];
  const { buildId } = first;
  const isOther = isOtherKernel(context.kernelRelease);
  if (context.signal?.aborted) throw canceled();
  context.progress(`Symbolizing ${path.basename(module)}…`);
  try {
    if (context.recorded && !isOther && (await wasReplaced(module, first, context.recorded)))
      throw new NotReadable('has changed since the recording');
    const { table, fromFileOffset, lines, stripped, unlinked } = await openModule(
      module,
      buildId,
      context.signal,
    );
    const signalReturns = table.starts(signalReturn);
    const addresses = at.map((location) => {
      const address = fromFileOffset(location.offset);
      return address !== undefined && signalReturns.has(address + 1) ? address + 1 : address;
    });
    const known = addresses.filter((a) => a !== undefined);
    const details = lines === undefined ? undefined : await cachedFrames(tool, lines, known, table, context);
    const symbols = addresses.map((a) => (a === undefined ? undefined : table.find(a)));
    const composed = addresses.map((a, i) =>
      a === undefined ? [] : compose(symbols[i], details?.get(a) ?? []),
    );
    const ask = (starts: readonly number[]) => cachedFrames(tool, lines ?? '', starts, table, context);
    const frames = await declaredOnce(symbols, composed, ask);
    const answered = frames.some((list) => list.some(({ file }) => file !== undefined));
    const hasLines = lines !== undefined;
    const unreadableLines = hasLines && !answered;
    const splitLines = unreadableLines && (await hasSplitUnits(lines, known));
    const facts = {
      stripped,
      hasLines,
      unreadableLines,
      ...(splitLines ? { splitLines } : {}),
      ...(unlinked ? { unlinked } : {}),
    };
    const notes = lines === undefined ? [] : await missingFileNotes(module, lines, known, frames);
    if (buildId !== undefined || !isOther) return { frames, addresses, facts, notes };
    const unsure = `Function names in ${module} may be wrong: the recording is from another machine and has no build ID to compare with the file on this machine.`;
    return { frames, addresses, facts, notes: [unsure, ...notes] };
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    return { facts: { unread: error.message } };
  }
}

/**
 * Where debug information doesn't say where a function is declared, symbolizers give the file of each line: code of a header
 * in it would be a function of its own. Such a function is declared where its first instruction is.
 * @param symbols by location, and `frames`, whose outermost is the symbol
 * @param ask a symbolizer about addresses
 */
async function declaredOnce(
  symbols: readonly (RawSymbol | undefined)[],
  frames: (readonly SymbolFrame[])[],
  ask: (addresses: readonly number[]) => Promise<ReadonlyMap<number, readonly SymbolFrame[]>>,
): Promise<(readonly SymbolFrame[])[]> {
  const files = new Map<RawSymbol, Set<string>>();
  const undeclared = (list: readonly SymbolFrame[]) => {
    const outermost = list.at(-1);
    return outermost?.declarationLine === 0 ? outermost.declarationFile : undefined;
  };
  symbols.forEach((symbol, i) => {
    const file = undeclared(frames[i] ?? []);
    if (symbol && file !== undefined) files.set(symbol, (files.get(symbol) ?? new Set()).add(file));
  });
  const divided = new Map([...files].filter(([, names]) => names.size > 1));
  if (divided.size === 0) return frames;
  const starts = await ask([...divided.keys()].map(({ start }) => start));
  const known = new Map<SymbolFrame, SymbolFrame>();
  return frames.map((list, i) => {
    const symbol = symbols[i];
    const names = symbol && divided.get(symbol);
    const outermost = list.at(-1);
    if (!names || !outermost || undeclared(list) === undefined) return list;
    const declarationFile = starts.get(symbol.start)?.at(-1)?.declarationFile ?? [...names].sort()[0];
    let frame = known.get(outermost);
    if (!frame) known.set(outermost, (frame = { ...outermost, declarationFile }));
    return [...list.slice(0, -1), frame];
  });
}

/**
 * What is missing of debug information that the compiler or dwz divided among files: without them, symbolizers know lines,
 * but no inlined functions, or not their names.
 */
async function missingFileNotes(
  module: string,
  file: string,
  addresses: readonly number[],
  frames: readonly (readonly SymbolFrame[])[],
): Promise<string[]> {
  const nameless = frames.some((list) => list.some(({ name }) => name === UNNAMED_INLINED));
  const bare = frames.every((list) => list.length <= 1 && (list[0]?.declarationLine ?? 0) === 0);
  if (!nameless && !(bare && frames.some(([frame]) => frame?.file !== undefined))) return [];
  const { shared, split } = await missingFiles(file, addresses);
  const notes: string[] = [];
  if (nameless && shared !== undefined)
    notes.push(
      `Inlined functions in ${module} have no names: dwz moved them to ${shared}, which doesn't exist or is of another build. Put it there.`,
    );
  const [first] = split;
  if (bare && first !== undefined)
    notes.push(
      `Inlined functions in ${module} count for their callers: the compiler put them into ${split.length === 1 ? first : `${count(split.length)} files such as ${first}`}, which ${split.length === 1 ? "isn't" : "aren't"} there. Put ${split.length === 1 ? 'it' : 'them'} there, or build the program again.`,
    );
  return notes;
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
