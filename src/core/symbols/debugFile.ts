import { realpath } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { exists, openRegular } from '../files.js';
import { fetchDebugInfo } from './debuginfod.js';
import { ElfFile, NotReadable, SectionType, textAt } from './elfFile.js';
import type { Unlinked } from './moduleFacts.js';
import { below, debugFilesIn, programsIn, symbolPlaces } from './symbolFolders.js';

/** Where distributions install separate debug information. */
export const debugRoot = '/usr/lib/debug';

/**
 * Opens the separate file with a program's symbols and debug information; undefined if there is none. Searches where gdb
 * and perf do (GDB manual, "Separate Debug Files"): by the name in the program, then by build ID; in the user's folders
 * (`symbolPlaces`), and at last on servers, if they are allowed.
 */
export async function openDebugFile(
  module: string,
  program: ElfFile,
  buildId: string | undefined,
  signal?: AbortSignal,
): Promise<{ file: string; elf: ElfFile } | undefined> {
  const link = await debugLink(program);
  for (const file of await candidates(module, link?.name, buildId)) {
    const elf = await openWithSymbols(file, buildId, link);
    if (elf) return { file, elf };
  }
  const isWhole = program.sections.some(({ name }) => name === '.debug_info');
  if (buildId === undefined || isWhole) return undefined;
  const fetched = await fetchDebugInfo(buildId, symbolPlaces().servers, signal);
  const elf = fetched === undefined ? undefined : await openWithSymbols(fetched, buildId, link);
  return elf && fetched !== undefined ? { file: fetched, elf } : undefined;
}

/** The file that a program names as the one with its symbols, where `openDebugFile` finds none that belongs to it. */
export async function unlinkedFile(
  module: string,
  program: ElfFile,
  buildId: string | undefined,
): Promise<Unlinked | undefined> {
  const link = await debugLink(program);
  if (!link) return undefined;
  const places = (await candidates(module, link.name, buildId)).filter(
    (file) => path.basename(file) === link.name,
  );
  for (const other of places) if (await exists(other)) return { name: link.name, other };
  return { name: link.name, other: undefined };
}

async function openWithSymbols(
  file: string,
  buildId: string | undefined,
  link: { readonly crc: number } | undefined,
): Promise<ElfFile | undefined> {
  const elf = await openMatching(file, buildId);
  if (!elf) return undefined;
  // Without build IDs, the checksum tells whether it belongs to the program.
  const belongs = buildId !== undefined || (link !== undefined && (await checksum(file)) === link.crc);
  if (belongs && elf.sections.some((s) => s.type === SectionType.SYMTAB || s.name === '.debug_info'))
    return elf;
  await elf.close();
  return undefined;
}

async function candidates(
  module: string,
  link: string | undefined,
  buildId: string | undefined,
): Promise<string[]> {
  const files: string[] = [];
  const { folders } = symbolPlaces();
  if (link !== undefined) {
    const folder = path.dirname(await realpath(module).catch(() => module));
    const usual = [folder, path.join(folder, '.debug'), path.join(debugRoot, folder)];
    for (const where of [...usual, ...usual.flatMap((one) => below(folders, one))])
      files.push(path.join(where, link));
  }
  if (buildId !== undefined) {
    const name = `${buildId.slice(0, 2)}/${buildId.slice(2)}`;
    files.push(path.join(debugRoot, '.build-id', `${name}.debug`));
    // perf may have kept the program from before it was stripped, which has the same build ID.
    files.push(path.join(perfCache(), name, 'elf'), path.join(perfCache(), name, 'debug'));
    files.push(...debugFilesIn(folders, buildId), ...programsIn(folders, buildId));
  }
  return files.filter((file) => file !== module);
}

/**
 * The recorded program in case its file has changed since, or isn't on this machine: from perf's cache
 * (perf-buildid-cache(1)), or from the user's folders.
 */
export async function openKept(
  module: string,
  buildId: string,
): Promise<{ file: string; elf: ElfFile } | undefined> {
  const { folders } = symbolPlaces();
  const cached = path.join(perfCache(), buildId.slice(0, 2), buildId.slice(2), 'elf');
  for (const file of [cached, ...programsIn(folders, buildId), ...below(folders, module)]) {
    const elf = await openMatching(file, buildId);
    if (elf) return { file, elf };
  }
  return undefined;
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
  if (buildId === undefined || sameBuildId(await elf.buildId().catch(() => undefined), buildId)) return elf;
  await elf.close();
  return undefined;
}

/** perf pads short IDs with zeros to twenty bytes. */
export function sameBuildId(a: string | undefined, b: string | undefined): boolean {
  return a?.replace(/(00)+$/, '') === b?.replace(/(00)+$/, '');
}

/** `.gnu_debuglink`: a file name, zeros up to a multiple of four bytes, and a checksum of the file. */
async function debugLink(program: ElfFile): Promise<{ name: string; crc: number } | undefined> {
  const section = program.section('.gnu_debuglink');
  if (!section || section.size < 8 || section.size > 4096) return undefined;
  const content = await program.read(section);
  const name = textAt(content, 0);
  if (name === '' || name.includes('/')) return undefined;
  return { name, crc: content.readUInt32LE((content.length & ~3) - 4) };
}

/** CRC-32 of the whole file, as zlib and gdb compute it. Half a second for a gigabyte. */
async function checksum(file: string): Promise<number | undefined> {
  let crc = 0;
  try {
    const handle = await openRegular(file);
    for await (const piece of handle.createReadStream({ highWaterMark: 2 ** 20 }))
      crc = crc32(piece as Buffer, crc);
    return crc;
  } catch {
    return undefined;
  }
}

/** More than the symbols of the largest programs, which distributions put into such a section. */
const maxMiniBytes = 2 ** 28;

/**
 * `.gnu_debugdata`, "MiniDebugInfo" in gdb's manual: a program with the names of its own functions only, compressed with
 * xz. Undefined if there is none, or if xz isn't installed.
 */
export async function openMiniDebugInfo(program: ElfFile): Promise<ElfFile | undefined> {
  const section = program.section('.gnu_debugdata');
  if (!section) return undefined;
  // In a file of its own, since few programs need it.
  const { execa } = await import('execa');
  const { stdout, exitCode } = await execa('xz', ['--decompress', '--stdout'], {
    input: await program.read(section),
    encoding: 'buffer',
    maxBuffer: maxMiniBytes,
    stderr: 'ignore',
    reject: false,
    timeout: 30_000,
  });
  if (exitCode !== 0) return undefined;
  return ElfFile.fromMemory(Buffer.from(stdout)).catch((error: unknown) => {
    if (error instanceof NotReadable) return undefined;
    throw error;
  });
}
