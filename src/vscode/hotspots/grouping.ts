import path from 'node:path';
import type { FunctionShare } from '../../model/profileDocument.js';
import { shortName } from '../../text/names.js';
import { namespaceOf } from '../../text/namespaces.js';

export const groupings = ['function', 'category', 'namespace', 'file', 'module'] as const;
export type Grouping = (typeof groupings)[number];

export const orders = ['self', 'total', 'name'] as const;
/** By self or total cost, the highest first, or by short name. */
export type Order = (typeof orders)[number];

/** Which functions, and in which order. */
export interface Selection {
  readonly order: Order;
  /** Part of the name of a function, file, or module, in any case; empty for all. */
  readonly filter: string;
}

/** Functions without a cost of their own are selected only where totals are compared. */
export function selectFunctions(
  functions: readonly FunctionShare[],
  { order, filter }: Selection,
): FunctionShare[] {
  const wanted = filter.toLowerCase();
  const costOf = (share: FunctionShare) => (order === 'total' ? share.totalPercent : share.selfPercent);
  const selected = functions.filter(
    (share) =>
      costOf(share) > 0 &&
      [share.name, shortName(share.name), share.file, share.module].some((text) =>
        text?.toLowerCase().includes(wanted),
      ),
  );
  return order === 'name'
    ? selected.sort((a, b) => shortName(a.name).localeCompare(shortName(b.name)))
    : selected.sort((a, b) => costOf(b) - costOf(a));
}

/** Functions that have something in common, the hottest first. */
export interface HotspotGroup {
  /** Empty where it isn't known. */
  readonly name: string;
  /** Sum of its functions, in percent. */
  readonly selfPercent: number;
  readonly functions: readonly FunctionShare[];
}

/** As the panel's colors do: a function without a namespace or file belongs to its module. */
function nameOf({ name, module, file, category }: FunctionShare, by: Grouping): string {
  const ofModule = path.basename(module ?? '');
  switch (by) {
    case 'function':
      return name;
    case 'category':
      return category;
    case 'namespace':
      return namespaceOf(shortName(name)) || ofModule;
    case 'file':
      return path.basename(file ?? '') || ofModule;
    case 'module':
      return ofModule;
  }
}

/**
 * The groups of functions that have a self cost; the hottest group first, or by name.
 * @param functions in the order in which a group lists them
 */
export function groupFunctions(
  functions: readonly FunctionShare[],
  by: Grouping,
  order: Order = 'self',
): HotspotGroup[] {
  const groups = new Map<string, FunctionShare[]>();
  for (const share of functions) {
    if (share.selfPercent <= 0) continue;
    const name = nameOf(share, by);
    const known = groups.get(name);
    if (known) known.push(share);
    else groups.set(name, [share]);
  }
  return [...groups]
    .map(([name, members]) => ({
      name,
      selfPercent: members.reduce((sum, { selfPercent }) => sum + selfPercent, 0),
      functions: members,
    }))
    .sort((a, b) => (order === 'name' ? a.name.localeCompare(b.name) : b.selfPercent - a.selfPercent));
}
