/** A section of a file that is made here. */
export interface NewSection {
  readonly name: string;
  readonly data: Buffer;
}

const headerSize = 64;
const sectionSize = 64;
const SHT_PROGBITS = 1;
const SHT_STRTAB = 3;

/**
 * A little-endian ELF file of 64 bits with nothing but sections, as those of split debug information are.
 * Format: System V ABI, chapter "Object Files".
 * @param machine the number of the processor (`e_machine`)
 */
export function elfImage(machine: number, sections: readonly NewSection[]): Buffer {
  const names = Buffer.from(['', ...sections.map(({ name }) => name), '.shstrtab', ''].join('\0'), 'latin1');
  const all = [...sections, { name: '.shstrtab', data: names }];
  const header = Buffer.alloc(headerSize);
  const contentSize = all.reduce((sum, { data }) => sum + data.length, 0);
  // The headers of sections are at a multiple of 8.
  const padding = -(headerSize + contentSize) & 7;
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(header);
  header.writeUInt16LE(1, 16); // ET_REL
  header.writeUInt16LE(machine, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(headerSize + contentSize + padding), 40);
  header.writeUInt16LE(headerSize, 52);
  header.writeUInt16LE(sectionSize, 58);
  header.writeUInt16LE(all.length + 1, 60);
  header.writeUInt16LE(all.length, 62);
  const table = Buffer.alloc((all.length + 1) * sectionSize);
  let at = headerSize;
  all.forEach(({ name, data }, i) => {
    const entry = table.subarray((i + 1) * sectionSize);
    entry.writeUInt32LE(names.indexOf(`\0${name}\0`, 0, 'latin1') + 1, 0);
    entry.writeUInt32LE(i < sections.length ? SHT_PROGBITS : SHT_STRTAB, 4);
    entry.writeBigUInt64LE(BigInt(at), 24);
    entry.writeBigUInt64LE(BigInt(data.length), 32);
    entry.writeBigUInt64LE(1n, 48);
    at += data.length;
  });
  return Buffer.concat([header, ...all.map(({ data }) => data), Buffer.alloc(padding), table]);
}
