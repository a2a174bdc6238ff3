import { ElfFile } from './elfFile.js';

/** The linker's ID of a program or library; undefined if it has none or isn't an ELF file. */
export async function buildIdOf(file: string): Promise<string | undefined> {
  const elf = await ElfFile.open(file).catch(() => undefined);
  try {
    return await elf?.buildId().catch(() => undefined);
  } finally {
    await elf?.close();
  }
}
