import { describe, expect, it } from 'vitest';
import { chooseFrames } from '../../../webview/flame/accessible.js';
import { shortenPath } from '../../../webview/flame/breadcrumb.js';
import { describeFrame, frameLabel } from '../../../webview/flame/describe.js';
import { layoutFlame } from '../../../webview/flame/layout.js';
import { Model } from '../../../webview/model.js';
import { fold, panelProfile } from './profile.js';

const folded = fold('main;f 10', 'main;gg 30', 'main 60');

describe('a frame in words', () => {
  const model = new Model(panelProfile(folded));

  it('has name, shares and category for a screen reader', () => {
    expect(frameLabel(model, 0)).toBe('main, total 100.0 %, self 60.0 %, Pool');
    expect(frameLabel(model, model.tree.root)).toBe('all, total 100.0 %, self 0.0 %');
  });

  it('has shares, samples, place and module for the tooltip', () => {
    const description = describeFrame(model, 1, undefined);
    expect(description.name).toBe('gg');
    expect(description.facts).toEqual([
      { label: 'Category', value: 'Other' },
      { label: 'Total', value: '30.00 % (30 of 100 samples)' },
      { label: 'Self', value: '30.00 % (30 of 100 samples)' },
      { label: 'Hottest line', value: 'app.c:7' },
      { label: 'Module', value: 'app' },
    ]);
    expect(description.place).toEqual({ file: '/src/app.c', line: 7 });
  });

  it('tells a function that was called from several places as a whole too', () => {
    const several = new Model(panelProfile(fold('main;f;gg 10', 'main;gg 30', 'main 60')));
    const heavy = [0, 1, 2, 3].find((node) => several.tree.total[node] === 30) ?? -1;
    expect(describeFrame(several, heavy, undefined).facts).toContainEqual({
      label: 'In all its frames',
      value: 'total 40.00 %, self 40.00 %',
    });
  });

  it('says that a number of samples is inferred where samples weigh differently', () => {
    const weighted = new Model(panelProfile(folded, { sampleCount: 10 }));
    expect(describeFrame(weighted, 1, undefined).facts[1]?.value).toBe('30.00 % (about 3 of 10 samples)');
  });

  it('names the function that an inlined one is part of', () => {
    const profile = panelProfile(folded);
    const inlined = new Model({ ...profile, tree: { ...profile.tree, inlined: Uint8Array.of(0, 1, 0) } });
    expect(describeFrame(inlined, 1, undefined).facts).toContainEqual({
      label: 'Inlined into',
      value: 'main',
    });
    expect(frameLabel(inlined, 1)).toBe('gg, total 30.0 %, self 30.0 %, Other, inlined');
  });

  it('tells what a strip of narrow frames stands for', () => {
    const description = describeFrame(model, ~0, { frames: 2, weight: 40 });
    expect(description.name).toBe('2 frames too narrow to draw');
    expect(description.facts).toEqual([
      { label: 'Called by', value: 'main' },
      { label: 'Together', value: '40.00 % (40 of 100 samples)' },
    ]);
  });

  it('falls back to the definition where the hottest line is not known', () => {
    const profile = panelProfile(folded);
    const plain = new Model({ ...profile, tree: { ...profile.tree, file: new Int32Array(3).fill(-1) } });
    expect(plain.hottestPlace(0)).toEqual({ file: '/src/app.c', line: 1 });
    expect(plain.hottestPlace(plain.tree.root)).toBeUndefined();
  });
});

describe('frames for screen readers', () => {
  it('are the widest, and always the selected one', () => {
    const model = new Model(panelProfile(fold('main;f 10', 'main;g 30', 'main;h 20', 'main 40')));
    const layout = layoutFlame(model.tree, model.tree.root, 1000, 1);
    expect(chooseFrames(layout, 100, -1)).toHaveLength(5);
    const narrowest = layout.node[4] ?? -1;
    const chosen = chooseFrames(layout, 3, narrowest).map((index) => layout.node[index]);
    expect(chosen).toEqual([model.tree.root, 0, 1, narrowest]);
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
