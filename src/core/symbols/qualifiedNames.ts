import { inSplitPiece, openUnits } from './dwarf/debugFiles.js';
import { FunctionNames, type DeclaredFunction, type FunctionsAt } from './dwarf/functionNames.js';
import { readDwarfSection } from './dwarf/sections.js';
import { ElfFile, NotReadable } from './elfFile.js';
import type { SymbolTable } from './symbolTable.js';
import { UNNAMED_INLINED, type SymbolFrame } from './symbolTool.js';

/**
 * Gives inlined C++ functions that have no linkage name their qualified ones: symbolizers know a lambda as `operator()`
 * only, so that all lambdas of a file would be one function. And adds those that LLVM
 * misses in what gcc split off: inlined in several pieces in a unit of one.
 * @param file with the debug information
 * @param symbols of the module, with the names of functions that aren't inlined everywhere
 */
export async function qualifyInlined(
  file: string,
  addresses: readonly number[],
  lists: SymbolFrame[][],
  symbols: SymbolTable,
): Promise<SymbolFrame[][]> {
  // Mostly all of them are known: then the file isn't opened.
  if (addresses.length === 0) return lists;
  const cplusplus = symbols.hasName(/^_Z/);
  const unqualified = addresses.filter((_, i) => {
    const list = lists[i] ?? [];
    return list.slice(0, -1).some(isUnqualified) && (cplusplus || !isOfC(list));
  });
  const declared = await declaredFunctions(file, { unqualified, all: addresses }, symbols);
  if (declared.size === 0) return lists;
  const frames = new Frames();
  return lists.map((list, i) => {
    const found = declared.get(addresses[i] as number);
    if (!found) return list;
    const { functions } = found;
    if (found.calls && functions.length > list.length) return withMissed(list, found, frames);
    return list.map((frame, depth) => {
      const known = functions[depth];
      if (!known || depth === list.length - 1) return frame;
      // What the symbolizer can't name, as many functions around it tell.
      const nameless = frame.name === UNNAMED_INLINED && functions.length === list.length;
      return known.bare === frame.name || nameless ? frames.named(frame, known) : frame;
    });
  });
}

/** Frames of all functions: the line of the innermost is known; each other has that of the call that was inlined there. */
function withMissed(
  list: SymbolFrame[],
  { functions, calls = [], files = [] }: FunctionsAt,
  frames: Frames,
): SymbolFrame[] {
  const [inner, outer] = [list[0], list.at(-1)];
  if (inner?.file === undefined || !outer) return list;
  return functions.map((known, depth) => {
    const { file, line } = (depth === 0 ? undefined : calls[depth - 1]) ?? inner;
    if (depth === functions.length - 1) return frames.share({ ...outer, file, line });
    return frames.share({
      name: known?.name ?? UNNAMED_INLINED,
      file,
      line,
      declarationFile: known && files[known.fileNumber],
      declarationLine: known?.line ?? 0,
    });
  });
}

/** Equal frames share one object. */
class Frames {
  private readonly known = new Map<string, SymbolFrame>();
  private readonly renamed = new Map<SymbolFrame, Map<DeclaredFunction, SymbolFrame>>();

  /** Without building a key for each of millions of frames. */
  named(frame: SymbolFrame, known: DeclaredFunction): SymbolFrame {
    let byFunction = this.renamed.get(frame);
    if (!byFunction) this.renamed.set(frame, (byFunction = new Map()));
    let named = byFunction.get(known);
    if (!named) byFunction.set(known, (named = withName(frame, known)));
    return named;
  }

  share(frame: SymbolFrame): SymbolFrame {
    const key = Object.values(frame).join('\0');
    const known = this.known.get(key);
    if (!known) this.known.set(key, frame);
    return known ?? frame;
  }
}

async function declaredFunctions(
  file: string,
  asked: { readonly unqualified: readonly number[]; readonly all: readonly number[] },
  symbols: SymbolTable,
): Promise<Map<number, FunctionsAt>> {
  let elf: ElfFile | undefined;
  try {
    elf = await ElfFile.open(file);
    const pieces = await inSplitPiece(elf, asked.all);
    const addresses = [...new Set([...asked.unqualified, ...pieces])];
    const units = addresses.length > 0 ? await openUnits(file, elf, addresses) : undefined;
    const lines = pieces.length > 0 ? await readDwarfSection(elf, 'line') : undefined;
    return units ? new FunctionNames(units, symbols, lines).find(addresses) : new Map();
  } catch (error) {
    // Debug information of a kind that isn't known here: the short names are right, too.
    if (error instanceof NotReadable || error instanceof RangeError) return new Map();
    throw error;
  } finally {
    await elf?.close();
  }
}

/** Not mangled, and not of a language whose names have dots. */
function isUnqualified({ name }: SymbolFrame): boolean {
  return !/^(_Z|_R|_D\d)|[./]/.test(name);
}

/** Of a program without names of C++, which has many unqualified ones: reading all of its debug information would take long. */
function isOfC(list: readonly SymbolFrame[]): boolean {
  const outermost = list.at(-1);
  const files = [outermost?.file ?? '', outermost?.declarationFile ?? ''];
  return files.some((file) => /\.[csS]$/.test(file)) && list.every(({ name }) => /^[\w.@]+$/.test(name));
}

function withName(frame: SymbolFrame, { name, line }: DeclaredFunction): SymbolFrame {
  if (frame.declarationLine > 0 || line === 0) return { ...frame, name };
  return { ...frame, name, declarationFile: frame.file, declarationLine: line };
}
