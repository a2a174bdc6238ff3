import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildCallTree, type CallTree } from '../../../src/views/callTree.js';
import { CallerTree } from '../../../src/views/callers.js';
import { MergedFrames, type FrameTree } from '../../../src/views/frameTree.js';
import { packTree, unpackTree } from '../../../src/wire/packedTree.js';
import { functionCosts } from '../../../src/views/costs.js';
import type { EventProfile } from '../../../src/model/profile.js';
import { TimeOrder } from '../../../src/views/timeOrder.js';
import { foldedProfile } from '../support/fixtures.js';

const name = fc.constantFrom('a', 'b', 'c', 'd');
const profiles = fc
  .array(fc.tuple(fc.array(name, { minLength: 1, maxLength: 7 }), fc.integer({ min: 1, max: 9 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((lines) => lines.map(([path, n]) => `${path.join(';')} ${n}`).join('\n'));

/** Everything a tree shows, by path of functions: summed where a path occurs more than once. */
function paths(tree: FrameTree): Map<string, number> {
  const found = new Map<string, number>();
  const walk = (node: number, path: string): void => {
    const own = tree.self(node);
    if (own > 0) found.set(path, (found.get(path) ?? 0) + own);
    let x = tree.start(node);
    let below = 0;
    tree.place(node, -Infinity, Infinity, 0, {
      frame: (child, start, total) => {
        expect(start).toBeGreaterThanOrEqual(x);
        expect(start).toBe(tree.start(child));
        expect(total).toBe(tree.total(child));
        expect(tree.parent(child)).toBe(node);
        expect(tree.depth(child)).toBe(tree.depth(node) + 1);
        x = start + total;
        below += total;
        walk(child, `${path};${String(tree.func(child))}`);
      },
      strip: () => expect.unreachable(),
    });
    expect(tree.total(node)).toBeCloseTo(own + below, 9);
  };
  walk(0, '');
  return found;
}

function reversed(found: ReadonlyMap<string, number>): Map<string, number> {
  return new Map(
    [...found].map(([path, weight]) => [
      path
        .split(';')
        .slice(1)
        .reverse()
        .map((f) => `;${f}`)
        .join(''),
      weight,
    ]),
  );
}

const all = (profile: EventProfile) => profile.samples.weight.reduce((a, b) => a + b, 0);

describe('callers', () => {
  it('invert the call tree: the same paths the other way round, twice the tree itself', () => {
    fc.assert(
      fc.property(profiles, (text) => {
        const tree = buildCallTree(foldedProfile(text));
        const straight = paths(new MergedFrames(tree));
        const inverted = paths(CallerTree.inverted(tree));
        expect(inverted).toEqual(reversed(straight));
        expect(reversed(inverted)).toEqual(straight);
      }),
    );
  });

  it('of a function add up to its total, recursion counted once', () => {
    fc.assert(
      fc.property(profiles, (text) => {
        const profile = foldedProfile(text);
        const tree = buildCallTree(profile);
        const { total } = functionCosts(profile, tree);
        for (let func = 0; func < profile.functions.length; func++) {
          const callers = CallerTree.of(tree, func);
          expect(callers.total(0)).toBe(total[func]);
          expect([...paths(callers).values()].reduce((a, b) => a + b, 0)).toBe(total[func]);
        }
      }),
    );
  });

  it('of a deep recursion are made as far as they are expanded', () => {
    const path = Array.from({ length: 500 }, () => 'f');
    const lines = path.map((_, i) => `${path.slice(0, i + 1).join(';')} 1`).join('\n');
    const inverted = CallerTree.inverted(buildCallTree(foldedProfile(lines)));
    const seen: number[] = [];
    inverted.place(0, 0, Infinity, 1, { frame: (child) => seen.push(child), strip: () => undefined });
    expect(seen).toEqual([1]);
    expect(inverted.total(1)).toBe(500);
  });
});

describe('a packed tree', () => {
  it('is the tree again when it is unpacked', () => {
    fc.assert(
      fc.property(profiles, (text) => {
        const tree = buildCallTree(foldedProfile(text));
        expect(unpackTree(packTree(tree))).toEqual(tree);
      }),
    );
    const empty = buildCallTree(foldedProfile(''));
    expect(unpackTree(packTree(empty))).toEqual(empty);
  });
});

describe('order of time', () => {
  it('keeps every sample: the same paths and weights as the call tree, in another order', () => {
    fc.assert(
      fc.property(profiles, (text) => {
        const profile = foldedProfile(text);
        const tree = buildCallTree(profile);
        const order = new TimeOrder(profile, tree, undefined, false);
        expect(order.total(0)).toBe(all(profile));
        expect(paths(order)).toEqual(paths(new MergedFrames(tree)));
      }),
    );
  });

  it('has the samples from left to right, neighbors sharing what they have in common', () => {
    const profile = foldedProfile('m;a 1\nm;a;x 2\nm;b 3\nm;a 4');
    const order = new TimeOrder(profile, buildCallTree(profile), undefined, false);
    const rows: (string | number)[][] = [];
    const names = (func: number) => profile.strings[profile.functions.name[func] as number] as string;
    const visit = (node: number): void =>
      order.place(node, 0, Infinity, 0, {
        frame: (child, start, total) => {
          rows.push([names(order.func(child)), order.depth(child), start, total]);
          visit(child);
        },
        strip: () => expect.unreachable(),
      });
    visit(0);
    expect(rows).toEqual([
      ['m', 1, 0, 10],
      ['a', 2, 0, 3],
      ['x', 3, 1, 2],
      ['b', 2, 3, 3],
      ['a', 2, 6, 4],
    ]);
  });

  it('tells all of a range, narrow frames as strips', () => {
    fc.assert(
      fc.property(
        profiles,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 30 }),
        (text, a, narrow) => {
          const profile = foldedProfile(text);
          const order = new TimeOrder(profile, buildCallTree(profile), undefined, false);
          const whole = order.total(0);
          const [from, to] = [a * whole * 0.8, Math.min(whole, a * whole * 0.8 + whole / 3)];
          let x = -1;
          let covered = 0;
          order.place(0, from, to, narrow, {
            frame: (_, start, total) => {
              expect(start).toBeGreaterThanOrEqual(x - 1e-9);
              expect(total).toBeGreaterThanOrEqual(narrow);
              x = start + total;
              covered += Math.max(0, Math.min(to, x) - Math.max(from, start));
            },
            strip: (_, start, total) => {
              expect(start).toBeGreaterThanOrEqual(x - 1e-9);
              x = start + total;
              covered += Math.max(0, Math.min(to, x) - Math.max(from, start));
            },
          });
          expect(covered).toBeCloseTo(to - from, 9);
        },
      ),
    );
  });
});

describe('shaping the stacks', () => {
  const tree = (
    text: string,
    shape: Parameters<typeof buildCallTree>[1],
  ): [CallTree, Map<string, number>] => {
    const profile = foldedProfile(text);
    const built = buildCallTree(profile, shape);
    const found = new Map<string, number>();
    for (const [path, weight] of paths(new MergedFrames(built))) {
      const text = path
        .split(';')
        .slice(1)
        .map((f) => profile.strings[profile.functions.name[Number(f)] as number])
        .join(';');
      found.set(text, weight);
    }
    return [built, found];
  };
  const text = 'm;a;a;b 3\nm;c 2\nm 1';
  // In order of appearance: m, a, b, c.
  it('collapses recursion', () => {
    expect(tree(text, { shape: { collapseRecursion: true } })[1]).toEqual(
      new Map([
        ['m;a;b', 3],
        ['m;c', 2],
        ['m', 1],
      ]),
    );
  });
  it('hides functions, giving their weight to the caller', () => {
    expect(tree(text, { shape: { hidden: Uint8Array.of(0, 1, 0, 1) } })[1]).toEqual(
      new Map([
        ['m', 3],
        ['m;b', 3],
      ]),
    );
  });
  it('drops the samples with a function', () => {
    expect(tree(text, { shape: { dropped: Uint8Array.of(0, 1, 0, 0) } })[1]).toEqual(
      new Map([
        ['m;c', 2],
        ['m', 1],
      ]),
    );
  });
  it('focuses on a function', () => {
    expect(tree(text, { shape: { focus: 1 } })[1]).toEqual(new Map([['a;a;b', 3]]));
  });
});
