/** A branch between two rows of a listing. */
export interface Branch {
  readonly from: number;
  readonly to: number;
}

/** Rows that a line spans at most: longer ones can't be followed by eye, and push the others outward. */
const longest = 300;

/** By the ways that lead out of a cell: 1 up, 2 down, 4 left, 8 right. */
const signs = [...' ╵╷│╴┘┐┤╶└┌├─┴┬┼'];
const [up, down, left, right] = [1, 2, 4, 8];

/** Branches to one target share a line. */
interface Line {
  readonly target: number;
  readonly sources: readonly number[];
  readonly first: number;
  readonly last: number;
}

/**
 * Branches as arrows left of the rows, one text of equal width for each: `┌─>` at a target, `└──` at a branch. Short lines are
 * innermost, so that loops enclose one another. `·>` and `·─` are the ends of a line that is left out. O(rows × lanes).
 * @param lanes lines beside one another, at most
 */
export function branchArrows(branches: readonly Branch[], rows: number, lanes: number): string[] {
  /** Per row: whether a branch leads there, and whether one starts there. */
  const isTarget = new Uint8Array(rows);
  const isSource = new Uint8Array(rows);
  const byTarget = new Map<number, number[]>();
  for (const { from, to } of branches) {
    if (from === to) continue;
    isTarget[to] = 1;
    isSource[from] = 1;
    if (Math.abs(from - to) > longest) continue;
    const sources = byTarget.get(to);
    if (sources) sources.push(from);
    else byTarget.set(to, [from]);
  }
  const placed = place(
    Array.from(byTarget, ([target, sources]) => ({
      target,
      sources,
      first: sources.reduce((a, b) => Math.min(a, b), target),
      last: sources.reduce((a, b) => Math.max(a, b), target),
    })),
    rows,
    lanes,
  );
  const width = placed.reduce((widest, { lane }) => Math.max(widest, lane + 1), 0);
  const cells = new Uint8Array(rows * width);
  const add = (row: number, column: number, ways: number) => {
    cells[row * width + column] = (cells[row * width + column] as number) | ways;
  };
  const connected = new Uint8Array(rows);
  for (const { target, sources, first, last, lane } of placed) {
    const column = width - 1 - lane;
    for (let row = first; row <= last; row++)
      add(row, column, (row > first ? up : 0) | (row < last ? down : 0));
    for (const row of [target, ...sources]) {
      connected[row] = 1;
      add(row, column, right);
      for (let inner = column + 1; inner < width; inner++) add(row, inner, left | right);
    }
  }
  if (!isTarget.includes(1)) return Array.from({ length: rows }, () => '');
  return Array.from({ length: rows }, (_, row) => {
    let text = '';
    for (let column = 0; column < width; column++) text += signs[cells[row * width + column] as number] ?? '';
    if (isTarget[row] === 0 && isSource[row] === 0) return `${text}  `;
    return text + (connected[row] === 1 ? '─' : '·') + (isTarget[row] === 1 ? '>' : '─');
  });
}

/** Each line gets the innermost lane that is free all along it; those that find none are left out. */
function place(lines: Line[], rows: number, lanes: number): (Line & { readonly lane: number })[] {
  const taken = Array.from({ length: lanes }, () => new Uint8Array(rows));
  return lines
    .sort((a, b) => a.last - a.first - (b.last - b.first) || a.first - b.first)
    .flatMap((line) => {
      const { first, last } = line;
      const lane = taken.findIndex((rowsOfLane) => !rowsOfLane.subarray(first, last + 1).includes(1));
      if (lane < 0) return [];
      taken[lane]?.fill(1, first, last + 1);
      return [{ ...line, lane }];
    });
}
