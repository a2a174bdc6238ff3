import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { LabError, type Remedy } from '../labError.js';

/** Debian packages of the commands that the lab starts. */
const packages: Readonly<Record<string, string>> = {
  perf: 'linux-perf',
  make: 'make',
  cc: 'gcc',
  gcc: 'gcc',
  'c++': 'g++',
  'g++': 'g++',
  clang: 'clang',
  addr2line: 'binutils',
  'llvm-symbolizer': 'llvm',
  valgrind: 'valgrind',
};

/** The absolute path of a command on PATH, or undefined. */
export async function findCommand(
  name: string,
  searchPath = process.env['PATH'] ?? '',
): Promise<string | undefined> {
  for (const folder of searchPath.split(path.delimiter)) {
    if (folder === '') continue;
    const file = path.join(folder, name);
    try {
      await access(file, constants.X_OK);
      return file;
    } catch {
      // Not here; the next folder may have it.
    }
  }
  return undefined;
}

/** How to install a command on this kind of system. */
export function installRemedy(tool: string): Remedy {
  const name = packages[tool] ?? tool;
  return {
    text: `Install ${tool} (Debian and Ubuntu: package ${name}${tool === 'perf' ? ', on Ubuntu linux-tools-generic' : ''}), then try again.`,
    command: `sudo apt-get install -y ${name}`,
  };
}

export function missingTool(tool: string, cause?: unknown): LabError {
  return new LabError('tool-missing', `${tool} is not installed.`, {
    detail: `${tool} was not found on PATH (${process.env['PATH'] ?? ''}).`,
    remedy: installRemedy(tool),
    cause,
  });
}
