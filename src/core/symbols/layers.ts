import type { RawSymbol } from './symbolTable.js';

/** Entries over each other that are followed: whoever writes a map must not make reading it slow. */
const DEEPEST = 64;

/**
 * Splits code that was at overlapping addresses, one after the other, in the order of the entries: parts of the latest at each
 * address, and those where one of another name was before. O(n log n).
 */
export function layers(entries: readonly RawSymbol[]): { latest: RawSymbol[]; reused: RawSymbol[] } {
  const latest: RawSymbol[] = [];
  const reused: RawSymbol[] = [];
  const order = entries.map((_, i) => i).sort((a, b) => startOf(a) - startOf(b) || a - b);
  /** Of the entries that may reach the current place, the numbers: the latest at the end. */
  let open: number[] = [];
  for (let n = 0; n < order.length; n++) {
    insert(open, order[n] as number);
    if (open.length > DEEPEST) open.shift();
    const next = n + 1 < order.length ? startOf(order[n + 1] as number) : Infinity;
    for (let at = startOf(order[n] as number); at < next;) {
      open = open.filter((i) => isEmpty(i) || endOf(i) > at);
      const top = open.at(-1);
      if (top === undefined) break;
      // An entry without a size ends where the next begins, as in other symbol tables.
      if (isEmpty(top)) {
        latest.push(entries[top] as RawSymbol);
        open.pop();
        continue;
      }
      const below = open.findLast((i) => nameOf(i) !== nameOf(top));
      const end = Math.min(next, ...open.filter((i) => !isEmpty(i)).map(endOf));
      const part = { ...(entries[top] as RawSymbol), start: at, end };
      add(latest, part);
      if (below !== undefined) add(reused, part);
      at = end;
    }
  }
  return { latest, reused };

  function startOf(i: number): number {
    return (entries[i] as RawSymbol).start;
  }
  function endOf(i: number): number {
    return (entries[i] as RawSymbol).end;
  }
  function nameOf(i: number): string {
    return (entries[i] as RawSymbol).name;
  }
  function isEmpty(i: number): boolean {
    return endOf(i) <= startOf(i);
  }
}

/** Entries rarely overlap more than a few times. */
function insert(sorted: number[], value: number): void {
  let at = sorted.length;
  while (at > 0 && (sorted[at - 1] as number) > value) at--;
  sorted.splice(at, 0, value);
}

/** Joins parts of one function. */
function add(parts: RawSymbol[], part: RawSymbol): void {
  const last = parts.at(-1);
  if (last?.name === part.name && last.end === part.start)
    parts[parts.length - 1] = { ...last, end: part.end };
  else parts.push(part);
}
