import type { SymbolFrame } from '../symbols/symbolTool.js';
import type { MachineCode } from './machineCode.js';
import type { Sources } from './sources.js';

/** Machine code as it is read: instructions under the source lines that they come from. */
export type ListingRow =
  /** What follows was inlined: the functions from the outermost to the innermost. */
  | { readonly kind: 'inlined'; readonly names: readonly string[] }
  /** `text` is undefined if the source isn't here. */
  | {
      readonly kind: 'source';
      readonly file: string;
      readonly line: number;
      readonly text: string | undefined;
    }
  | { readonly kind: 'instruction'; readonly index: number }
  /** Instructions without cost, far from any with it. */
  | { readonly kind: 'skipped'; readonly count: number };

/** Instructions that are listed before and after one with cost. */
const nearby = 4;
/** Fewer aren't worth a row that says they are left out. */
const leastSkipped = 8;

/** @param all whether instructions far from any cost are listed too */
export async function listing(
  { instructions, frames, weight }: Pick<MachineCode, 'instructions' | 'frames' | 'weight'>,
  sources: Pick<Sources, 'lines'>,
  all: boolean,
): Promise<ListingRow[]> {
  const rows: ListingRow[] = [];
  const listed = all ? undefined : nearCost(weight);
  let last: readonly SymbolFrame[] = [];
  for (let i = 0; i < instructions.length; i++) {
    if (listed?.[i] === 0) {
      let end = i;
      while (end < instructions.length && listed[end] === 0) end++;
      rows.push({ kind: 'skipped', count: end - i });
      i = end - 1;
      last = [];
      continue;
    }
    const chain = frames[i] ?? [];
    if (chainOf(chain) !== chainOf(last) && (chain.length > 1 || last.length > 1)) {
      const names = chain.map(({ name }) => name).reverse();
      rows.push({ kind: 'inlined', names });
    }
    const [inner] = chain;
    const before = last[0];
    if (inner?.file !== undefined && inner.line > 0 && !(before && sameLine(inner, before))) {
      const lines = await sources.lines(inner.file);
      rows.push({ kind: 'source', file: inner.file, line: inner.line, text: lines?.[inner.line - 1] });
    }
    if (chain.length > 0) last = chain;
    rows.push({ kind: 'instruction', index: i });
  }
  return rows;
}

function chainOf(frames: readonly SymbolFrame[]): string {
  return frames.map(({ name }) => name).join('\0');
}

function sameLine(a: SymbolFrame, b: SymbolFrame): boolean {
  return a.line === b.line && a.file === b.file;
}

function nearCost(weight: Float64Array): Uint8Array {
  const near = new Uint8Array(weight.length);
  weight.forEach((cost, i) => {
    if (cost > 0) near.fill(1, Math.max(0, i - nearby), i + nearby + 1);
  });
  for (let i = 0; i < near.length; i++) {
    if (near[i] === 1) continue;
    let end = i;
    while (end < near.length && near[end] === 0) end++;
    if (end - i < leastSkipped) near.fill(1, i, end);
    i = end;
  }
  return near;
}
