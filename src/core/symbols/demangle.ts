import type { TaskContext } from '../context.js';
import { execute } from '../process/childProcess.js';
import { findCommand } from '../process/tools.js';

/** Mangled to readable names. */
const known = new Map<string, string>();
const maxKnown = 500_000;

/** Whether a C++ or Rust compiler mangled the name (Itanium C++ ABI, Rust RFC 2603). */
function isMangled(name: string): boolean {
  return /^_[ZR]/.test(name);
}

/**
 * Demangles symbols and inline frames alike, so that a function has one name. c++filt is part of binutils, llvm-cxxfilt
 * comes with llvm-symbolizer; without either, names stay mangled.
 */
export async function demangleAll(
  names: Iterable<string>,
  { signal }: Pick<TaskContext, 'signal'>,
): Promise<(name: string) => string> {
  const asked = [...new Set(names)].filter((name) => isMangled(name) && !known.has(name));
  const tool = asked.length === 0 ? undefined : await findTool();
  if (tool !== undefined) {
    const { stdout, exitCode } = await execute(tool, [], {
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
 * Removes Rust's crate hashes, which mean nothing to a reader: `::h0123456789abcdef` at the end in the legacy mangling,
 * `core[0123456789abcdef]` in v0. The two tools mark clones differently: `f() [clone .cold]`, `f() (.cold)`.
 */
function tidy(encoded: string, name: string): string {
  const text = encoded.startsWith('_R') ? name.replace(/\[[0-9a-f]{1,16}\](?=::)/g, '') : name;
  return text.replace(/::h[0-9a-f]{16}(?=$|[ @.])/, '').replace(/ \((\.[\w.]+)\)$/, ' [clone $1]');
}
