import type { EventProfile } from '../../model/profile.js';
import { addressCosts, addressesOf, type AddressCosts } from '../../views/addressCosts.js';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { demangleAll } from '../symbols/demangle.js';
import { NotReadable } from '../symbols/elfFile.js';
import { cachedFrames } from '../symbols/frameCache.js';
import { openModule } from '../symbols/modules.js';
import { findSymbolTool } from '../symbols/symbolizer.js';
import type { SymbolFrame } from '../symbols/symbolTool.js';
import type { RawSymbol, SymbolTable } from '../symbols/symbolTable.js';
import { basicBlocks, branchTargets, hottestBlock, type Block } from './blocks.js';
import { findDisassembler, type Disassembler, type Instruction, type Syntax } from './disassembler.js';

/** The machine code of a symbol with what it costs. Arrays are by instruction. */
export interface MachineCode {
  /** Demangled. */
  readonly symbol: string;
  readonly module: string;
  readonly syntax: Syntax;
  readonly instructions: readonly Instruction[];
  readonly weight: Float64Array;
  /** Undefined for exact counts. */
  readonly samples: Int32Array | undefined;
  /** Weight of the symbol, and of the whole profile. */
  readonly symbolWeight: number;
  readonly all: number;
  /** Source lines, the innermost inlined function first; empty without debug information. */
  readonly frames: readonly (readonly SymbolFrame[])[];
  /** Of branches inside the symbol, the index of their target; else -1. */
  readonly targets: Int32Array;
  readonly hottest: Block | undefined;
  /** All symbols that contain the function's code, hottest first: itself, clones, and functions it was inlined into. */
  readonly copies: readonly CodeCopy[];
}

export interface CodeCopy {
  readonly symbol: string;
  readonly module: string;
  /** Of the function's own instructions in this symbol. */
  readonly weight: number;
}

export interface MachineCodeOptions {
  readonly syntax?: Syntax;
  /** Index into `copies`; by default the hottest. */
  readonly copy?: number;
  /** 1 for the samples that count; by default all of them. */
  readonly selected?: Uint8Array | undefined;
  readonly disassembler?: Disassembler;
}

interface FoundSymbol {
  readonly symbol: RawSymbol;
  readonly module: string;
  readonly buildId: string | undefined;
  readonly file: string;
  readonly lines: string | undefined;
  readonly table: SymbolTable;
  weight: number;
}

/**
 * Disassembles the symbol with most of a function's cost, and adds cost, source lines, and branches. Shares are those of
 * `perf annotate`: of all samples in the symbol, whatever was inlined there.
 * @throws LabError `code-missing` if the profile has no addresses or the file has changed, `tool-missing`, `canceled`
 */
export async function machineCode(
  profile: EventProfile,
  func: number,
  options: MachineCodeOptions,
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<MachineCode> {
  const { syntax = 'intel', copy = 0, selected } = options;
  const disassemble = options.disassembler ?? (await findDisassembler());
  const costs = requireCosts(profile, func, selected);
  const found = await symbolsOf(profile, func, costs, context);
  const chosen = found[Math.min(copy, found.length - 1)] as FoundSymbol;
  context.progress('Disassembling…');
  const instructions = await disassemble(chosen.file, chosen.symbol, syntax, context);
  const { weight, samples } = spread(profile, costs, chosen, instructions);
  const frames = await linesOf(chosen, instructions, context);
  const names = await demangleAll(
    found.map(({ symbol }) => symbol.name),
    context,
  );
  const targets = branchTargets(instructions);
  return {
    symbol: names(chosen.symbol.name),
    module: chosen.module,
    syntax,
    instructions,
    weight,
    samples,
    symbolWeight: weight.reduce((sum, one) => sum + one, 0),
    all: costs.all,
    frames,
    targets,
    hottest: hottestBlock(basicBlocks(instructions, targets), weight),
    copies: found.map(({ symbol, module, weight: own }) => ({
      symbol: names(symbol.name),
      module,
      weight: own,
    })),
  };
}

function requireCosts(profile: EventProfile, func: number, selected: Uint8Array | undefined): AddressCosts {
  const costs = addressCosts(profile, selected);
  if (costs) return costs;
  throw new LabError('code-missing', `There is no machine code for ${nameOf(profile, func)}.`, {
    detail: 'The profile has no addresses of instructions: it was imported, or saved by an older version.',
    remedy: { text: 'Record the program with HAKMEM Lab, or import a perf.data file.' },
  });
}

/** The symbols that contain the function's code, by its cost in them. */
async function symbolsOf(
  profile: EventProfile,
  func: number,
  costs: AddressCosts,
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<FoundSymbol[]> {
  const { addresses, strings } = profile;
  const own = addressesOf(profile, func);
  if (!addresses || own.length === 0) {
    throw new LabError('code-missing', `There is no machine code for ${nameOf(profile, func)}.`, {
      detail:
        "No sample was taken in its instructions: it only called others, or its code isn't in a file (a kernel function or generated code).",
      remedy: { text: 'Choose a function with a self share.' },
    });
  }
  const found = new Map<string, FoundSymbol>();
  let reason: string | undefined;
  for (const [module, buildId, group] of byModule(profile, own)) {
    context.progress(`Reading symbols of ${module}…`);
    try {
      const { table, file, lines } = await openModule(module, buildId);
      for (const a of group) {
        const symbol = table.find(addresses.address[a] as number);
        if (!symbol) continue;
        const key = `${module}\0${symbol.start}`;
        let entry = found.get(key);
        if (!entry) found.set(key, (entry = { symbol, module, buildId, file, lines, table, weight: 0 }));
        entry.weight += costs.weight[a] as number;
      }
    } catch (error) {
      if (!(error instanceof NotReadable)) throw error;
      reason = `The file ${module} ${error.message}.`;
    }
  }
  if (found.size === 0) {
    const [first] = own;
    throw new LabError('code-missing', `There is no machine code for ${nameOf(profile, func)}.`, {
      detail: reason ?? `No symbol of ${strings[addresses.module[first as number] as number]} contains it.`,
      remedy: { text: 'Profile again, so that the profile and the program are of the same build.' },
    });
  }
  return [...found.values()].sort((a, b) => b.weight - a.weight || a.symbol.start - b.symbol.start);
}

function byModule(
  { addresses, strings }: EventProfile,
  indices: readonly number[],
): [module: string, buildId: string | undefined, indices: number[]][] {
  const groups = new Map<string, [string, string | undefined, number[]]>();
  for (const a of indices) {
    const module = addresses?.module[a] ?? -1;
    const buildId = addresses?.buildId[a] ?? -1;
    const key = `${module} ${buildId}`;
    let group = groups.get(key);
    if (!group) groups.set(key, (group = [strings[module] ?? '', strings[buildId], []]));
    group[2].push(a);
  }
  return [...groups.values()];
}

/** Costs by instruction. An address inside an instruction (a prefix was jumped over) counts for the instruction. */
function spread(
  { addresses, strings }: EventProfile,
  costs: AddressCosts,
  { symbol, module, buildId }: FoundSymbol,
  instructions: readonly Instruction[],
): { weight: Float64Array; samples: Int32Array | undefined } {
  const weight = new Float64Array(instructions.length);
  const samples = costs.samples && new Int32Array(instructions.length);
  for (let a = 0; a < (addresses?.length ?? 0); a++) {
    const address = addresses?.address[a] as number;
    if (address < symbol.start || address >= symbol.end) continue;
    if (strings[addresses?.module[a] as number] !== module) continue;
    if (strings[addresses?.buildId[a] as number] !== buildId) continue;
    const at = lastUpTo(instructions, address);
    if (at < 0) continue;
    weight[at] = (weight[at] as number) + (costs.weight[a] as number);
    if (samples) samples[at] = (samples[at] as number) + (costs.samples?.[a] as number);
  }
  return { weight, samples };
}

function lastUpTo(instructions: readonly Instruction[], address: number): number {
  let low = 0;
  let high = instructions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((instructions[middle] as Instruction).address <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Without a symbolizer or debug information, instructions have no lines. */
async function linesOf(
  { lines, symbol, table }: FoundSymbol,
  instructions: readonly Instruction[],
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<(readonly SymbolFrame[])[]> {
  if (lines === undefined) return instructions.map(() => []);
  context.progress('Reading source lines…');
  const tool = await findSymbolTool();
  const found = await cachedFrames(
    tool,
    lines,
    instructions.map(({ address }) => address),
    table,
    context,
  );
  const all = instructions.map(({ address }) => found.get(address) ?? []);
  const names = new Set(all.flatMap((frames) => frames.map(({ name }) => name)));
  const demangled = await demangleAll([...names, symbol.name], context);
  const known = new Map<SymbolFrame, SymbolFrame>();
  const named = (frame: SymbolFrame) => {
    let result = known.get(frame);
    if (!result) known.set(frame, (result = { ...frame, name: demangled(frame.name) }));
    return result;
  };
  return all.map((frames) => frames.map(named));
}

function nameOf({ functions, strings }: EventProfile, func: number): string {
  return strings[functions.name[func] ?? -1] ?? 'the function';
}
