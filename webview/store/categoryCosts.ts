/** Self costs by category. Pure. */
import type { CallTree } from '../../src/views/callTree.js';
import type { FunctionCosts } from '../../src/views/costs.js';

export interface CategoryRow {
  /** Index into the profile's categories; -1 for functions without one. */
  readonly category: number;
  readonly self: number;
  /** Functions with self time, heaviest first. */
  readonly functions: readonly number[];
}

interface CategoryTable {
  /** By self weight, heaviest first. Categories without samples are left out. */
  readonly rows: readonly CategoryRow[];
  /** Weight of samples without a function; 0 in a complete profile. */
  readonly unattributed: number;
  /** What the rows and `unattributed` add up to: the footer shows this, never an assumed 100%. */
  readonly sum: number;
}

/** Summed over the functions, so that a category always equals the rows it expands to. */
export function categoryTable(
  costs: FunctionCosts,
  categoryOf: Int32Array,
  categoryCount: number,
): CategoryTable {
  const members: number[][] = Array.from({ length: categoryCount + 1 }, () => []);
  const selfs = new Float64Array(categoryCount + 1);
  let attributed = 0;
  for (let func = 0; func < costs.self.length; func++) {
    const self = costs.self[func] ?? 0;
    if (self === 0) continue;
    const category = categoryOf[func] ?? -1;
    const slot = category >= 0 && category < categoryCount ? category : categoryCount;
    members[slot]?.push(func);
    selfs[slot] = (selfs[slot] ?? 0) + self;
    attributed += self;
  }
  const rows: CategoryRow[] = [];
  for (let slot = 0; slot <= categoryCount; slot++) {
    const list = members[slot] ?? [];
    if (list.length === 0) continue;
    list.sort((a, b) => (costs.self[b] ?? 0) - (costs.self[a] ?? 0));
    rows.push({ category: slot === categoryCount ? -1 : slot, self: selfs[slot] ?? 0, functions: list });
  }
  rows.sort((a, b) => b.self - a.self);
  // Sums of many weights differ in the last bits; a real remainder is much larger.
  const rest = costs.all - attributed;
  const unattributed = rest > costs.all * 1e-9 ? rest : 0;
  return { rows, unattributed, sum: attributed + unattributed };
}

/**
 * Weight of the samples with a function of a category anywhere on their stack, by category; the last is for functions
 * without one. O(nodes).
 */
export function categoryTotals(tree: CallTree, categoryOf: Int32Array, categoryCount: number): Float64Array {
  const totals = new Float64Array(categoryCount + 1);
  // In preorder: below a frame of the same category, everything is counted already.
  const counted = new Int32Array(categoryCount + 1);
  for (let node = 1; node < tree.length; node++) {
    const category = categoryOf[tree.func[node] as number] ?? -1;
    const slot = category >= 0 && category < categoryCount ? category : categoryCount;
    if (node < (counted[slot] as number)) continue;
    totals[slot] = (totals[slot] as number) + (tree.total[node] as number);
    counted[slot] = tree.end[node] as number;
  }
  return totals;
}
