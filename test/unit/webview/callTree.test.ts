import { describe, expect, it } from 'vitest';
import { buildCallTree, type StackColumns } from '../../../src/views/callTree.js';
import type { PanelModel } from '../../../webview/store/panelModel.js';
import { nodesOf, type Direction } from '../../../webview/tabs/calltree/nodes.js';
import { mostOpened, TreeRows } from '../../../webview/tabs/calltree/rows.js';
import { fold, modelOf } from './profile.js';

const stacks = fold('main;f;g;h 30', 'main;f;x 25', 'main;g;h 35', 'main 10');

/** The visible rows: indented names. */
function names(model: PanelModel, rows: TreeRows): string[] {
  const { tree, nodes } = rows;
  return nodes.map((n) => `${' '.repeat(tree.depth(n) - 1)}${model.data.rawName(tree.func(n))}`);
}

function rowsOf(model: PanelModel, direction: Direction = 'down', search?: string): TreeRows {
  const found =
    search === undefined
      ? undefined
      : Uint8Array.from({ length: model.data.functionCount }, (_, f) =>
          model.data.rawName(f) === search ? 1 : 0,
        );
  return new TreeRows(nodesOf(model.shown.tree, direction, found));
}

/** What is shown, as `name total` from the top, all of it open. */
function whole(model: PanelModel): string[] {
  const rows = rowsOf(model);
  rows.openBelow(0);
  return names(model, rows).map((name, i) => `${name} ${String(rows.tree.total(rows.nodes[i] as number))}`);
}

describe('the rows of the call tree', () => {
  it('open level by level, all below one, and along the heavy path', () => {
    const model = modelOf(stacks);
    const rows = rowsOf(model);
    const [main, f] = rows.nodes as [number, number];
    expect(names(model, rows)).toEqual(['main', ' f', ' g']);
    rows.open(f);
    expect(names(model, rows)).toEqual(['main', ' f', '  g', '  x', ' g']);
    rows.close(main);
    rows.open(main);
    expect(names(model, rows)).toHaveLength(5);
    expect(rows.openBelow(main)).toBe(true);
    expect(names(model, rows)).toEqual(['main', ' f', '  g', '   h', '  x', ' g', '  h']);
    const again = rowsOf(model);
    expect(model.data.rawName(again.tree.func(again.openHeavyPath(main)))).toBe('h');
    expect(names(model, again)).toEqual(['main', ' f', '  g', '   h', '  x', ' g']);
  });

  it.each(['down', 'up'] as const)(
    'keep what leads to a hit of a search, and all below a hit: %s',
    (direction) => {
      const model = modelOf(stacks);
      const rows = rowsOf(model, direction, 'g');
      const found = names(model, rows).map((name, i) =>
        rows.hit(rows.nodes[i] as number) ? `${name}!` : name,
      );
      expect(found).toEqual(direction === 'down' ? ['main', ' f', '  g!', ' g!'] : ['h', ' g!']);
      rows.openBelow(0);
      expect(names(model, rows)).toEqual(
        direction === 'down'
          ? ['main', ' f', '  g', '   h', ' g', '  h']
          : ['h', ' g', '  main', '  f', '   main'],
      );
    },
  );

  it('stay open when stacks are filtered, and the row that keys apply to is the nearest one left', () => {
    const model = modelOf(stacks);
    const before = rowsOf(model);
    before.openBelow(0);
    const x = before.nodes[4] as number;
    model.filter({ dropped: [model.data.nameOf(before.tree.func(x))] });
    const after = rowsOf(model);
    const left = after.openAs(before, x);
    expect(names(model, after)).toEqual(['main', ' g', '  h', ' f', '  g', '   h']);
    expect(model.data.rawName(after.tree.func(left))).toBe('f');
  });

  it.each([
    // All stacks begin there: what was above comes back, and the other way around.
    ['focus', { focus: { name: 'g', module: '/bin/app' } }, ['g', ' h']],
    ['merge', { merged: [{ name: 'g', module: '/bin/app' }] }, ['main', ' f', '  h', '  x', ' h']],
  ])(
    'keep the selected one and those it stands under when a %s ends, and when it begins',
    (_, filter, under) => {
      const model = modelOf(stacks);
      model.filter(filter);
      const before = rowsOf(model);
      before.openBelow(0);
      expect(names(model, before)).toEqual(under);
      const h = before.nodes.find((node) => model.data.rawName(before.tree.func(node)) === 'h') as number;
      model.clearFilters();
      const after = rowsOf(model);
      const there = after.openAs(before, h);
      expect(names(model, after)[after.nodes.indexOf(there)]).toMatch(/^ {2,3}h$/);
      model.filter(filter);
      const again = rowsOf(model);
      const back = again.openAs(after, there);
      expect(names(model, again)[again.nodes.indexOf(back)]?.trim()).toBe('h');
    },
  );

  it('come back at the place that they were restricted to', () => {
    const model = modelOf(stacks);
    const name = (text: string) => ({ name: text, module: '/bin/app' });
    model.filter({ subtree: { path: ['main', 'f', 'g'].map(name), inverted: false } });
    const before = rowsOf(model);
    const [g] = before.nodes as [number];
    expect(names(model, before)[0]).toBe('g');
    model.clearFilters();
    const after = rowsOf(model);
    const above = ['main', 'f'].map((step) => model.data.find(name(step)));
    const there = after.openAs(before, g, above);
    // Not the heavier one in main.
    expect(names(model, after)[after.nodes.indexOf(there)]).toBe('  g');
  });

  it('of a million nodes are there at once, in both directions', () => {
    const tree = buildCallTree(manyStacks(1_000_000));
    expect(tree.length).toBeGreaterThan(800_000);
    for (const direction of ['down', 'up'] as const) {
      // 15 ms down, 150 ms up, on an idle machine.
      const started = performance.now();
      const rows = new TreeRows(nodesOf(tree, direction, undefined));
      const [first = -1] = rows.nodes;
      expect(rows.openBelow(0)).toBe(false);
      rows.openBelow(first);
      expect(rows.nodes.length).toBeLessThan(60_000 + 2 * mostOpened);
      rows.openHeavyPath(first);
      expect(performance.now() - started).toBeLessThan(1500);
    }
  });
});

describe('what filters do to the stacks', () => {
  it('merges a function into its callers', () => {
    const model = modelOf(stacks);
    model.filter({ merged: [{ name: 'g', module: '/bin/app' }] });
    expect(whole(model)).toEqual(['main 100', ' f 55', '  h 30', '  x 25', ' h 35']);
  });

  it('drops samples, and says how much of what was there each function took', () => {
    const model = modelOf(stacks);
    model.filter({ dropped: ['h', 'x', 'none'].map((name) => ({ name, module: '/bin/app' })) });
    expect(whole(model)).toEqual(['main 10']);
    expect(model.shown.droppedShares).toEqual([0.65, 0.25, 0]);
    model.filter({ dropped: [{ name: 'x', module: '/bin/app' }], time: { from: 0, to: 40 } });
    expect(model.shown.droppedShares).toEqual([0.25]);
  });

  const path = (...steps: string[]) => steps.map((name) => ({ name, module: '/bin/app' }));

  it('focuses on one place of the tree, from either end', () => {
    const model = modelOf(stacks);
    model.filter({ subtree: { path: path('main', 'f', 'g'), inverted: false } });
    expect(whole(model)).toEqual(['g 30', ' h 30']);
    model.filter({ subtree: { path: path('h', 'g', 'main'), inverted: true } });
    expect(whole(model)).toEqual(['main 35', ' g 35', '  h 35']);
    model.filter({ subtree: null });
    expect(model.shown.countsAll).toBe(true);
  });

  it('keeps the place while functions are merged, and gives it up where its path changes', () => {
    const model = modelOf(stacks);
    model.filter({ subtree: { path: path('main', 'f', 'g'), inverted: false } });
    model.filter({ merged: path('f') });
    expect(whole(model)).toEqual(['g 65', ' h 65']);
    model.filter({ merged: [] });
    expect(model.state.filters.subtree).toBeNull();
  });
});

/** Stacks that branch at random, each with a sample; deterministic. */
function manyStacks(length: number): StackColumns {
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    return Math.floor((seed / 0x80000000) * below);
  };
  const functions = 50_000;
  const parent = Int32Array.from({ length }, (_, s) => (s < 3 ? -1 : random(s)));
  const frame = Int32Array.from({ length }, () => random(functions));
  const one = Int32Array.from({ length: functions }, (_, f) => f);
  const table = {
    length,
    stack: Int32Array.from({ length }, (_, s) => s),
    weight: new Float64Array(length).fill(1),
  };
  return {
    functions: { length: functions },
    frames: { length: functions, func: one, inlined: new Uint8Array(functions) },
    stacks: { length, parent, frame },
    samples: table,
  } as unknown as StackColumns;
}
