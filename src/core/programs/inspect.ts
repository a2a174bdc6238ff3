import { openDebugFile } from '../symbols/debugFile.js';
import { ElfFile, Machine, NotReadable, SectionType } from '../symbols/elfFile.js';
import { SymbolType } from '../symbols/symbolTable.js';

/** What a program lacks for a profile that leads to source lines. */
export interface Lacking {
  /** Without it there are no lines, and no inlined functions. */
  readonly debugInformation: boolean;
  /** Without them callers are missing, unless stacks are unwound by DWARF. */
  readonly framePointers: boolean;
}

/** push rbp; mov rbp, rsp: how a function on x86-64 sets its frame pointer up. */
const prologue = Buffer.from([0x55, 0x48, 0x89, 0xe5]);
/** mov [rbp-N], rdi or edi: how unoptimized code keeps its first argument, right after that and room on the stack. */
const kept = Buffer.from([0x89, 0x7d]);
/** Bytes between the two, with registers that are saved. */
const keptWithin = 24;
/** The share of functions with frame pointers that keep it. Optimized code has it in large functions alone. */
const keptBy = 0.4;
/** Bytes of code for each that keeps it: with more, only a part is unoptimized. */
const codeForEach = 1000;
/** The share of functions that set one up, below which a program is taken for one without: its start-up code has some. */
const fewest = 0.1;
/** Elf64_Sym: name u32, info u8, other u8, section u16, value u64, size u64. */
const symbolSize = 24;

/** Looks at a program before it is recorded. Undefined for other files, such as scripts. */
export async function inspectProgram(file: string): Promise<Lacking | undefined> {
  let elf: ElfFile | undefined;
  try {
    elf = await ElfFile.open(file);
    return {
      debugInformation: !(await hasDebugInformation(file, elf)),
      framePointers: await lacksFramePointers(elf),
    };
  } catch (error) {
    if (error instanceof NotReadable) return undefined;
    throw error;
  } finally {
    await elf?.close();
  }
}

/** Whether a program or library was compiled without optimization. Known for x86-64 only. */
export async function isUnoptimized(file: string): Promise<boolean> {
  let elf: ElfFile | undefined;
  try {
    elf = await ElfFile.open(file);
    const text = elf.section('.text');
    if (elf.machine !== Machine.X86_64 || !text) return false;
    const code = await elf.read(text);
    let [functions, keeping] = [0, 0];
    for (let at = code.indexOf(prologue); at >= 0; at = code.indexOf(prologue, at + 1)) {
      functions++;
      if (code.subarray(at, at + prologue.length + keptWithin).includes(kept)) keeping++;
    }
    return keeping > 1 && keeping >= functions * keptBy && code.length <= keeping * codeForEach;
  } catch (error) {
    if (error instanceof NotReadable) return false;
    throw error;
  } finally {
    await elf?.close();
  }
}

async function hasDebugInformation(file: string, elf: ElfFile): Promise<boolean> {
  if (elf.section('.debug_info') ?? elf.section('.zdebug_info')) return true;
  const separate = await openDebugFile(file, elf, await elf.buildId());
  await separate?.elf.close();
  return separate !== undefined;
}

/** Known for x86-64 with a symbol table only; elsewhere they are the rule. */
async function lacksFramePointers(elf: ElfFile): Promise<boolean> {
  const text = elf.section('.text');
  const symbols = elf.sections.find(({ type }) => type === SectionType.SYMTAB);
  if (elf.machine !== Machine.X86_64 || !text || !symbols) return false;
  const functions = countFunctions(await elf.read(symbols));
  const code = await elf.read(text);
  let found = 0;
  for (let at = code.indexOf(prologue); at >= 0; at = code.indexOf(prologue, at + 1)) found++;
  return functions > 0 && found < functions * fewest;
}

function countFunctions(symbols: Buffer): number {
  let functions = 0;
  for (let at = 0; at + symbolSize <= symbols.length; at += symbolSize) {
    const isFunction = ((symbols[at + 4] as number) & 15) === SymbolType.FUNC;
    const defined = symbols.readUInt16LE(at + 6) !== 0;
    if (isFunction && defined && symbols.readBigUInt64LE(at + 16) > 0n) functions++;
  }
  return functions;
}
