import { describe, expect, it } from 'vitest';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { unpackSamples } from '../../../src/wire/packedSamples.js';
import { decodeProfile, encodeProfile } from '../../../src/model/binary.js';
import { packStrings, StringTable } from '../../../src/wire/packedStrings.js';
import type { RunDocument } from '../../../src/model/run.js';
import { webviewHtml } from '../../../src/vscode/shared/webviewHtml.js';
import { toPanelProfile } from '../../../src/core/page/panelProfile.js';
import { profileOf } from './profiles.js';

const run = {
  id: 'R',
  createdAt: '2026-01-31T12:00:00.000Z',
  preset: { name: 'P', program: 'build/bench' },
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
  it('has the columns of the profile itself, and every function’s category', () => {
    expect(panel).toMatchObject({ runId: 'R', preset: 'P', name: 'P', events: [{ name: 'cpu-clock:u' }] });
    for (const table of ['functions', 'frames', 'stacks'] as const) expect(panel[table]).toBe(profile[table]);
    const { length, stack, thread, event, time, weight } = unpackSamples(panel.samples);
    expect({ length, stack, thread, event, time, weight }).toEqual(profile.samples);
    const names = Array.from(panel.category, (index) => panel.categories[index]);
    expect(names).toEqual(['Other', 'Lookup']);
  });

  it('has Other last, where functions belong to namespaces, too, of this profile or one before', () => {
    const classifier = new Classifier([{ name: 'Lookup', rules: [{ symbol: '^lookup$' }] }], {
      byOrigin: true,
    });
    const unmapped = (one: typeof profile) => ({
      ...one,
      functions: { ...one.functions, module: one.functions.module.map(() => -1) },
    });
    const spaces = profileOf([[['a::f@/a.cc:1', 'lookup@/l.h:1', 'b::g@/b.cc:1', 'h@/h.c:1'], 1]]);
    for (const shown of [profile, spaces, profile].map(unmapped)) {
      const { category, categories, functions, strings } = toPanelProfile(run, shown, classifier);
      expect(categories.at(-1)).toBe('Other');
      const names = new StringTable(strings);
      const found = Array.from(category, (index, f) => [
        names.at(functions.name[f] as number),
        categories[index],
      ]);
      const wanted = { main: 'Other', lookup: 'Lookup', 'a::f': 'a::', 'b::g': 'b::', h: 'Other' };
      for (const [name, owner] of found) expect(owner, name).toBe(wanted[name as keyof typeof wanted]);
    }
  });

  it('has names that come back as they were, whatever letters they are made of', () => {
    const odd = ['', '\ufeffmark', 'größe', '日本', '😀<b>', 'plain'];
    for (const strings of [profile.strings, odd]) {
      const table = new StringTable(packStrings(strings));
      expect(strings.map((_, i) => table.at(i))).toEqual(strings);
      expect(table.at(-1)).toBe('');
    }
  });

  it('has only buffers of its own, though columns of a saved profile are views of its file', () => {
    const saved = toPanelProfile(run, decodeProfile(encodeProfile(profile)), new Classifier([]));
    const { stack, weight } = unpackSamples(saved.samples);
    expect({ stack, weight }).toEqual({ stack: profile.samples.stack, weight: profile.samples.weight });
    JSON.stringify(saved, (name, value: unknown) => {
      if (!ArrayBuffer.isView(value)) return value;
      expect(value.byteLength, name).toBe(value.buffer.byteLength);
      return null;
    });
  });

  it('carries no number as text', () => {
    const text = JSON.stringify(panel, (_, value: unknown) => (ArrayBuffer.isView(value) ? null : value));
    expect(text).not.toMatch(/\[-?\d/);
  });
});

describe('the document of the panel', () => {
  const page = {
    cspSource: 'https://files',
    nonce: 'abc123',
    script: 'https://files/s.js',
    style: 'https://files/s.css',
    language: 'de',
  };

  it('allows nothing but its own script and style', () => {
    const html = webviewHtml(page);
    const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'nonce-abc123'");
    expect(policy).not.toContain('unsafe');
    expect(html).toContain('<html lang="de">');
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<script nonce="abc123" src="https://files/s.js">');
  });
});
