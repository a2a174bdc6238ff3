import { describe, expect, it } from 'vitest';
import { Classifier } from '../../../src/core/categories/categories.js';
import type { RunDocument } from '../../../src/core/store/runDocument.js';
import { panelHtml } from '../../../src/vscode/panel/panelHtml.js';
import { toPanelProfile } from '../../../src/vscode/panel/panelProfile.js';
import { profileOf } from './profiles.js';

const run = {
  id: 'R',
  createdAt: '2026-01-31T12:00:00.000Z',
  preset: { name: 'P' },
  results: [],
  stat: null,
} as unknown as RunDocument;

describe('the profile that the panel draws', () => {
  const profile = profileOf([
    [['main@/src/main.c:3', 'lookup@/src/lookup.h:6'], 20],
    [['main@/src/main.c:3', 'lookup@/src/lookup.h:7'], 30],
    [['main@/src/main.c:3', 'lookup@/src/lookup.h:6', 'lookup@/src/lookup.h:6'], 5],
    [['main@/src/main.c:4'], 45],
  ]);
  const panel = toPanelProfile(
    run,
    profile,
    new Classifier([{ name: 'Lookup', rules: [{ symbol: '^lookup$' }] }]),
  );
  const name = (func: number | undefined) => panel.strings[panel.functions.name[func as number] as number];

  it('has functions with self and total, recursion counted once', () => {
    const lookup = panel.functions.name.findIndex((_, func) => name(func) === 'lookup');
    expect(panel.functions.self[lookup]).toBe(55);
    expect(panel.functions.total[lookup]).toBe(55);
    expect(panel).toMatchObject({
      runId: 'R',
      preset: 'P',
      event: 'cpu-clock:u',
      sampleCount: 4,
      totalWeight: 100,
    });
  });

  it('has a tree with parents first and siblings by total, each node with its hottest line', () => {
    const { tree, strings } = panel;
    expect(Array.from(tree.func, name)).toEqual(['main', 'lookup', 'lookup']);
    expect([...tree.parent]).toEqual([-1, 0, 1]);
    expect([...tree.total]).toEqual([100, 55, 5]);
    expect([...tree.line]).toEqual([3, 7, 6]);
    expect(strings[tree.file[1] as number]).toBe('/src/lookup.h');
  });

  it('has categories whose weights add up to the whole', () => {
    expect(panel.categories).toEqual([
      { name: 'Lookup', self: 55 },
      { name: 'Other', self: 45 },
    ]);
  });
});

describe('the document of the panel', () => {
  const page = {
    cspSource: 'https://files',
    nonce: 'abc123',
    script: 'https://files/s.js',
    style: 'https://files/s.css',
  };

  it('allows nothing but its own script and style', () => {
    const html = panelHtml(page);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'nonce-abc123'");
    expect(policy).not.toContain('unsafe');
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<script nonce="abc123" src="https://files/s.js">');
  });
});
