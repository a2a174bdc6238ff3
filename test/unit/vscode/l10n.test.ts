import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUNDLE_FILE, bundleText } from '../../../scripts/l10n.mjs';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly [key: string]: Json };
const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;

/** Whose values VS Code shows to the user. */
const shownKeys =
  /^(title|category|description|markdownDescription|(markdown)?(enum|Enum)Descriptions|contents|label|contextualTitle|displayName|userDescription|altText)$/;

/** Every text with the path to it, where `wanted` accepts the key; lists belong to their key. */
function textsAt(
  value: Json,
  wanted: (key: string, path: string) => boolean,
  path = '',
  key = '',
): [string, string][] {
  if (typeof value === 'string') return wanted(key, path) ? [[path, value]] : [];
  if (value === null || typeof value !== 'object') return [];
  const members = Array.isArray(value)
    ? value.map((item, i) => [key, item, i] as const)
    : Object.entries(value).map(([name, item]) => [name, item, name] as const);
  return members.flatMap(([name, item, step]) => textsAt(item as Json, wanted, `${path}/${step}`, name));
}

describe('the texts of package.json', () => {
  const { displayName, description, capabilities, contributes } = manifest as Record<string, Json>;
  const parts = { displayName, description, capabilities, contributes } as Json;
  const shown = textsAt(
    parts,
    (key, path) =>
      // A schema of a tool is read by models, not by people.
      (shownKeys.test(key) && !path.includes('/inputSchema/')) ||
      (key === 'name' && path.startsWith('/contributes/views/')),
  );

  it('are all in package.nls.json', () => {
    expect(shown.length).toBeGreaterThan(80);
    const literal = shown.filter(([, text]) => !/^%[\w.]+%$/.test(text));
    expect(literal).toEqual([]);
  });

  it('have all their keys there, and none too many', () => {
    const used = textsAt(parts, () => true).flatMap(([, text]) => /^%(.+)%$/.exec(text)?.[1] ?? []);
    expect([...new Set(used)].sort()).toEqual(Object.keys(texts).sort());
  });

  it('name commands in title case with three dots, and end only sentences with a full stop', () => {
    const small = /^(a|an|and|as|in|of|or|the|to|with)$/;
    for (const [key, text] of Object.entries(texts)) {
      expect(text, key).not.toContain('…');
      if (key.startsWith('command.')) {
        for (const word of text
          .replace(/\.\.\.$/, '')
          .split(' ')
          .filter((w) => !small.test(w)))
          expect(word, text).toMatch(/^[A-Z]\w*$/);
      } else if (key.startsWith('setting.') && key !== 'setting.categories.new') {
        expect(text, key).toMatch(/\.$/);
      }
    }
  });
});

/** A literal as a property that VS Code shows, or as the text of a message. */
const shownLiteral =
  /(?:\b(?:title|label|description|detail|tooltip|prompt|placeHolder|placeholder|openLabel|text)\s*[:=]|\b(?:inform|warn|fail|offerProfiling|requireTrust|\w+Message|TreeItem)\()\s*['"`](.*?)['"`]/g;

/** Of formats and of the product itself. */
const properNames = ['HAKMEM Lab', 'HTML', 'SVG', 'PNG', 'pprof', 'speedscope', 'Markdown'];

describe('the texts of the code', () => {
  it('are in the bundle that translators start from (else: npm run l10n)', async () => {
    expect(readFileSync(BUNDLE_FILE, 'utf8')).toBe(await bundleText());
  }, 60_000);

  it('are nowhere handed to VS Code as they are', () => {
    const files = readdirSync('src/vscode', { recursive: true, encoding: 'utf8' });
    const literals = files
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [...readFileSync(path.join('src/vscode', name), 'utf8').matchAll(shownLiteral)])
      // Of a template, what stands before its first value.
      .map(([, text = '']) => text.replace(/\$\([\w~-]*\)?|\$\{.*$|^HAKMEM Lab(?=: )/g, ''));
    expect(literals.filter((text) => /\w/.test(text) && !properNames.includes(text))).toEqual([]);
  });
});
