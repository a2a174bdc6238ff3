import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** DWARF 5, 7.3.5.3: the numbers of the sections that have parts of units. */
const sections = [
  ['.debug_info.dwo', 1],
  ['.debug_abbrev.dwo', 3],
  ['.debug_line.dwo', 4],
  ['.debug_loclists.dwo', 5],
  ['.debug_str_offsets.dwo', 6],
  ['.debug_rnglists.dwo', 8],
] as const;

/**
 * Packs .dwo files of DWARF 5 as a linker of packages does. Of gcc's files, neither binutils' dwp (2.40) nor llvm-dwp (16) writes
 * one: the first crashes, the other never ends.
 * @param files of one unit each
 */
export function packDwarf5(files: readonly string[], output: string): void {
  const folder = mkdtempSync(`${output}-`);
  const read = (file: string, section: string) => {
    const part = path.join(folder, 'part');
    writeFileSync(part, '');
    execFileSync('objcopy', ['--dump-section', `${section}=${part}`, file, '/dev/null'], { stdio: 'ignore' });
    return readFileSync(part);
  };
  const strings = files.map((file) => read(file, '.debug_str.dwo'));
  const parts = files.map((file, i) => {
    const before = Buffer.concat(strings.slice(0, i)).length;
    return sections.map(([name]) => {
      const content = read(file, name);
      // After a header of eight bytes: offsets of strings, which lie behind those of other files now.
      if (name === '.debug_str_offsets.dwo')
        for (let at = 8; at < content.length; at += 4)
          content.writeUInt32LE(content.readUInt32LE(at) + before, at);
      return content;
    });
  });
  const add = (name: string, content: Buffer) => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return ['--add-section', `${name}=${file}`];
  };
  const empty = path.join(folder, 'empty.o');
  execFileSync('cc', ['-c', '-x', 'c', '/dev/null', '-o', empty]);
  const added = [
    ...sections.flatMap(([name], s) => add(name, Buffer.concat(parts.map((unit) => unit[s] as Buffer)))),
    ...add('.debug_str.dwo', Buffer.concat(strings)),
    ...add('.debug_cu_index', index(parts)),
  ];
  execFileSync('objcopy', [...added, empty, output]);
  rmSync(folder, { recursive: true });
}

/** 7.3.5.3: a header, a hash table of unit IDs, and where the parts of each unit are. */
function index(units: readonly (readonly Buffer[])[]): Buffer {
  const slots = 2 ** Math.ceil(Math.log2(units.length * 1.5 + 1));
  const ids = Buffer.alloc(slots * 8);
  const rows = Buffer.alloc(slots * 4);
  const used = new Set<number>();
  units.forEach(([info], row) => {
    // In the header of a split unit: length u32, version u16, kind u8, size of addresses u8, abbreviations u32, ID u64.
    const id = (info as Buffer).readBigUInt64LE(12);
    const step = Number((id >> 32n) & BigInt(slots - 1)) | 1;
    let slot = Number(id & BigInt(slots - 1));
    while (used.has(slot)) slot = (slot + step) % slots;
    used.add(slot);
    ids.writeBigUInt64LE(id, slot * 8);
    rows.writeUInt32LE(row + 1, slot * 4);
  });
  const words = (values: readonly number[]) => Buffer.from(Uint32Array.from(values).buffer);
  const sizes = units.map((unit) => unit.map((part) => part.length));
  const offsets = units.map((_, u) =>
    sections.map((__, s) => sizes.slice(0, u).reduce((sum, of) => sum + (of[s] as number), 0)),
  );
  return Buffer.concat([
    words([5, sections.length, units.length, slots]),
    ids,
    rows,
    words(sections.map(([, number]) => number)),
    words(offsets.flat()),
    words(sizes.flat()),
  ]);
}
