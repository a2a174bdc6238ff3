import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followPath, MergedFrames, pathTo } from '../../../src/views/frameTree.js';
import {
  layoutFlame,
  moveRange,
  rectangleAt,
  rectangleOf,
  zoomedNode,
  zoomRange,
  type FlameLayout,
} from '../../../webview/graph/layout.js';
import { neighbor } from '../../../webview/graph/navigate.js';
import { foldedStacks } from './arbitrary.js';
import { fold, modelOf, type Folded } from './profile.js';

function treeOf(folded: readonly Folded[]): MergedFrames {
  return new MergedFrames(modelOf(folded).shown.tree);
}

const whole = (tree: MergedFrames) => ({ from: 0, to: tree.total(0) });
const extent = (tree: MergedFrames, node: number) => ({
  from: tree.start(node),
  to: tree.start(node) + tree.total(node),
});

/** Sum of the widths of what the layout places directly below rectangle `index`. */
function widthBelow(tree: MergedFrames, layout: FlameLayout, index: number): number {
  const parent = layout.node[index] ?? -1;
  let sum = 0;
  for (let i = 0; i < layout.count; i++) {
    const entry = layout.node[i] ?? -1;
    if (entry < 0 ? ~entry === parent : tree.parent(entry) === parent) sum += layout.width[i] ?? 0;
  }
  return sum;
}

const widths = fc.double({ min: 1, max: 3000, noNaN: true });

describe('layout of the flame graph', () => {
  it('places callees under their caller, heaviest first, from its left edge', () => {
    const tree = treeOf(fold('main;f 10', 'main;g 30', 'main 60'));
    const layout = layoutFlame(tree, whole(tree), 1000, 1);
    const rows = [...layout.node].map((node, i) => [tree.func(node), layout.x[i], layout.width[i]]);
    // Functions in order of appearance: main, f, g.
    expect(rows).toEqual([
      [-1, 0, 1000],
      [0, 0, 1000],
      [2, 0, 300],
      [1, 300, 100],
    ]);
    expect([...layout.rowStart]).toEqual([0, 1, 2, 4]);
  });

  it('gives the zoomed frame and its callers the whole width', () => {
    const tree = treeOf(fold('main;f;x 10', 'main;g 30'));
    const zoom = followPath(tree, ['main', 'f'], (func) => ['main', 'f', 'x', 'g'][func] ?? '');
    const layout = layoutFlame(tree, extent(tree, zoom), 500, 1);
    expect([...layout.width]).toEqual([500, 500, 500, 500]);
    expect(zoomedNode(layout, tree)).toBe(zoom + 1);
  });

  it('merges frames that are too narrow into one strip of their common weight', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `main;leaf${String(i)} 1`);
    const tree = treeOf(fold(...lines, 'main;big 900'));
    const layout = layoutFlame(tree, whole(tree), 100, 1);
    expect(layout.count).toBe(4);
    expect(layout.node[3]).toBe(~1);
    expect(layout.x[3]).toBeCloseTo(90);
    expect(layout.width[3]).toBeCloseTo(10);
  });

  it('draws the root alone for an empty profile', () => {
    const tree = treeOf([]);
    const layout = layoutFlame(tree, whole(tree), 800, 1);
    expect([...layout.node]).toEqual([0]);
    expect([...layout.width]).toEqual([800]);
  });

  it('loses no weight: self, callees and strip fill each frame, to less than one pixel', () => {
    fc.assert(
      fc.property(foldedStacks, widths, (folded, width) => {
        const tree = treeOf(folded);
        const layout = layoutFlame(tree, whole(tree), width, 1);
        for (let i = 0; i < layout.count; i++) {
          const node = layout.node[i] ?? -1;
          if (node < 0 || folded.length === 0) continue;
          const missing =
            (layout.width[i] ?? 0) - tree.self(node) * layout.scale - widthBelow(tree, layout, i);
          expect(missing).toBeGreaterThan(-1e-6);
          expect(missing).toBeLessThan(1 + 1e-6);
        }
      }),
    );
  });

  it('shows every frame that is wide enough, in any range', () => {
    fc.assert(
      fc.property(
        foldedStacks,
        widths,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (folded, width, a, pick) => {
          const tree = treeOf(folded);
          const { length } = tree.tree;
          const range =
            pick % 2 === 0
              ? extent(tree, pick % length)
              : { from: a * tree.total(0) * 0.9, to: tree.total(0) };
          if (range.to <= range.from) return;
          const layout = layoutFlame(tree, range, width, 1);
          for (let node = 0; node < length; node++) {
            const { from, to } = extent(tree, node);
            const seen = Math.min(to, range.to) - Math.max(from, range.from);
            if (seen * layout.scale >= 1.001)
              expect(rectangleOf(layout, tree, node)).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });

  it('lays out no more rows than are asked for', () => {
    const tree = treeOf(fold('a;b;c;d;e 5'));
    expect(layoutFlame(tree, whole(tree), 100, 1, 3).rows).toBe(3);
  });

  it('finds under the pointer exactly the rectangle that is drawn there', () => {
    fc.assert(
      fc.property(
        foldedStacks,
        fc.double({ min: 0, max: 999.9, noNaN: true }),
        fc.nat(14),
        (folded, x, row) => {
          const tree = treeOf(folded);
          const layout = layoutFlame(tree, whole(tree), 1000, 1);
          const expected = [...layout.node.keys()].filter(
            (i) =>
              row < layout.rows &&
              i >= (layout.rowStart[row] ?? 0) &&
              i < (layout.rowStart[row + 1] ?? 0) &&
              (layout.x[i] ?? 0) <= x &&
              x < (layout.x[i] ?? 0) + (layout.width[i] ?? 0),
          );
          expect(rectangleAt(layout, row, x)).toBe(expected.at(-1) ?? -1);
        },
      ),
    );
  });

  it('walks a stack of 10,000 frames without recursion', () => {
    const stack = Array.from({ length: 10_000 }, (_, i) => `f${String(i % 50)}`);
    const tree = treeOf([{ stack, weight: 1 }]);
    expect(layoutFlame(tree, whole(tree), 1000, 1).rows).toBe(10_001);
    expect(pathTo(tree, 10_000)).toHaveLength(10_000);
  });
});

describe('zooming and moving', () => {
  const range = fc.tuple(
    fc.double({ min: 0, max: 0.5, noNaN: true }),
    fc.double({ min: 0.01, max: 0.5, noNaN: true }),
  );

  it('stay inside the whole, and zooming back and forth about a point returns', () => {
    fc.assert(
      fc.property(
        range,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        ([from, span], factor, by) => {
          const start = { from: from * 100, to: (from + span) * 100 };
          for (const next of [zoomRange(start, 100, factor, 0.3, 0.1), moveRange(start, 100, by * 100)]) {
            expect(next.from).toBeGreaterThanOrEqual(0);
            expect(next.to).toBeLessThanOrEqual(100 + 1e-9);
            expect(next.to).toBeGreaterThan(next.from);
          }
          const inwards = zoomRange(start, 100, 0.5, 0.3, 0);
          const back = zoomRange(inwards, 100, 2, 0.3, 0);
          expect(back.from).toBeCloseTo(start.from, 6);
          expect(back.to).toBeCloseTo(start.to, 6);
        },
      ),
    );
  });
});

describe('keys', () => {
  it('lead to caller, heaviest callee and neighbors', () => {
    const tree = treeOf(fold('main;f 10', 'main;g 30', 'main;h 20'));
    const layout = layoutFlame(tree, whole(tree), 600, 1);
    // Preorder, heaviest first: all, main, g, h, f.
    expect(neighbor(tree, layout, 1, 'callee')).toBe(2);
    expect(neighbor(tree, layout, 2, 'right')).toBe(3);
    expect(neighbor(tree, layout, 4, 'right')).toBe(4);
    expect(neighbor(tree, layout, 2, 'left')).toBe(2);
    expect(neighbor(tree, layout, 3, 'caller')).toBe(1);
    expect(neighbor(tree, layout, 0, 'caller')).toBe(0);
  });

  it('return to the zoomed frame from one that the zoom has hidden', () => {
    const tree = treeOf(fold('main;f 10', 'main;g 30'));
    const layout = layoutFlame(tree, extent(tree, 3), 600, 1);
    expect(neighbor(tree, layout, 2, 'right')).toBe(3);
  });
});
