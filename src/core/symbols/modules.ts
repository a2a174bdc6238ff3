import path from 'node:path';
import { openDebugFile, openKept, openMiniDebugInfo, sameBuildId, unlinkedFile } from './debugFile.js';
import { ElfFile, NotReadable } from './elfFile.js';
import type { Unlinked } from './moduleFacts.js';
import { programByPath, symbolPlaces } from './symbolFolders.js';
import { readElfSymbols } from './elfSymbols.js';
import type { SymbolTable } from './symbolTable.js';

/** What is known about the code of a file. */
interface ModuleSymbols {
  readonly table: SymbolTable;
  /** The address, as in symbols, of a byte of the file; undefined for one that isn't loaded. */
  readonly fromFileOffset: (offset: number) => number | undefined;
  /** The file with the code. */
  readonly file: string;
  /** The file with lines and inline frames, if there is one. */
  readonly lines: string | undefined;
  /** No file has more names than those that the module exports. */
  readonly stripped: boolean;
  readonly unlinked: Unlinked | undefined;
}

/**
 * Opens the files of a module and reads its symbols.
 * @param buildId of the recorded module, if the recording has it
 * @throws NotReadable
 */
export async function openModule(
  module: string,
  buildId: string | undefined,
  signal?: AbortSignal,
): Promise<ModuleSymbols> {
  const { file, elf } = await openRecorded(module, buildId);
  try {
    const own = await elf.buildId();
    const debug = await openDebugFile(file, elf, own, signal);
    try {
      const full = withSymbols(elf) ?? withSymbols(debug?.elf) ?? (await openMiniDebugInfo(elf));
      const lines = hasLines(elf) ? file : debug && hasLines(debug.elf) ? debug.file : undefined;
      const stripped = withSymbols(full) === undefined;
      const table = await readElfSymbols(elf, full);
      const fromFileOffset = (offset: number) => elf.fromFileOffset(offset);
      const unlinked = debug || lines !== undefined ? undefined : await unlinkedFile(file, elf, own);
      return { table, fromFileOffset, file, lines, stripped, unlinked };
    } finally {
      await debug?.elf.close();
    }
  } finally {
    await elf.close();
  }
}

/** The file that a recorded module is in, without reading its symbols. @throws NotReadable */
export async function fileOf(module: string, buildId: string | undefined): Promise<string> {
  const { file, elf } = await openRecorded(module, buildId);
  await elf.close();
  return file;
}

/** A file that was rebuilt since the recording would give wrong names; perf or the user may have kept the recorded one. */
async function openRecorded(
  module: string,
  buildId: string | undefined,
): Promise<{ file: string; elf: ElfFile }> {
  let reason: NotReadable;
  if (buildId === undefined) {
    const packed = await openPacked(module);
    if (packed) return packed;
  }
  try {
    const elf = await ElfFile.open(module);
    if (buildId === undefined || sameBuildId(await elf.buildId(), buildId)) return { file: module, elf };
    await elf.close();
    reason = new NotReadable('has changed since the recording');
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error;
    reason = error;
  }
  const kept = buildId === undefined ? undefined : await openKept(module, buildId);
  if (kept) return kept;
  throw reason;
}

/** The copy that came with the profile, of which no ID tells that it is the one that was recorded. */
async function openPacked(module: string): Promise<{ file: string; elf: ElfFile } | undefined> {
  for (const folder of symbolPlaces().folders) {
    const file = path.join(folder, programByPath(module));
    try {
      return { file, elf: await ElfFile.open(file) };
    } catch (error) {
      if (!(error instanceof NotReadable)) throw error;
    }
  }
  return undefined;
}

function withSymbols(elf: ElfFile | undefined): ElfFile | undefined {
  return elf?.section('.symtab') ? elf : undefined;
}

function hasLines(elf: ElfFile): boolean {
  return elf.sections.some((s) => /^\.z?debug_(info|line)$/.test(s.name));
}
