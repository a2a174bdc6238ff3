import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { packStructure, unpackStructure } from '../../../src/wire/structure.js';
import type { ComparedRun, PageMessage } from '../../../src/wire/panelData.js';
import { standalonePage } from '../../../src/core/page/standalonePage.js';

describe('a packed structure', () => {
  it('comes back as it was', () => {
    const value = {
      text: 'ü</script>',
      list: [Int32Array.of(-1, 2), { deep: Float64Array.of(0.5), none: null }],
      bytes: Uint8Array.of(1, 2, 3),
      empty: new Int32Array(0),
    };
    expect(unpackStructure(packStructure(value))).toEqual(value);
    expect(unpackStructure(packStructure(Int32Array.of(7)))).toEqual(Int32Array.of(7));
    expect(unpackStructure(packStructure([]))).toEqual([]);
  });
});

describe('the panel as one file', () => {
  const hostile = '</script><script>alert(1)</script><!--';
  const differences = [{ what: hostile, a: null, b: hostile }];
  const messages = [
    { type: 'comparison', runs: [{ slot: 'other', differences } as unknown as ComparedRun] },
  ] as const satisfies PageMessage[];
  const html = standalonePage({
    title: hostile,
    messages,
    event: hostile,
    standIn: 'const a = "</SCRIPT>";',
    script: 'const b = "<!-- </script>";',
    style: 'p { color: red }',
    notices: `MIT ${hostile}`,
  });

  it('cannot be broken out of', () => {
    expect(html.match(/<script/gi)).toHaveLength(3);
    expect(html.match(/<\/script/gi)).toHaveLength(3);
    expect(html).not.toContain('<!--');
    expect(html).not.toContain('alert(1)</');
  });

  it('has the licenses of what is in it', () => {
    expect(html).toContain('>\nMIT &#60;/script&#62;');
  });

  it('loads nothing', () => {
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/\b(src|href)=/);
    expect(html).not.toContain('unsafe');
  });

  it('carries the messages whole', () => {
    const packed = /id="packed">([^<]+)</.exec(html)?.[1] ?? '';
    expect(unpackStructure(gunzipSync(Buffer.from(packed, 'base64')))).toEqual(messages);
  });
});
