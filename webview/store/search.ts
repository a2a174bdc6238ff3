/** Finds functions by name, and their share of the profile. Pure. */
import type { CallTree } from '../../src/views/callTree.js';

export type Query =
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid'; readonly reason: string }
  | {
      readonly kind: 'match';
      readonly matches: (name: string) => boolean;
      /** Set if a name matches when it contains this text. */
      readonly part?: { readonly text: string; readonly ignoreCase: boolean };
    };

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
  const ignoreCase = query === query.toLowerCase();
  return {
    kind: 'match',
    matches: ignoreCase ? (name) => name.toLowerCase().includes(query) : (name) => name.includes(query),
    part: { text: query, ignoreCase },
  };
}

/** The query that finds only this function. */
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

/** The functions whose names' strings are in `strings`. */
export function functionsNamed(name: Int32Array, strings: Uint8Array): Matches {
  const mask = new Uint8Array(name.length);
  let functions = 0;
  for (let func = 0; func < name.length; func++) {
    if (strings[name[func] as number] !== 1) continue;
    mask[func] = 1;
    functions++;
  }
  return { mask, functions };
}

/** How many of all functions a tree has: filters leave some out. */
export function functionsIn({ func, length }: CallTree, all: number): number {
  const seen = new Uint8Array(all);
  let functions = 0;
  // Node 0 is "all".
  for (let node = 1; node < length; node++) {
    const one = func[node] as number;
    if (seen[one] === 0) functions++;
    seen[one] = 1;
  }
  return functions;
}

interface MatchWeight {
  /** Of those that match, how many the tree has. */
  readonly functions: number;
  readonly frames: number;
  /** Weight of all samples with a match anywhere on their stack. */
  readonly weight: number;
}

/** One pass in preorder: everything below a match is already counted. */
export function weighMatches(tree: CallTree, mask: Uint8Array): MatchWeight {
  const seen = new Uint8Array(mask.length);
  let functions = 0;
  let frames = 0;
  let weight = 0;
  let counted = 0;
  for (let node = 1; node < tree.length; node++) {
    const func = tree.func[node] as number;
    if (mask[func] !== 1) continue;
    if (seen[func] === 0) functions++;
    seen[func] = 1;
    frames++;
    if (node < counted) continue;
    weight += tree.total[node] as number;
    counted = tree.end[node] as number;
  }
  return { functions, frames, weight };
}

/** The node of this function with the largest total, or -1. */
export function heaviestNode(tree: CallTree, func: number): number {
  let best = -1;
  if (func < 0) return best;
  for (let node = 1; node < tree.length; node++) {
    if (
      tree.func[node] === func &&
      (best === -1 || (tree.total[node] as number) > (tree.total[best] as number))
    )
      best = node;
  }
  return best;
}
