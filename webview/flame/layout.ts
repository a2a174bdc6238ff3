/** Which frames are visible, and where: pure, the same for drawing, hit testing, keyboard and screen readers. */
import type { FlameTree } from './tree.js';

/**
 * Rectangles in rows from the top, in each row from left to right. All arrays have `count` entries.
 * The rectangles of row r are rowStart[r] .. rowStart[r + 1] - 1.
 */
export interface FlameLayout {
  readonly count: number;
  readonly rows: number;
  readonly rowStart: Int32Array;
  /** A node of the tree; or `~parent` for the strip that stands for the parent's children too narrow to see. */
  readonly node: Int32Array;
  readonly x: Float64Array;
  readonly width: Float64Array;
  /** The node that fills the width. */
  readonly zoom: number;
  /** Pixels per unit of weight. */
  readonly scale: number;
}

/**
 * Breadth first from the zoomed node, whose ancestors fill one row each above it. Frames narrower than `minWidth`
 * (one device pixel: less cannot be drawn) are merged with their narrow siblings into one strip.
 *
 * Cost: proportional to what is visible, not to the tree. Siblings fall in weight, so the first one that is too
 * narrow ends the walk over its siblings; what remains is known from the weights without visiting it.
 * Invariant: the children of a frame, strip included, lie inside it, whatever the weights claim.
 */
export function layoutFlame(tree: FlameTree, zoom: number, width: number, minWidth: number): FlameLayout {
  const out = new Rectangles();
  const rowStart: number[] = [];
  const zoomTotal = tree.total[zoom] ?? 0;
  const scale = zoomTotal > 0 && width > 0 ? width / zoomTotal : 0;

  const ancestors: number[] = [];
  for (let i = tree.parent[zoom] ?? -1; i !== -1; i = tree.parent[i] ?? -1) ancestors.push(i);
  for (const node of ancestors.reverse()) {
    rowStart.push(out.count);
    out.push(node, 0, width);
  }
  rowStart.push(out.count);
  out.push(zoom, 0, width);

  let from = out.count - 1;
  let to = out.count;
  while (from < to && scale > 0) {
    for (let i = from; i < to; i++) placeChildren(tree, out, i, scale, minWidth);
    from = to;
    to = out.count;
    if (from < to) rowStart.push(from);
  }
  const rows = rowStart.length;
  rowStart.push(out.count);
  return { ...out.trimmed(), rows, rowStart: Int32Array.from(rowStart), zoom, scale };
}

function placeChildren(
  tree: FlameTree,
  out: Rectangles,
  index: number,
  scale: number,
  minWidth: number,
): void {
  const parent = out.node[index] ?? -1;
  if (parent < 0) return;
  const first = tree.childStart[parent] ?? 0;
  const end = tree.childStart[parent + 1] ?? 0;
  if (first === end) return;
  const left = out.x[index] ?? 0;
  const right = left + (out.width[index] ?? 0);
  let x = left;
  let remaining = (tree.total[parent] ?? 0) - (tree.self[parent] ?? 0);
  for (let i = first; i < end; i++) {
    const child = tree.children[i] ?? 0;
    const total = tree.total[child] ?? 0;
    if (total * scale < minWidth) break;
    const w = Math.min(total * scale, right - x);
    if (w <= 0) return;
    out.push(child, x, w);
    x += w;
    remaining -= total;
    if (i === end - 1) return;
  }
  const rest = Math.min(remaining * scale, right - x);
  if (rest >= minWidth) out.push(~parent, x, rest);
}

/** The rectangle under a point in the drawing, or -1. Binary search in one row. */
export function rectangleAt(layout: FlameLayout, row: number, x: number): number {
  if (row < 0 || row >= layout.rows) return -1;
  const start = layout.rowStart[row] ?? 0;
  let low = start;
  let high = layout.rowStart[row + 1] ?? 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((layout.x[middle] ?? 0) <= x) low = middle + 1;
    else high = middle;
  }
  const hit = low - 1;
  return hit >= start && x < (layout.x[hit] ?? 0) + (layout.width[hit] ?? 0) ? hit : -1;
}

/** The rectangle of a node, or -1 while it is not visible. A node's row is its depth. */
export function rectangleOf(layout: FlameLayout, tree: FlameTree, node: number): number {
  const row = tree.depth[node] ?? -1;
  if (row < 0 || row >= layout.rows) return -1;
  const start = layout.rowStart[row] ?? 0;
  const index = layout.node.subarray(start, layout.rowStart[row + 1]).indexOf(node);
  return index === -1 ? -1 : start + index;
}

/** Growing typed arrays: most layouts are small, some have a hundred thousand rectangles. */
class Rectangles {
  count = 0;
  node = new Int32Array(1024);
  x = new Float64Array(1024);
  width = new Float64Array(1024);

  push(node: number, x: number, width: number): void {
    if (this.count === this.node.length) this.grow();
    this.node[this.count] = node;
    this.x[this.count] = x;
    this.width[this.count] = width;
    this.count++;
  }

  trimmed(): { count: number; node: Int32Array; x: Float64Array; width: Float64Array } {
    return {
      count: this.count,
      node: this.node.subarray(0, this.count),
      x: this.x.subarray(0, this.count),
      width: this.width.subarray(0, this.count),
    };
  }

  private grow(): void {
    const size = this.node.length * 2;
    const node = new Int32Array(size);
    const x = new Float64Array(size);
    const width = new Float64Array(size);
    node.set(this.node);
    x.set(this.x);
    width.set(this.width);
    this.node = node;
    this.x = x;
    this.width = width;
  }
}
