import { layers } from './layers.js';
import { readOwned } from './ownedFile.js';
import { Binding, SymbolTable, SymbolType, type RawSymbol } from './symbolTable.js';
import type { SymbolFrame } from './symbolTool.js';

/** What a runtime wrote about the code that it generated, for `perf inject --jit`. */
export interface JitDump {
  /**
   * The function at an address, with the line if the runtime told; empty for other code.
   * @param code of several that were there, one after the other; the last if omitted
   */
  find(address: number, code?: number): SymbolFrame[];
  /** Whether functions of different names were at the address, one after the other. */
  isReused(address: number): boolean;
  /** Functions that were where others were before or afterwards; empty if the dump's times are of no known clock. */
  readonly loads: readonly CodeLoad[];
}

/** A function from when it is at its address. */
export interface CodeLoad {
  /** Nanoseconds of CLOCK_MONOTONIC. */
  readonly time: number;
  readonly start: number;
  readonly end: number;
  /** Its number in the dump. */
  readonly code: number;
}

/** tools/perf/Documentation/jitdump-specification.txt */
const MAGIC = 0x4a695444;
const Kind = { LOAD: 0, MOVE: 1, DEBUG_INFO: 2 } as const;
/** Kind u32, size u32, time u64. */
const recordHeader = 16;
/** In place of a file name: the one of the entry before. */
const SAME = '\xff';

/** Times are of the processor's counter. */
const ARCH_TIMESTAMP = 1;

interface Code extends RawSymbol {
  readonly time: number;
  readonly lines: readonly Line[];
}

interface Line {
  readonly address: number;
  readonly line: number;
  readonly file: string;
}

/** Undefined if there is no such file, or if it belongs to another user. */
export async function readJitDump(file: string): Promise<JitDump | undefined> {
  const bytes = await readOwned(file, [0, process.getuid?.()]);
  return bytes && parseJitDump(bytes);
}

/**
 * A file of a program that still runs, or was ended, may end anywhere: what comes before counts. Where code was replaced, the
 * latest counts.
 */
export function parseJitDump(bytes: Buffer): JitDump | undefined {
  if (bytes.length < 16 || bytes.readUInt32LE(0) !== MAGIC) return undefined;
  const all: Code[] = [];
  /** Of `all`, the latest by its address. */
  const latest = new Map<number, Code>();
  /** Debug information of the code that is loaded next at an address. */
  const linesOf = new Map<number, Buffer>();
  const add = (code: Code) => {
    all.push(code);
    latest.set(code.start, code);
  };
  for (let at = bytes.readUInt32LE(8); at + recordHeader <= bytes.length;) {
    const size = bytes.readUInt32LE(at + 4);
    if (size < recordHeader || at + size > bytes.length) break;
    const body = bytes.subarray(at + recordHeader, at + size);
    try {
      const kind = bytes.readUInt32LE(at);
      const time = word(bytes, at + 8);
      if (kind === Kind.LOAD) add(loaded(body, time, linesOf));
      else if (kind === Kind.DEBUG_INFO) linesOf.set(word(body, 0), body);
      else if (kind === Kind.MOVE) {
        const from = latest.get(word(body, 16));
        if (from) {
          latest.delete(from.start);
          add(moved(from, body, time));
        }
      }
    } catch (error) {
      // A record that is too short for its content.
      if (!(error instanceof RangeError)) throw error;
    }
    at += size;
  }
  const table = new SymbolTable();
  table.add(latest.values());
  const { reused } = layers(all);
  const reusedTable = new SymbolTable();
  reusedTable.add(reused);
  const hasClock = bytes.length >= 40 && (bytes.readUInt32LE(32) & ARCH_TIMESTAMP) === 0;
  return {
    find: (address, code) => {
      const found = code === undefined ? latest.get(table.find(address)?.start ?? -1) : all[code];
      return found ? [frameAt(address, found)] : [];
    },
    isReused: (address) => reusedTable.find(address) !== undefined,
    loads: hasClock ? loadsIn(all, reused) : [],
  };
}

/** @param reused parts in order, which don't overlap */
function loadsIn(all: readonly Code[], reused: readonly RawSymbol[]): CodeLoad[] {
  return all.flatMap(({ time, start, end }, code) => {
    let low = 0;
    let high = reused.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((reused[middle] as RawSymbol).end <= start) low = middle + 1;
      else high = middle;
    }
    const part = reused[low];
    return part && part.start < end ? [{ time, start, end, code }] : [];
  });
}

/** pid u32, tid u32, vma, address, size, index u64, name. */
function loaded(body: Buffer, time: number, linesOf: Map<number, Buffer>): Code {
  const start = word(body, 16);
  const name = textAt(body, 40);
  const debug = linesOf.get(start);
  linesOf.delete(start);
  const lines = debug ? withoutElfHeader(debugLines(debug, name), name, start) : [];
  return { ...symbolOf(name, start, start + word(body, 24)), time, lines };
}

/** Kinds of code, as V8 writes them before names. */
const ofV8 = /^(JS|LazyCompile|Function|Script|Eval|RegExp|Builtin|Stub|BytecodeHandler|Handler):/;
const ELF_HEADER = 0x40;

/**
 * V8 adds the size of an ELF header to the addresses of lines, since perf inject puts code behind one (LogWriteDebugInfo in
 * its perf-jit.cc).
 */
function withoutElfHeader(lines: Line[], name: string, start: number): Line[] {
  const [first] = lines;
  if (!first || first.address < start + ELF_HEADER || !ofV8.test(name)) return lines;
  return lines.map((line) => ({ ...line, address: line.address - ELF_HEADER }));
}

/** pid u32, tid u32, vma, old address, new address, size, index u64. */
function moved(from: Code, body: Buffer, time: number): Code {
  const to = word(body, 24);
  const lines = from.lines.map((line) => ({ ...line, address: line.address - from.start + to }));
  return { ...symbolOf(from.name, to, to + word(body, 32)), time, lines };
}

/** address, number of entries u64; of each: address u64, line and discriminator i32, file. In order of addresses. */
function debugLines(body: Buffer, name: string): Line[] {
  const count = word(body, 8);
  const lines = namedLines(body, count);
  if (!lines.some(({ file }) => garbled.test(file))) return lines;
  return linesOfScript(body, count, name) ?? [];
}

/** Of one function, in bytes. */
const MAX_CODE = 2 ** 28;

/** No file is called so. */
// eslint-disable-next-line no-control-regex
const garbled = /[\0-\x1f\x7f\ufffd]/;

/** `JS:*hot /srv/a.js:1:15`, as V8 calls code: the script, and where the function begins in it. */
const script = /^\S+ (?:.* )?(\/.+|\w+:\S+?):\d+:\d+$/;

/**
 * V8 of Node.js 18 and 20 writes memory that it has freed instead of the names of scripts, in as many bytes as a name has: the
 * function's name tells it. Undefined where that doesn't fit.
 */
function linesOfScript(body: Buffer, count: number, name: string): Line[] | undefined {
  const file = script.exec(name)?.[1];
  if (file === undefined) return undefined;
  const size = 16 + Buffer.byteLength(file) + 1;
  // Records are padded to eight bytes.
  const rest = body.length - 16 - count * size;
  if (rest < 0 || rest >= 8) return undefined;
  const lines = Array.from({ length: count }, (_, i) => {
    const at = 16 + i * size;
    return { address: word(body, at), line: body.readInt32LE(at + 8), file };
  });
  const start = word(body, 0);
  if (lines.some(({ address }) => address < start || address > start + MAX_CODE)) return undefined;
  return lines.sort((a, b) => a.address - b.address);
}

function namedLines(body: Buffer, count: number): Line[] {
  const lines: Line[] = [];
  for (let at = 16, i = 0; i < count && at + 16 < body.length; i++) {
    const end = body.indexOf(0, at + 16);
    if (end < 0) break;
    const text = body.toString('latin1', at + 16, end);
    const file = text === SAME ? (lines.at(-1)?.file ?? '') : body.toString('utf8', at + 16, end);
    lines.push({ address: word(body, at), line: body.readInt32LE(at + 8), file });
    at = end + 1;
  }
  return lines.sort((a, b) => a.address - b.address);
}

function frameAt(address: number, { name, lines }: Code): SymbolFrame {
  const [first] = lines;
  const line = lines.findLast((l) => l.address <= address) ?? first;
  return {
    name,
    file: line?.file === '' ? undefined : line?.file,
    line: Math.max(0, line?.line ?? 0),
    declarationFile: first?.file === '' ? undefined : first?.file,
    declarationLine: Math.max(0, first?.line ?? 0),
  };
}

function symbolOf(name: string, start: number, end: number): RawSymbol {
  return { name, start, end, type: SymbolType.FUNC, binding: Binding.GLOBAL };
}

function textAt(body: Buffer, at: number): string {
  const end = body.indexOf(0, at);
  return body.toString('utf8', at, end < 0 ? body.length : end);
}

function word(body: Buffer, at: number): number {
  return Number(body.readBigUInt64LE(at));
}
