import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layoutFlame, rectangleAt, rectangleOf, type FlameLayout } from '../../../webview/flame/layout.js';
import { neighbour } from '../../../webview/flame/navigate.js';
import { buildTree, findPath, pathTo, type FlameTree } from '../../../webview/flame/tree.js';
import { foldedStacks } from './arbitrary.js';
import { fold, panelProfile, type Folded } from './profile.js';

function treeOf(folded: readonly Folded[]): FlameTree {
  const profile = panelProfile(folded);
  return buildTree(profile.tree, profile.totalWeight);
}

/** Sum of the widths of what the layout places directly below rectangle `index`. */
function widthBelow(tree: FlameTree, layout: FlameLayout, index: number): number {
  const parent = layout.node[index] ?? -1;
  let sum = 0;
  for (let i = 0; i < layout.count; i++) {
    const entry = layout.node[i] ?? -1;
    if (entry < 0 ? ~entry === parent : tree.parent[entry] === parent) sum += layout.width[i] ?? 0;
  }
  return sum;
}

const widths = fc.double({ min: 1, max: 3000, noNaN: true });

describe('layout of the flame graph', () => {
  it('places callees under their caller, heaviest first, from its left edge', () => {
    const tree = treeOf(fold('main;f 10', 'main;g 30', 'main 60'));
    const layout = layoutFlame(tree, tree.root, 1000, 1);
    const rows = [...layout.node].map((node, i) => [tree.func[node], layout.x[i], layout.width[i]]);
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
    const zoom = findPath(tree, ['main', 'f'], (func) => ['main', 'f', 'x', 'g'][func] ?? '') ?? -1;
    const layout = layoutFlame(tree, zoom, 500, 1);
    expect(layout.count).toBe(4);
    expect([...layout.width]).toEqual([500, 500, 500, 500]);
    expect(layout.rows).toBe(4);
  });

  it('merges frames that are too narrow into one strip of their common weight', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `main;leaf${String(i)} 1`);
    const tree = treeOf(fold(...lines, 'main;big 900'));
    const layout = layoutFlame(tree, tree.root, 100, 1);
    expect(layout.count).toBe(4);
    const strip = layout.count - 1;
    expect(layout.node[strip]).toBe(~(layout.node[1] ?? 0));
    expect(layout.x[strip]).toBeCloseTo(90);
    expect(layout.width[strip]).toBeCloseTo(10);
  });

  it('draws the root alone for an empty profile', () => {
    const tree = treeOf([]);
    const layout = layoutFlame(tree, tree.root, 800, 1);
    expect([...layout.node]).toEqual([tree.root]);
    expect(layout.rows).toBe(1);
  });

  it('loses no weight: self, callees and strip fill each frame, to less than one pixel', () => {
    fc.assert(
      fc.property(foldedStacks, widths, (folded, width) => {
        const tree = treeOf(folded);
        const layout = layoutFlame(tree, tree.root, width, 1);
        for (let i = 0; i < layout.count; i++) {
          const node = layout.node[i] ?? -1;
          if (node < 0 || folded.length === 0) continue;
          const own = (tree.self[node] ?? 0) * layout.scale;
          const missing = (layout.width[i] ?? 0) - own - widthBelow(tree, layout, i);
          expect(missing).toBeGreaterThan(-1e-6);
          expect(missing).toBeLessThan(1 + 1e-6);
        }
      }),
    );
  });

  it('shows every frame that is wide enough, wherever it is zoomed', () => {
    fc.assert(
      fc.property(foldedStacks, widths, fc.nat(), (folded, width, pick) => {
        const tree = treeOf(folded);
        const zoom = tree.length === 0 ? tree.root : pick % tree.length;
        const layout = layoutFlame(tree, zoom, width, 1);
        for (let node = 0; node < tree.length; node++) {
          const below = pathTo(tree, node).includes(zoom) || zoom === tree.root;
          const wide = (tree.total[node] ?? 0) * layout.scale >= 1;
          if (below && wide) expect(rectangleOf(layout, tree, node)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('keeps callees inside their caller even where the weights contradict each other', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 2, maxLength: 40 }), (weights) => {
        const n = weights.length;
        const tree = buildTree(
          {
            length: n,
            parent: Int32Array.from(weights, (_, i) => (i === 0 ? -1 : Math.floor((i - 1) / 2))),
            func: new Int32Array(n),
            inlined: new Uint8Array(n),
            self: new Float64Array(n),
            total: Float64Array.from(weights),
            file: new Int32Array(n).fill(-1),
            line: new Int32Array(n),
          },
          50,
        );
        const layout = layoutFlame(tree, tree.root, 1000, 1);
        for (let row = 1; row < layout.rows; row++) {
          let edge = 0;
          for (let i = layout.rowStart[row] ?? 0; i < (layout.rowStart[row + 1] ?? 0); i++) {
            const entry = layout.node[i] ?? -1;
            const caller = rectangleOf(layout, tree, entry < 0 ? ~entry : (tree.parent[entry] ?? -1));
            const x = layout.x[i] ?? 0;
            const right = x + (layout.width[i] ?? 0);
            expect(x).toBeGreaterThanOrEqual(edge - 1e-6);
            expect(x).toBeGreaterThanOrEqual((layout.x[caller] ?? NaN) - 1e-6);
            expect(right).toBeLessThanOrEqual(
              (layout.x[caller] ?? NaN) + (layout.width[caller] ?? NaN) + 1e-6,
            );
            edge = right;
          }
        }
      }),
    );
  });

  it('finds under the pointer exactly the rectangle that is drawn there', () => {
    fc.assert(
      fc.property(
        foldedStacks,
        fc.double({ min: 0, max: 999.9, noNaN: true }),
        fc.nat(14),
        (folded, x, row) => {
          const tree = treeOf(folded);
          const layout = layoutFlame(tree, tree.root, 1000, 1);
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
    expect(layoutFlame(tree, tree.root, 1000, 1).rows).toBe(10_001);
    expect(pathTo(tree, tree.length - 1)).toHaveLength(10_000);
  });
});

describe('call tree', () => {
  it('restores the order of siblings that the layout relies on', () => {
    const profile = panelProfile(fold('main;f 10', 'main;g 30'));
    const [main, first, second] = [0, 1, 2];
    const total = profile.tree.total.slice();
    [total[first], total[second]] = [total[second] ?? 0, total[first] ?? 0];
    const tree = buildTree({ ...profile.tree, total }, 40);
    expect([...tree.children.subarray(tree.childStart[main], tree.childStart[main + 1])]).toEqual([
      second,
      first,
    ]);
  });

  it("puts its own root in the place of the sender's", () => {
    const profile = panelProfile(fold('main;f 10'));
    const withRoot = {
      ...profile.tree,
      length: 3,
      parent: Int32Array.of(-1, 0, 1),
      func: Int32Array.of(-1, 0, 1),
      self: Float64Array.of(0, 0, 10),
      total: Float64Array.of(10, 10, 10),
    };
    const tree = buildTree(withRoot, 10);
    expect(layoutFlame(tree, tree.root, 100, 1).rows).toBe(3);
    expect(pathTo(tree, 2)).toEqual([1, 2]);
  });

  it('refuses a tree whose parents do not come first', () => {
    const profile = panelProfile(fold('main;f 10'));
    expect(() => buildTree({ ...profile.tree, parent: Int32Array.of(1, -1) }, 10)).toThrow(RangeError);
  });

  it('finds a remembered path again, and says when it is gone', () => {
    const profile = panelProfile(fold('main;f;g 10', 'main;h 5'));
    const tree = buildTree(profile.tree, profile.totalWeight);
    const name = (func: number): string => profile.strings[profile.functions.name[func] ?? -1] ?? '';
    for (let node = 0; node < tree.length; node++) {
      const path = pathTo(tree, node).map((step) => name(tree.func[step] ?? -1));
      expect(findPath(tree, path, name)).toBe(node);
    }
    expect(findPath(tree, [], name)).toBe(tree.root);
    expect(findPath(tree, ['main', 'gone'], name)).toBeUndefined();
  });
});

describe('arrow keys', () => {
  it('lead to the caller, the heaviest callee and the neighbours in the row, and stop at the edges', () => {
    const tree = treeOf(fold('main;f 10', 'main;g 30', 'main;h 20'));
    const layout = layoutFlame(tree, tree.root, 1000, 1);
    const [main, g, h, f] = [0, 1, 2, 3];
    expect(neighbour(tree, layout, main, 'down')).toBe(g);
    expect(neighbour(tree, layout, g, 'right')).toBe(h);
    expect(neighbour(tree, layout, h, 'right')).toBe(f);
    expect(neighbour(tree, layout, f, 'right')).toBe(f);
    expect(neighbour(tree, layout, h, 'left')).toBe(g);
    expect(neighbour(tree, layout, f, 'up')).toBe(main);
    expect(neighbour(tree, layout, f, 'down')).toBe(f);
    expect(neighbour(tree, layout, tree.root, 'up')).toBe(tree.root);
  });
});
