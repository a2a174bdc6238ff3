/** Which files of a folder are programs, by how they start. */
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { openRegular } from '../files.js';

/** Object files and programs (ELF), and archives of them. */
export async function isBinary(file: string): Promise<boolean> {
  const start = await firstBytes(file, 8);
  return start.subarray(0, 4).equals(elfMagic) || start.toString('latin1').startsWith('!<arch>');
}

const elfMagic = Buffer.from('\x7fELF', 'latin1');

async function firstBytes(file: string, size: number): Promise<Buffer> {
  const handle = await openRegular(file);
  try {
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Executables below a folder, relative to it. A library has no interpreter; a program linked statically has its own type. */
export async function programsIn(root: string, folder = '.'): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(path.join(root, folder), { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await programsIn(root, name)));
    else if (
      entry.isFile() &&
      !/\.(?:o|a|so)(?:\.[\d.]+)?$/.test(name) &&
      (await isProgram(path.join(root, name)))
    ) {
      found.push(name);
    }
  }
  return found.sort();
}

/** Elf64_Ehdr: type u16 at 16; 2 is an executable, 3 one that is position-independent, or a library. */
async function isProgram(file: string): Promise<boolean> {
  if (((await lstat(file)).mode & 0o111) === 0) return false;
  const header = await firstBytes(file, 18);
  if (header.length < 18 || !header.subarray(0, 4).equals(elfMagic)) return false;
  const type = header.readUInt16LE(16);
  return type === 2 || type === 3;
}
