// The modes of files in a zip archive, which come from whoever packaged: their umask says nothing about the package.
import { readFile, writeFile } from 'node:fs/promises';

const CENTRAL = 0x02014b50;
const END = 0x06054b50;

/** Gives every file of an archive the mode 644, or 755 if its owner may execute it. Changes the file in place. */
export async function unifyModes(file) {
  const data = await readFile(file);
  const end = data.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || data.readUInt32LE(end) !== END) throw new Error(`${file} is not a zip archive`);
  let at = data.readUInt32LE(end + 16);
  for (let left = data.readUInt16LE(end + 10); left > 0; left--) {
    if (data.readUInt32LE(at) !== CENTRAL) throw new Error(`${file} has no directory at ${at}`);
    const mode = data.readUInt32LE(at + 38) >>> 16;
    const unified = 0o100000 | (mode & 0o100 ? 0o755 : 0o644);
    data.writeUInt32LE(unified * 2 ** 16, at + 38);
    at += 46 + data.readUInt16LE(at + 28) + data.readUInt16LE(at + 30) + data.readUInt16LE(at + 32);
  }
  await writeFile(file, data);
}
