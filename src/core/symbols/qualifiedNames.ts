import { openUnits } from './dwarf/debugFiles.js';
import { FunctionNames, type DeclaredFunction } from './dwarf/functionNames.js';
import { ElfFile, NotReadable } from './elfFile.js';
import type { SymbolTable } from './symbolTable.js';
import { UNNAMED_INLINED, type SymbolFrame } from './symbolTool.js';

/**
 * Gives inlined C++ functions that have no linkage name their qualified ones: symbolizers know a lambda as `operator()`
 * only, so that all lambdas of a file would be one function.
 * @param file with the debug information
 * @param symbols of the module, with the names of functions that aren't inlined everywhere
 */
export async function qualifyInlined(
  file: string,
  addresses: readonly number[],
  lists: SymbolFrame[][],
  symbols: SymbolTable,
): Promise<SymbolFrame[][]> {
  const cplusplus = symbols.hasName(/^_Z/);
  const unqualified = addresses.filter((_, i) => {
    const list = lists[i] ?? [];
    return list.slice(0, -1).some(isUnqualified) && (cplusplus || !isOfC(list));
  });
  if (unqualified.length === 0) return lists;
  const declared = await declaredFunctions(file, unqualified, symbols);
  const known = new Map<SymbolFrame, Map<DeclaredFunction, SymbolFrame>>();
  return lists.map((list, i) => {
    const functions = declared.get(addresses[i] as number);
    if (!functions) return list;
    return list.map((frame, depth) => {
      const found = functions[depth];
      if (!found || depth === list.length - 1) return frame;
      // What the symbolizer can't name, as many functions around it tell.
      const nameless = frame.name === UNNAMED_INLINED && functions.length === list.length;
      if (found.bare !== frame.name && !nameless) return frame;
      let byFunction = known.get(frame);
      if (!byFunction) known.set(frame, (byFunction = new Map()));
      let named = byFunction.get(found);
      if (!named) byFunction.set(found, (named = withName(frame, found)));
      return named;
    });
  });
}

async function declaredFunctions(
  file: string,
  addresses: readonly number[],
  symbols: SymbolTable,
): Promise<Map<number, (DeclaredFunction | undefined)[]>> {
  let elf: ElfFile | undefined;
  try {
    elf = await ElfFile.open(file);
    const units = await openUnits(file, elf, addresses);
    return units ? new FunctionNames(units, symbols).find(addresses) : new Map();
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
