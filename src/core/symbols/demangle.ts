import type { TaskContext } from '../context.js';
import { run } from '../process/run.js';
import { findCommand } from '../process/tools.js';

/** Encoded names to readable ones; they do not change while the program runs. */
const known = new Map<string, string>();
const maxKnown = 500_000;

/** Names as C++ and Rust compilers encode them (Itanium C++ ABI, Rust RFC 2603). */
function isEncoded(name: string): boolean {
  return /^_[ZR]/.test(name);
}

/**
 * How encoded names are read, the same for symbols and inline frames, so that a function has one name. c++filt
 * comes with every compiler's binutils, llvm-cxxfilt with llvm-symbolizer; without either, names stay encoded.
 */
export async function demangleAll(
  names: Iterable<string>,
  { signal }: Pick<TaskContext, 'signal'>,
): Promise<(name: string) => string> {
  const asked = [...new Set(names)].filter((name) => isEncoded(name) && !known.has(name));
  const tool = asked.length === 0 ? undefined : await findTool();
  if (tool !== undefined) {
    const { stdout, exitCode } = await run(tool, [], {
      input: asked.map((name) => `${name}\n`).join(''),
      signal,
    });
    const lines = stdout.split('\n');
    if (exitCode === 0 && lines.length === asked.length + 1) {
      if (known.size + asked.length > maxKnown) known.clear();
      asked.forEach((name, i) => known.set(name, tidy(name, lines[i] as string)));
    }
  }
  return (name) => known.get(name) ?? name;
}

async function findTool(): Promise<string | undefined> {
  return (await findCommand('c++filt')) ?? (await findCommand('llvm-cxxfilt'));
}

/**
 * Rust's hashes of crates say nothing to a reader: `::h0123456789abcdef` at the end in its first encoding,
 * `core[0123456789abcdef]` in its second. The two tools mark clones differently: `f() [clone .cold]`, `f() (.cold)`.
 */
function tidy(encoded: string, name: string): string {
  const text = encoded.startsWith('_R') ? name.replace(/\[[0-9a-f]{1,16}\](?=::)/g, '') : name;
  return text.replace(/::h[0-9a-f]{16}(?=$|[ @.])/, '').replace(/ \((\.[\w.]+)\)$/, ' [clone $1]');
}
