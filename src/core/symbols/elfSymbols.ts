import { SectionType, textAt, type ElfFile, type ElfSection } from './elfFile.js';
import { linkageSymbols } from './linkageTable.js';
import { SymbolTable, SymbolType, type RawSymbol } from './symbolTable.js';

const undefinedSection = 0;
const absoluteSection = 0xfff1;
const hidden = [1, 2];

/**
 * The symbols of a program as perf loads them: those of its full table, which may be in a separate file, exported ones,
 * and the entries of its linkage tables (tools/perf/util/symbol-elf.c: dso__load_sym,
 * dso__synthesize_plt_symbols).
 * @param full the file with `.symtab`: the program's own, or its separate debug information
 */
export async function readElfSymbols(program: ElfFile, full: ElfFile | undefined): Promise<SymbolTable> {
  const table = new SymbolTable();
  const symtab = full?.sections.find((s) => s.type === SectionType.SYMTAB);
  if (full && symtab) table.add(await symbolsOf(full, symtab));
  const dynsym = program.sections.find((s) => s.type === SectionType.DYNSYM);
  if (dynsym) table.add(await symbolsOf(program, dynsym));
  table.addDistinct(await linkageSymbols(program, table));
  return table;
}

async function symbolsOf(elf: ElfFile, section: ElfSection): Promise<RawSymbol[]> {
  const names = elf.sections[section.link];
  if (!names) return [];
  const [entries, text] = [await elf.read(section), await elf.read(names)];
  const { symbols: layout, word } = elf.layout;
  const symbols: RawSymbol[] = [];
  for (let at = 0; at + layout.size <= entries.length; at += layout.size) {
    const nameAt = entries.readUInt32LE(at);
    const info = entries[at + layout.info] as number;
    const type = info & 15;
    const index = entries.readUInt16LE(at + layout.section);
    if (nameAt === 0 || index === undefinedSection || index === absoluteSection) continue;
    if (type === SymbolType.NOTYPE) {
      // A label: only visible ones in code or data count.
      const visible = !hidden.includes((entries[at + layout.visibility] as number) & 3);
      if (!visible || !/text|data/.test(elf.sections[index]?.name ?? '')) continue;
    } else if (type !== SymbolType.FUNC && type !== SymbolType.OBJECT && type !== SymbolType.GNU_IFUNC)
      continue;
    const start = word(entries, at + layout.value);
    const name = textAt(text, nameAt);
    symbols.push({ name, start, end: start + word(entries, at + layout.length), type, binding: info >>> 4 });
  }
  return symbols;
}
