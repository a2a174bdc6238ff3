import { realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ElfFile, NotReadable, SectionType, textAt } from './elfFile.js';

/** Where distributions install separate debug information. */
const debugRoot = '/usr/lib/debug';

/**
 * Opens the separate file with a program's symbols and debug information; undefined if there is none. Searches where gdb
 * and perf do (GDB manual, "Separate Debug Files"): by the name in the program, then by build ID.
 */
export async function openDebugFile(
  module: string,
  program: ElfFile,
  buildId: string | undefined,
): Promise<{ file: string; elf: ElfFile } | undefined> {
  for (const file of await candidates(module, program, buildId)) {
    const elf = await openMatching(file, buildId);
    if (!elf) continue;
    if (elf.sections.some((s) => s.type === SectionType.SYMTAB || s.name === '.debug_info'))
      return { file, elf };
    await elf.close();
  }
  return undefined;
}

async function candidates(module: string, program: ElfFile, buildId: string | undefined): Promise<string[]> {
  const files: string[] = [];
  const link = await debugLink(program);
  if (link !== undefined && buildId !== undefined) {
    const folder = path.dirname(await realpath(module).catch(() => module));
    for (const where of [folder, path.join(folder, '.debug'), path.join(debugRoot, folder)])
      files.push(path.join(where, link));
  }
  if (buildId !== undefined) {
    const name = `${buildId.slice(0, 2)}/${buildId.slice(2)}`;
    files.push(path.join(debugRoot, '.build-id', `${name}.debug`));
    // perf may have kept the program from before it was stripped, which has the same build ID.
    files.push(path.join(perfCache(), name, 'elf'), path.join(perfCache(), name, 'debug'));
  }
  return files.filter((file) => file !== module);
}

/**
 * The recorded program from perf's cache (perf-buildid-cache(1)), in case its file has changed since.
 */
export async function openFromPerfCache(
  buildId: string,
): Promise<{ file: string; elf: ElfFile } | undefined> {
  const file = path.join(perfCache(), buildId.slice(0, 2), buildId.slice(2), 'elf');
  const elf = await openMatching(file, buildId);
  return elf && { file, elf };
}

/** The default folder; perf's configuration may specify another one (buildid.dir). */
function perfCache(): string {
  return path.join(os.homedir(), '.debug/.build-id');
}

async function openMatching(file: string, buildId: string | undefined): Promise<ElfFile | undefined> {
  let elf: ElfFile;
  try {
    elf = await ElfFile.open(file);
  } catch (error) {
    if (error instanceof NotReadable) return undefined;
    throw error;
  }
  if (buildId !== undefined && sameBuildId(await elf.buildId().catch(() => undefined), buildId)) return elf;
  await elf.close();
  return undefined;
}

/** perf pads short IDs with zeros to twenty bytes. */
export function sameBuildId(a: string | undefined, b: string | undefined): boolean {
  return a?.replace(/(00)+$/, '') === b?.replace(/(00)+$/, '');
}

/** `.gnu_debuglink`: a file name, padding, and a checksum (unnecessary given the build ID). */
async function debugLink(program: ElfFile): Promise<string | undefined> {
  const section = program.section('.gnu_debuglink');
  if (!section || section.size > 4096) return undefined;
  const name = textAt(await program.read(section), 0);
  return name === '' || name.includes('/') ? undefined : name;
}
