/** Which lines two texts have in common: the basis of whatever follows a text while it is edited. */

/** `length` lines from `a` in the one text are those from `b` in the other. 0-based. */
export interface LineRun {
  readonly a: number;
  readonly b: number;
  readonly length: number;
}

/** Pairs of lines up to which a part without any unique line is compared completely. */
const maxPairs = 40_000;

/**
 * Lines in common, in order, as runs. Indentation and trailing space don't count. A line that is unique in both texts
 * anchors what is around it ("patience diff"): O(n log n), and nothing that a reader would call the same line moves.
 */
export function commonRuns(a: readonly string[], b: readonly string[]): LineRun[] {
  // Mostly nothing was changed, and numbering the lines of a large text takes longer than all else.
  if (a.length === b.length && a.every((line, i) => line === b[i]))
    return a.length === 0 ? [] : [{ a: 0, b: 0, length: a.length }];
  const [left, right] = numbered(a, b);
  const runs: LineRun[] = [];
  const parts: [number, number, number, number][] = [[0, left.length, 0, right.length]];
  for (let part = parts.pop(); part; part = parts.pop()) {
    let [fromA, toA, fromB, toB] = part;
    const [a0, b0] = [fromA, fromB];
    while (fromA < toA && fromB < toB && left[fromA] === right[fromB])
      [fromA, fromB] = [fromA + 1, fromB + 1];
    add(runs, a0, b0, fromA - a0);
    let tail = 0;
    while (fromA < toA && fromB < toB && left[toA - 1] === right[toB - 1])
      [toA, toB, tail] = [toA - 1, toB - 1, tail + 1];
    add(runs, toA, toB, tail);
    if (fromA === toA || fromB === toB) continue;
    const anchors = uniqueInBoth(left, right, fromA, toA, fromB, toB);
    if (anchors.length === 0) {
      if ((toA - fromA) * (toB - fromB) <= maxPairs) longest(left, right, fromA, toA, fromB, toB, runs);
      continue;
    }
    for (const [anchorA, anchorB] of anchors) {
      parts.push([fromA, anchorA, fromB, anchorB]);
      [fromA, fromB] = [anchorA, anchorB];
    }
    // Each part begins with its anchor, which is a line in common.
    parts.push([fromA, toA, fromB, toB]);
  }
  return joined(runs);
}

/** Whether two lines are the same but for indentation and trailing space. */
export function sameLine(a: string, b: string): boolean {
  return a === b || a.trim() === b.trim();
}

/** Runs in order; those that follow each other in both texts are one. */
export function joined(runs: readonly LineRun[]): LineRun[] {
  const result: LineRun[] = [];
  for (const run of [...runs].sort((x, y) => x.a - y.a)) {
    const last = result.at(-1);
    if (last && last.a + last.length === run.a && last.b + last.length === run.b)
      result[result.length - 1] = { ...last, length: last.length + run.length };
    else result.push(run);
  }
  return result;
}

function numbered(a: readonly string[], b: readonly string[]): [Int32Array, Int32Array] {
  const ids = new Map<string, number>();
  const number = (text: string) => {
    const line = text.trim();
    let id = ids.get(line);
    if (id === undefined) ids.set(line, (id = ids.size));
    return id;
  };
  return [Int32Array.from(a, number), Int32Array.from(b, number)];
}

function add(runs: LineRun[], a: number, b: number, length: number): void {
  if (length > 0) runs.push({ a, b, length });
}

/** Lines that occur once in each part, in an order that both share. */
function uniqueInBoth(
  left: Int32Array,
  right: Int32Array,
  fromA: number,
  toA: number,
  fromB: number,
  toB: number,
): [number, number][] {
  const once = (lines: Int32Array, from: number, to: number) => {
    const places = new Map<number, number>();
    for (let i = from; i < to; i++) {
      const line = lines[i] as number;
      places.set(line, places.has(line) ? -1 : i);
    }
    return places;
  };
  const inB = once(right, fromB, toB);
  const pairs: [number, number][] = [];
  for (const [line, i] of once(left, fromA, toA)) {
    const j = inB.get(line) ?? -1;
    if (i >= 0 && j >= 0) pairs.push([i, j]);
  }
  return increasing(pairs.sort(([x], [y]) => x - y));
}

/** The longest part of the pairs whose second numbers increase too. */
function increasing(pairs: readonly [number, number][]): [number, number][] {
  const ends: number[] = [];
  const before = new Int32Array(pairs.length).fill(-1);
  pairs.forEach(([, b], i) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((pairs[ends[middle] as number] as [number, number])[1] < b) low = middle + 1;
      else high = middle;
    }
    before[i] = low > 0 ? (ends[low - 1] as number) : -1;
    ends[low] = i;
  });
  const result: [number, number][] = [];
  for (let i = ends.at(-1) ?? -1; i >= 0; i = before[i] as number) result.push(pairs[i] as [number, number]);
  return result.reverse();
}

/** The longest common subsequence of a small part. */
function longest(
  left: Int32Array,
  right: Int32Array,
  fromA: number,
  toA: number,
  fromB: number,
  toB: number,
  runs: LineRun[],
): void {
  const [height, width] = [toA - fromA, toB - fromB];
  const best = new Int32Array((height + 1) * (width + 1));
  const at = (i: number, j: number) => best[i * (width + 1) + j] as number;
  for (let i = height - 1; i >= 0; i--)
    for (let j = width - 1; j >= 0; j--)
      best[i * (width + 1) + j] =
        left[fromA + i] === right[fromB + j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  for (let i = 0, j = 0; i < height && j < width;) {
    if (left[fromA + i] === right[fromB + j]) add(runs, fromA + i++, fromB + j++, 1);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
}
