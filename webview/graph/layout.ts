/** Which frames are visible, and where. Pure; shared by drawing, hit testing, keyboard and screen readers. */
import type { FrameTree } from '../../src/views/frameTree.js';

/** The part of the axis of weight that fills the width. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Rectangles in rows from the root, in each row from left to right, clipped to the width.
 * The rectangles of row r are rowStart[r] .. rowStart[r + 1] - 1; a frame's row is its depth.
 */
export interface FlameLayout {
  readonly count: number;
  readonly rows: number;
  readonly rowStart: Int32Array;
  /** A node of the tree; or `~parent` for a strip of the parent's children too narrow to see. */
  readonly node: Int32Array;
  readonly x: Float64Array;
  readonly width: Float64Array;
  readonly range: Range;
  /** Pixels per unit of weight. */
  readonly scale: number;
}

/**
 * Row by row from the root, down to `endRow`. Frames narrower than `minWidth` pixels are merged with narrow
 * neighbors into strips. Cost: proportional to what is visible, not to the tree.
 * Invariant: the children of a frame, strips included, lie inside it, even if the weights contradict that.
 */
export function layoutFlame(
  tree: FrameTree,
  range: Range,
  width: number,
  minWidth: number,
  endRow = Infinity,
): FlameLayout {
  const out = new Rectangles();
  const rowStart: number[] = [];
  const span = range.to - range.from;
  const scale = span > 0 && width > 0 ? width / span : 0;
  const narrow = scale > 0 ? minWidth / scale : 0;
  let low = 0;
  let high = 0;
  const add = (entry: number, start: number, weight: number): void => {
    const left = Math.max((start - range.from) * scale, low);
    const right = Math.min((start + weight - range.from) * scale, high);
    // A strip at the edge may be a sliver: no frame loses a pixel to it.
    if (right - left > 0 && (entry >= 0 || right - left >= minWidth)) {
      out.push(entry, left, right - left);
      low = right;
    }
  };
  const placement = {
    frame: (node: number, start: number, weight: number): void => {
      add(node, start, weight);
    },
    strip: (parent: number, start: number, weight: number): void => {
      add(~parent, start, weight);
    },
  };
  rowStart.push(0);
  if (width > 0) {
    if (scale > 0) {
      high = width;
      add(0, tree.start(0), tree.total(0));
    } else out.push(0, 0, width);
  }
  let from = 0;
  let to = out.count;
  while (from < to && scale > 0 && rowStart.length < endRow) {
    for (let i = from; i < to; i++) {
      const parent = out.node[i] as number;
      if (parent < 0) continue;
      low = out.x[i] as number;
      high = low + (out.width[i] as number);
      tree.place(parent, range.from, range.to, narrow, placement);
    }
    from = to;
    to = out.count;
    if (from < to) rowStart.push(from);
  }
  const rows = rowStart.length;
  rowStart.push(out.count);
  return { ...out.trimmed(), rows, rowStart: Int32Array.from(rowStart), range, scale };
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

/** The rectangle of a node, or -1 while it is not visible. */
export function rectangleOf(layout: FlameLayout, tree: FrameTree, node: number): number {
  if (node < 0) return -1;
  const row = tree.depth(node);
  if (!(row >= 0) || row >= layout.rows) return -1;
  const start = layout.rowStart[row] ?? 0;
  const index = layout.node.subarray(start, layout.rowStart[row + 1]).indexOf(node);
  return index === -1 ? -1 : start + index;
}

/** The deepest node that fills the whole range: the last step of the breadcrumb. */
export function zoomedNode(layout: FlameLayout, tree: FrameTree): number {
  const { from, to } = layout.range;
  // Zooming to a frame sets the range to its edges: rounding must not break that.
  const slack = (to - from) * 1e-9;
  let node = 0;
  for (let row = 0; row < layout.rows; row++) {
    const first = layout.rowStart[row] ?? 0;
    const entry = layout.node[first] ?? -1;
    if (entry < 0 || (layout.rowStart[row + 1] ?? 0) - first !== 1) break;
    const start = tree.start(entry);
    if (start > from + slack || start + tree.total(entry) < to - slack) break;
    node = entry;
  }
  return node;
}

/** Zooms by a factor around a point (0..1 of the width), within the whole, down to a range of `smallest` weight. */
export function zoomRange(range: Range, whole: number, factor: number, at: number, smallest: number): Range {
  const span = range.to - range.from;
  const wanted = Math.min(Math.max(span * factor, Math.min(smallest, whole)), whole);
  return moveRange(
    { from: range.from + (span - wanted) * at, to: range.from + (span - wanted) * at + wanted },
    whole,
    0,
  );
}

/** Moves by a weight, within the whole. */
export function moveRange({ from, to }: Range, whole: number, by: number): Range {
  const span = Math.min(to - from, whole);
  const start = Math.min(Math.max(from + by, 0), whole - span);
  return { from: start, to: start + span };
}

/** Size of the largest layout so far: the layouts of a zoom are all of similar size. */
let expected = 1024;

/** Growing typed arrays: most layouts are small, some have a hundred thousand rectangles. */
class Rectangles {
  count = 0;
  node = new Int32Array(expected);
  x = new Float64Array(expected);
  width = new Float64Array(expected);

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
    expected = size;
  }
}
