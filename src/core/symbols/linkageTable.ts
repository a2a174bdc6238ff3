import { Machine, number64, SectionType, textAt, type ElfFile } from './elfFile.js';
import { Binding, SymbolType, type RawSymbol, type SymbolTable } from './symbolTable.js';

/** The function that each slot of the global offset table is filled with at run time. */
type Slots = ReadonlyMap<number, string>;

/** `.plt`, and tables whose entries jump directly through a slot: `.plt.got`, `.plt.sec` (x86 with branch tracking). */
const tables = ['.plt', '.plt.got', '.plt.sec'];

/**
 * Names for the entries of the procedure linkage tables, which have no symbols: an entry that jumps to malloc is
 * `malloc@plt`. The slot that the instructions of an entry jump through determines the function, so neither the order of
 * the entries nor the linker matters.
 */
export async function linkageSymbols(elf: ElfFile, known: SymbolTable): Promise<RawSymbol[]> {
  const entriesOf = elf.layout.bits === 64 ? decoders[elf.machine] : undefined;
  if (!entriesOf) return [];
  const { slots, order } = await readSlots(elf, known);
  const symbols: RawSymbol[] = [];
  for (const section of elf.sections.filter(
    (s) => tables.includes(s.name) && s.type !== SectionType.NOBITS,
  )) {
    const code = await elf.read(section);
    for (const { at, size, slot, index } of entriesOf(code, section.address)) {
      const name = (slot !== undefined && slots.get(slot)) || (index !== undefined && order[index]);
      if (name) symbols.push(entry(`${name}@plt`, section.address + at, size));
      else if (at === 0 && section.name === '.plt') symbols.push(entry('.plt', section.address, size));
    }
  }
  return symbols;
}

function entry(name: string, start: number, size: number): RawSymbol {
  return { name, start, end: start + size, type: SymbolType.FUNC, binding: Binding.GLOBAL };
}

/** Elf64_Rela: offset u64, info u64 (symbol in the upper half, type in the lower), addend i64. */
const relocationSize = 24;
/** R_X86_64_IRELATIVE, R_AARCH64_IRELATIVE: the addend is the function that chooses the implementation. */
const indirect = [37, 1032];

/** @returns the names of the slots' functions, and those of `.rela.plt` in its order */
async function readSlots(elf: ElfFile, known: SymbolTable): Promise<{ slots: Slots; order: string[] }> {
  const slots = new Map<number, string>();
  const order: string[] = [];
  for (const section of elf.sections.filter((s) => /^\.rela\.(plt|dyn)$/.test(s.name))) {
    const symbols = elf.sections[section.link];
    const names = symbols && elf.sections[symbols.link];
    const hasNames = symbols?.type === SectionType.DYNSYM && names;
    const table = hasNames ? await elf.read(symbols) : Buffer.alloc(0);
    const text = hasNames ? await elf.read(names) : Buffer.alloc(0);
    const relocations = await elf.read(section);
    for (let at = 0; at + relocationSize <= relocations.length; at += relocationSize) {
      const symbol = relocations.readUInt32LE(at + 12) * 24;
      let name = symbol > 0 && symbol + 24 <= table.length ? textAt(text, table.readUInt32LE(symbol)) : '';
      if (name === '' && indirect.includes(relocations.readUInt32LE(at + 8))) {
        const resolver = number64(relocations, at + 16);
        name = known.at(resolver)?.name ?? `*ABS*+0x${resolver.toString(16)}`;
      }
      if (section.name === '.rela.plt') order.push(name);
      if (name !== '') slots.set(number64(relocations, at), name);
    }
  }
  return { slots, order };
}

interface Entry {
  /** Byte offset in the table. */
  readonly at: number;
  readonly size: number;
  readonly slot?: number;
  /** Into the relocations of `.rela.plt`. */
  readonly index?: number;
}

const decoders: Readonly<Record<number, (code: Buffer, address: number) => Entry[]>> = {
  [Machine.X86_64]: x86Entries,
  [Machine.AARCH64]: armEntries,
};

/**
 * Every entry jumps through its slot (`jmp *disp(%rip)`: FF 25 and the distance from the next instruction), in
 * entries of 16 bytes, or of 8 in `.plt.got`. With branch tracking, entries of `.plt` push the index of their
 * relocation instead (68 and the index), after `endbr64`.
 */
function x86Entries(code: Buffer, address: number): Entry[] {
  // Only an entry of 8 bytes has its jump at the start and two bytes of filling after it.
  const short = code.length >= 8 && code.readUInt16LE(0) === 0x25ff && code.readUInt16LE(6) === 0x9066;
  const size = short ? 8 : 16;
  const entries: Entry[] = [];
  for (let at = 0; at + size <= code.length; at += size) {
    const bytes = code.subarray(at, at + size);
    const jump = bytes.indexOf('ff25', 0, 'hex');
    if (jump >= 0 && jump + 6 <= size) {
      entries.push({ at, size, slot: address + at + jump + 6 + bytes.readInt32LE(jump + 2) });
    } else if (bytes.readUInt32LE(0) === 0xfa1e0ff3 && bytes[4] === 0x68) {
      entries.push({ at, size, index: bytes.readUInt32LE(5) });
    } else entries.push({ at, size });
  }
  return entries;
}

/** A header of 32 bytes, then entries of 16: `adrp x16, page; ldr x17, [x16, #offset]; …`. */
function armEntries(code: Buffer, address: number): Entry[] {
  const entries: Entry[] = [{ at: 0, size: 32 }];
  for (let at = 32; at + 16 <= code.length; at += 16) {
    const [adrp, ldr] = [code.readUInt32LE(at), code.readUInt32LE(at + 4)];
    // 21 bits of page number: two at bit 29, nineteen at bit 5, with a sign.
    const pages = (((adrp >>> 5) << 13) >> 11) | ((adrp >>> 29) & 3);
    const page = (Math.floor((address + at) / 4096) + pages) * 4096;
    entries.push({ at, size: 16, slot: page + ((ldr >>> 10) & 0xfff) * 8 });
  }
  return entries;
}
