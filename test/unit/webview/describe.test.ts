import { describe, expect, it } from 'vitest';
import { MergedFrames } from '../../../src/views/frameTree.js';
import { chooseFrames } from '../../../webview/graph/accessibleFrames.js';
import { shortenPath } from '../../../webview/tabs/flame/breadcrumb.js';
import { describeFrame, describeStrip, frameLabel } from '../../../webview/graph/describe.js';
import { layoutFlame } from '../../../webview/graph/layout.js';
import { fold, modelOf } from './profile.js';

const folded = fold('main;f 10', 'main;gg 30', 'main 60');

describe('a frame in words', () => {
  const model = modelOf(folded);
  const tree = new MergedFrames(model.shown.tree);

  it('has name, shares and category for a screen reader', () => {
    expect(frameLabel(model, tree, 1)).toBe('main, total 100%, self 60.0%, Pool');
    expect(frameLabel(model, tree, 0)).toBe('all, total 100%, self 0%');
  });

  it('has shares, samples, place and module for the tooltip', () => {
    const description = describeFrame(model, tree, 2, { file: '/src/app.c', line: 7 });
    expect(description.name).toBe('gg');
    expect(description.facts).toEqual([
      { label: 'Category', value: 'Other' },
      { label: 'Total', value: '30.0% (30 samples)' },
      { label: 'Self', value: '30.0% (30 samples)' },
      { label: 'Hottest line', value: 'app.c:7' },
      { label: 'Module', value: '/bin/app' },
    ]);
    expect(description.place).toEqual({ file: '/src/app.c', line: 7 });
    expect(describeFrame(model, tree, 2).place).toEqual({ file: '/src/app.c', line: 3 });
  });

  it('tells a function that was called from several places as a whole too', () => {
    const several = modelOf(fold('main;f;gg 10', 'main;gg 30', 'main 60'));
    expect(describeFrame(several, new MergedFrames(several.shown.tree), 2).facts).toContainEqual({
      label: 'All frames of this function',
      value: 'total 40.0%, self 40.0%',
    });
  });

  it('tells the time of a clock’s samples', () => {
    const clock = modelOf(folded, {}, { events: [{ name: 'cpu-clock:u' }] });
    expect(describeFrame(clock, new MergedFrames(clock.shown.tree), 2).facts[1]?.value).toBe(
      '30.0% (30 ns, 30 samples)',
    );
  });

  it('names the function that an inlined one is part of', () => {
    const inlined = modelOf(fold('main;gg! 30', 'main 70'));
    const frames = new MergedFrames(inlined.shown.tree);
    expect(describeFrame(inlined, frames, 2).facts).toContainEqual({ label: 'Inlined into', value: 'main' });
    expect(frameLabel(inlined, frames, 2)).toBe('gg, total 30.0%, self 30.0%, Other, inlined');
  });

  it('tells what a strip of narrow frames stands for', () => {
    expect(describeStrip(model, tree, { parent: 1, weight: 40 }).facts).toEqual([
      { label: 'Called by', value: 'main' },
      { label: 'Combined', value: '40.0%' },
    ]);
  });
});

describe('frames for screen readers', () => {
  it('are the widest, and always the selected one', () => {
    const tree = new MergedFrames(modelOf(fold('main;f 10', 'main;g 30', 'main;h 20', 'main 40')).shown.tree);
    const layout = layoutFlame(tree, { from: 0, to: 100 }, 1000, 1);
    expect(chooseFrames(layout, 100, -1)).toHaveLength(5);
    const chosen = chooseFrames(layout, 3, 4).map((index) => layout.node[index]);
    expect(chosen).toEqual([0, 1, 2, 4]);
  });
});

describe('path of the zoom', () => {
  it('shows both ends of a deep one and tells how much is between', () => {
    expect(shortenPath([9, 1, 2])).toHaveLength(3);
    expect(shortenPath([9, 1, 2, 3, 4, 5, 6])).toEqual([
      { kind: 'node', node: 9 },
      { kind: 'gap', steps: 3 },
      { kind: 'node', node: 4 },
      { kind: 'node', node: 5 },
      { kind: 'node', node: 6 },
    ]);
  });
});
