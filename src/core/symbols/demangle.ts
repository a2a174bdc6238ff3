import type { TaskContext } from '../context.js';
import { installRemedy } from '../process/packages.js';
import { execute } from '../process/childProcess.js';
import { findCommand } from '../process/tools.js';

/** Mangled to readable names. */
const known = new Map<string, string>();
const maxKnown = 500_000;

/** Names that one process is asked for. */
const maxBatch = 20_000;
/** Compilers hash names before they grow this long; a made-up one can grow without end when it is read. */
const maxLength = 32_768;
/** For all names of one batch: a tool reads a hundred thousand a second. */
const timeoutMs = 20_000;

/** The names of some languages, which a tool reads. */
interface Encoding {
  readonly languages: string;
  readonly pattern: RegExp;
  /** Commands that read a name a line, the best first: what one leaves as it is, the next is asked for. */
  readonly tools: readonly [readonly [string, ...string[]], ...(readonly [string, ...string[]])[]];
  /** How to get the first, where it is in no package. */
  readonly remedy?: string;
}

const encodings: readonly Encoding[] = [
  {
    // Itanium C++ ABI and Rust RFC 2603. c++filt comes with every compiler's binutils, llvm-cxxfilt with
    // llvm-symbolizer.
    languages: 'C++ or Rust',
    pattern: /^_{1,3}[ZR]/,
    tools: [['c++filt'], ['llvm-cxxfilt']],
  },
  {
    languages: 'D',
    pattern: /^_D(main$|[\dQ])/,
    tools: [['c++filt', '-s', 'dlang'], ['llvm-cxxfilt']],
  },
  {
    languages: 'Swift',
    pattern: /^_?\$[sSe][\w$]|^__?T0[\w$]/,
    tools: [
      ['swift-demangle', '--compact'],
      ['swift', 'demangle', '--compact'],
    ],
    remedy: 'It comes with the Swift toolchain.',
  },
];

/**
 * How encoded names are read, the same for symbols and inline frames, so that a function has one name. Names that no
 * tool can read stay encoded.
 * @param notes gets what stays encoded for want of a tool
 */
export async function demangleAll(
  names: Iterable<string>,
  { signal }: Pick<TaskContext, 'signal'>,
  notes = new Set<string>(),
): Promise<(name: string) => string> {
  const asked = [...new Set(names)].filter((name) => !known.has(name));
  if (known.size + asked.length > maxKnown) known.clear();
  for (const name of asked) {
    const read = readHere(name);
    if (read !== name) known.set(name, read);
  }
  for (const encoding of encodings) {
    // A name with a line end would be two.
    const encoded = asked.filter(
      (name) => encoding.pattern.test(name) && name.length <= maxLength && !/[\n\r\0]/.test(name),
    );
    if (encoded.length > 0 && !(await readWithTools(encoding, encoded, signal)))
      notes.add(withoutTool(encoding, encoded.length));
  }
  return (name) => known.get(name) ?? name;
}

/** @returns false when none of the tools is installed */
async function readWithTools(
  { tools }: Encoding,
  encoded: readonly string[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  let left = encoded;
  let found = false;
  for (const [tool, ...args] of tools) {
    const file = left.length === 0 ? undefined : await findCommand(tool);
    if (file === undefined) continue;
    found = true;
    const unread: string[] = [];
    for (let at = 0; at < left.length; at += maxBatch) {
      const batch = left.slice(at, at + maxBatch);
      const lines = await linesOf(file, args, batch, signal);
      batch.forEach((name, i) => {
        const line = lines?.[i];
        if (line === undefined || line === plain(name)) unread.push(name);
        else known.set(name, tidy(name, line));
      });
    }
    left = unread;
  }
  if (found) for (const name of left) known.set(name, name);
  return found;
}

/** @returns undefined when the tool fails, or takes so long that the names must be made to */
async function linesOf(
  tool: string,
  args: readonly string[],
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string[] | undefined> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const { stdout, exitCode } = await execute(tool, args, {
      input: names.map((name) => `${plain(name)}\n`).join(''),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      maxKept: 2 ** 29,
    });
    const lines = stdout.split('\n');
    return exitCode === 0 && lines.length === names.length + 1 ? lines : undefined;
  } catch (error) {
    if (timeout.aborted && !signal?.aborted) return undefined;
    throw error;
  }
}

function withoutTool({ languages, tools: [[tool]], remedy }: Encoding, count: number): string {
  const { text, command } = installRemedy(tool);
  return `Encoded names of ${languages} stay as they are (${count}), since ${tool} is not installed. ${remedy ?? `${text} ${command ?? ''}`.trim()}`;
}

/** Without the underscore that macOS puts before every name. */
function plain(name: string): string {
  return name.replace(/^_(?=_{1,2}[ZR]|\$[sSe]|_T0)/, '');
}

/** Encodings that need no tool. */
function readHere(name: string): string {
  // OCaml as perf reads it (tools/perf/util/demangle-ocaml.c): `camlM__hot_81`, since OCaml 5.1 `camlM.hot_81`.
  if (/^caml[A-Z][\w$]*?(__|\.)/.test(name))
    return name
      .slice('caml'.length)
      .replace(/__|\$([0-9a-f]{2})/g, (_, code?: string) =>
        code === undefined ? '.' : String.fromCharCode(parseInt(code, 16)),
      );
  // gfortran's procedures of modules, which debuggers show as `m::hot`.
  const fortran = /^__([a-z]\w*?)_S?MOD_([a-z]\w*(\..*)?)$/.exec(name);
  if (fortran) return `${fortran[1]}::${fortran[2]}`;
  return withoutRustHash(name);
}

/** What stands for characters in Rust's first encoding, which is otherwise that of C++. */
const rustEscapes: Readonly<Record<string, string>> = {
  SP: '@',
  BP: '*',
  RF: '&',
  LT: '<',
  GT: '>',
  LP: '(',
  RP: ')',
  C: ',',
};

/** Rust's first encoding as a demangler of C++ leaves it: with the hash at its end, which tells it. */
function withoutRustHash(name: string): string {
  const text = name.replace(/::h[0-9a-f]{16}(?=$|[ @.])/, '');
  if (text === name) return name;
  return text
    .replace(/(^|::)_(?=\$)/g, '$1')
    .replace(/\$(?:u([0-9a-f]{1,6})|([A-Z]{1,2}))\$/g, (escape, code?: string, named?: string) => {
      const point = code === undefined ? NaN : parseInt(code, 16);
      if (point >= 32 && point <= 0x10ffff) return String.fromCodePoint(point);
      return rustEscapes[named ?? ''] ?? escape;
    })
    .replace(/(?<=\w|>)\.\.(?=\w|<)/g, '::');
}

/**
 * Removes Rust's crate hashes, which mean nothing to a reader: `::h0123456789abcdef` at the end in the legacy mangling,
 * `core[0123456789abcdef]` in v0. The two tools mark clones differently: `f() [clone .cold]`, `f() (.cold)`.
 */
function tidy(encoded: string, name: string): string {
  const text = /^__?R/.test(encoded) ? name.replace(/\[[0-9a-f]{1,16}\](?=::)/g, '') : name;
  return withoutRustHash(text).replace(/ \((\.[\w.]+)\)$/, ' [clone $1]');
}
