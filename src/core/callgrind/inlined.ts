import path from 'node:path';
import type { TaskContext } from '../context.js';
import type { CallgrindFunction } from '../import/callgrindParser.js';
import { stripCloneSuffix } from '../symbols/cloneSuffix.js';
import type { SymbolFrame, SymbolTool } from '../symbols/symbolTool.js';

/** A function, or a part of one that was inlined into another. */
export interface CountedFunction extends CallgrindFunction {
  /** What it was inlined into. */
  readonly outer: CountedFunction | undefined;
  /** Its own instructions by address, and how often they ran. */
  readonly instructions: Map<number, number>;
}

/** A function that is being split into the functions inlined into it. */
interface Part extends CountedFunction {
  /** Functions inlined into this one, by name and declaration. */
  readonly parts: Map<string, Part>;
}

/**
 * callgrind reports symbols and lines and attributes the cost of inlined functions to their callers. This looks up each
 * address once and attributes its cost to the innermost inlined function, which becomes a callee of the function that it
 * was inlined into. Sums by symbol and by line don't change.
 * @param inline false to leave the cost with the function that others were inlined into, at the line where they were
 */
export async function expandInlined(
  functions: readonly CallgrindFunction[],
  tool: SymbolTool,
  context: Pick<TaskContext, 'signal' | 'progress'>,
  inline = true,
): Promise<CountedFunction[]> {
  const frames = await findFrames(functions, tool, context);
  const outer = new Map(functions.map((func) => [func, outermost(func, frames)]));
  const all: Part[] = [...outer.values()];
  const calls: { readonly from: Part; readonly callee: CallgrindFunction; readonly cost: number }[] = [];
  for (const [func, part] of outer) {
    const inner = (address: number) => {
      let at = part;
      const inlined = inline ? chainOf(func, address, frames).slice(0, -1) : [];
      for (const frame of inlined.toReversed()) at = partOf(at, frame, all);
      return at;
    };
    for (const [place, cost] of func.costs) {
      const [line = '', file = '', address = ''] = place.split('\0');
      const chain = chainOf(func, Number(address), frames);
      const call = inline || chain.length < 2 ? undefined : chain.at(-1);
      const target = inner(Number(address));
      const key = call
        ? `${call.line}\0${normalize(call.file ?? '')}`
        : `${line}\0${sourceFile(chain[0], Number(line), file)}`;
      target.costs.set(key, (target.costs.get(key) ?? 0) + cost);
      target.instructions.set(Number(address), (target.instructions.get(Number(address)) ?? 0) + cost);
    }
    for (const { address, callee, cost } of func.sites) calls.push({ from: inner(address), callee, cost });
  }
  for (const { from, callee, cost } of calls) {
    const to = outer.get(callee);
    if (to) from.calls.set(to, (from.calls.get(to) ?? 0) + cost);
  }
  // The total cost of an inlined function is the cost of the "call" to it. Inner parts come after outer ones.
  const inclusive = new Map<Part, number>();
  for (const part of all.toReversed()) {
    let cost = 0;
    for (const own of part.costs.values()) cost += own;
    for (const called of part.calls.values()) cost += called;
    for (const inlined of part.parts.values()) {
      const inside = inclusive.get(inlined) ?? 0;
      if (inside > 0) part.calls.set(inlined, inside);
      cost += inside;
    }
    inclusive.set(part, cost);
  }
  return all;
}

type Frames = ReadonlyMap<string, ReadonlyMap<number, readonly SymbolFrame[]>>;

async function findFrames(
  functions: readonly CallgrindFunction[],
  tool: SymbolTool,
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<Frames> {
  const wanted = new Map<string, Set<number>>();
  for (const { object, costs, sites } of functions) {
    if (!path.isAbsolute(object)) continue;
    let addresses = wanted.get(object);
    if (!addresses) wanted.set(object, (addresses = new Set()));
    for (const place of costs.keys()) addresses.add(Number(place.split('\0')[2]));
    for (const { address } of sites) addresses.add(address);
  }
  const found = new Map<string, Map<number, readonly SymbolFrame[]>>();
  for (const [object, set] of wanted) {
    context.progress(`Symbolizing ${path.basename(object)}…`);
    const addresses = [...set];
    const frames = await tool(object, addresses, context);
    found.set(object, new Map(addresses.map((address, i) => [address, frames[i] ?? []])));
  }
  return found;
}

function chainOf(func: CallgrindFunction, address: number, frames: Frames): readonly SymbolFrame[] {
  const chain = frames.get(func.object)?.get(address) ?? [];
  // Without debug information the symbolizer knows no more than callgrind.
  return chain.length > 0 && chain.every((frame) => frame.file !== undefined) ? chain : [];
}

/** The function with its name in the source, as in a sampled profile, so that the two can be compared. */
function outermost(func: CallgrindFunction, frames: Frames): Part {
  const [place] = func.costs.keys();
  const frame = chainOf(func, Number(place?.split('\0')[2]), frames).at(-1);
  const part = {
    ...func,
    costs: new Map(),
    calls: new Map(),
    sites: [],
    outer: undefined,
    instructions: new Map(),
    parts: new Map(),
  };
  if (!frame) return part;
  return { ...part, name: stripCloneSuffix(frame.name), file: normalize(frame.declarationFile ?? func.file) };
}

function partOf(outer: Part, frame: SymbolFrame, all: Part[]): Part {
  const key = `${frame.name}\0${frame.declarationFile ?? ''}`;
  let part = outer.parts.get(key);
  if (!part) {
    part = {
      name: stripCloneSuffix(frame.name),
      object: outer.object,
      file: normalize(frame.declarationFile ?? frame.file ?? ''),
      costs: new Map(),
      calls: new Map(),
      sites: [],
      inlined: true,
      outer,
      instructions: new Map(),
      parts: new Map(),
    };
    outer.parts.set(key, part);
    all.push(part);
  }
  return part;
}

/** callgrind reports paths as they were passed to the compiler; the symbolizer's are absolute. The line is callgrind's. */
function sourceFile(frame: SymbolFrame | undefined, line: number, file: string): string {
  if (frame?.file === undefined) return normalize(file);
  return frame.line === line || path.basename(frame.file) === path.basename(file)
    ? normalize(frame.file)
    : normalize(file);
}

function normalize(file: string): string {
  return file === '' ? '' : path.normalize(file);
}
