import { Attribute } from './attributes.js';
import { numberOf, readEntry, Tag, textOf, type Entry, type Unit } from './entries.js';
import { firstAtLeast, rangesOf } from './ranges.js';

const scopes = new Set<number>([
  Tag.CLASS,
  Tag.STRUCTURE,
  Tag.UNION,
  Tag.ENUMERATION,
  Tag.SUBPROGRAM,
  Tag.NAMESPACE,
]);
const read = new Set<number>([...scopes, Tag.INLINED_SUBROUTINE]);

export interface CalledFunction {
  /** The entry of its declaration. */
  readonly declaration: number;
  /** From where it was inlined: the number of the file, and the line; 0 for the outermost. */
  readonly callFile: number;
  readonly callLine: number;
}

/** What is known of a unit after reading all of its entries once. */
export interface UnitTree {
  readonly unit: Unit;
  /** The innermost scope that encloses each scope (class, function, namespace), by their offsets. */
  readonly parents: ReadonlyMap<number, number>;
  /** The closure types in each scope, in the order of the source: those with an `operator()` and no name. */
  readonly closures: ReadonlyMap<number, readonly number[]>;
  /** Where the code of a function starts, by what its entry refers to: its declaration. */
  readonly code: ReadonlyMap<number, number>;
  /** The functions at an address, outermost first: one and what is inlined there. */
  readonly chains: ReadonlyMap<number, readonly CalledFunction[]>;
  /** g++'s major version; undefined for another compiler. */
  readonly gcc: number | undefined;
}

/** @param addresses in ascending order */
export function readTree(unit: Unit, addresses: readonly number[]): UnitTree {
  const parents = new Map<number, number>();
  const closures = new Map<number, number[]>();
  const code = new Map<number, number>();
  const chains = new Map<number, CalledFunction[]>();
  /** Enclosing entries; 0 for one that isn't a scope. */
  const open: number[] = [];
  const unnamed = new Set<number>();
  const { root } = unit;
  for (let at = unit.first; at < unit.end;) {
    const entry = readEntry(unit, at, read);
    if (!entry) {
      at++;
      open.pop();
      if (open.length === 0) break;
      continue;
    }
    at = entry.end;
    if (scopes.has(entry.tag)) {
      const parent = open.findLast((scope) => scope !== 0) ?? 0;
      parents.set(entry.offset, parent);
      if (isUnnamedClass(entry)) unnamed.add(entry.offset);
      const called = entry.tag === Tag.SUBPROGRAM ? textOf(entry, Attribute.NAME) : undefined;
      if (called?.startsWith('operator()') === true && unnamed.has(parent)) addClosure(parent);
    }
    if (entry.tag === Tag.SUBPROGRAM || entry.tag === Tag.INLINED_SUBROUTINE) addCode(entry);
    if (entry.hasChildren) open.push(scopes.has(entry.tag) ? entry.offset : 0);
    else if (open.length === 0) break;
  }
  const producer = root && textOf(root, Attribute.PRODUCER);
  const gcc = /^GNU C\+\+\S* (\d+)/.exec(producer ?? '')?.[1];
  return { unit, parents, closures, code, chains, gcc: gcc === undefined ? undefined : Number(gcc) };

  function addClosure(type: number): void {
    const scope = parents.get(type) ?? 0;
    const list = closures.get(scope) ?? [];
    if (list.at(-1) !== type) list.push(type);
    closures.set(scope, list);
  }

  function addCode(entry: Entry): void {
    const ranges = rangesOf(entry, unit, unit.lowest);
    const [first] = ranges;
    if (!first) return;
    const declaration =
      numberOf(entry, Attribute.ABSTRACT_ORIGIN) ?? numberOf(entry, Attribute.SPECIFICATION) ?? entry.offset;
    if (entry.tag === Tag.SUBPROGRAM && !code.has(declaration)) code.set(declaration, first[0]);
    const callFile = numberOf(entry, Attribute.CALL_FILE) ?? 0;
    const called = { declaration, callFile, callLine: numberOf(entry, Attribute.CALL_LINE) ?? 0 };
    for (const [from, to] of ranges)
      for (
        let i = firstAtLeast(addresses, from);
        i < addresses.length && (addresses[i] as number) < to;
        i++
      ) {
        const address = addresses[i] as number;
        const chain = chains.get(address);
        if (chain) chain.push(called);
        else chains.set(address, [called]);
      }
  }
}

/** gcc calls closure types `<lambda(int)>` or nothing. */
export function isUnnamedClass(entry: Entry): boolean {
  if (entry.tag !== Tag.CLASS && entry.tag !== Tag.STRUCTURE) return false;
  return textOf(entry, Attribute.NAME)?.startsWith('<') ?? true;
}
