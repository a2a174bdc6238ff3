/** Finding functions by name, and what share of the profile they carry. Pure. */
import type { FlameTree } from './tree.js';

export type Query =
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | { readonly kind: 'match'; readonly matches: (name: string) => boolean };

/**
 * `"name"` finds exactly that name, `/…/` (or `/…/i`) is a regular expression, anything else is found anywhere in
 * a name. As in most editors, capitals in the text make it case-sensitive.
 */
export function parseQuery(text: string): Query {
  const query = text.trim();
  if (query === '') return { kind: 'none' };
  const exact = /^"(.+)"$/s.exec(query)?.[1];
  if (exact !== undefined) return { kind: 'match', matches: (name) => name === exact };
  const expression = /^\/(.+)\/(i?)$/s.exec(query);
  if (expression !== null) {
    try {
      const regex = new RegExp(expression[1] ?? '', expression[2]);
      return { kind: 'match', matches: (name) => regex.test(name) };
    } catch (error) {
      return { kind: 'invalid', reason: error instanceof Error ? error.message : String(error) };
    }
  }
  if (query !== query.toLowerCase()) return { kind: 'match', matches: (name) => name.includes(query) };
  return { kind: 'match', matches: (name) => name.toLowerCase().includes(query) };
}

/** The query that finds this function alone. */
export function exactQuery(name: string): string {
  return `"${name}"`;
}

export interface Matches {
  /** 1 for each matching function. */
  readonly mask: Uint8Array;
  readonly functions: number;
}

export function matchFunctions(
  length: number,
  nameOf: (func: number) => string,
  matches: (name: string) => boolean,
): Matches {
  const mask = new Uint8Array(length);
  let functions = 0;
  for (let func = 0; func < length; func++) {
    if (!matches(nameOf(func))) continue;
    mask[func] = 1;
    functions++;
  }
  return { mask, functions };
}

export interface MatchWeight {
  readonly frames: number;
  /** Weight of all samples with a match anywhere on their stack. */
  readonly weight: number;
}

/** One pass in index order: a match below another match is on a path that is counted already. */
export function weighMatches(tree: FlameTree, mask: Uint8Array): MatchWeight {
  const covered = new Uint8Array(tree.length + 1);
  let frames = 0;
  let weight = 0;
  for (let node = 0; node < tree.length; node++) {
    const parent = tree.parent[node] ?? tree.root;
    const above = covered[parent] === 1;
    if (mask[tree.func[node] ?? -1] === 1) {
      frames++;
      if (!above) weight += tree.total[node] ?? 0;
      covered[node] = 1;
    } else if (above) {
      covered[node] = 1;
    }
  }
  return { frames, weight };
}

/** The node of this function with the largest total, or -1. */
export function heaviestNode(tree: FlameTree, func: number): number {
  let best = -1;
  if (func < 0) return best;
  for (let node = 0; node < tree.length; node++) {
    if (tree.func[node] === func && (best === -1 || (tree.total[node] ?? 0) > (tree.total[best] ?? 0)))
      best = node;
  }
  return best;
}
