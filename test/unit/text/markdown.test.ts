import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import markdownIt from 'markdown-it';
import { escapeMarkdown, inlineCode, markdownTable } from '../../../src/text/markdown.js';

/** With links found anywhere, as VS Code's Markdown has them. */
const render = (text: string) => markdownIt({ html: true, linkify: true }).render(text);

const names = [
  'https://evil.example/x',
  'see www.evil.example now',
  'mailto:me@evil.example',
  '[here](https://evil.example)',
  '![](https://evil.example/pixel.png)',
  '<img src=https://evil.example/pixel.png>',
  '[x][y]\n\n[y]: https://evil.example',
  '[x](command:workbench.action.terminal.new)',
  '`a` | b\n# c',
  '</td><a href="https://evil.example">',
  '&#60;b&#62; *bold* ~~out~~ $(flame)',
  '_emphasized_ and __strong__',
  '# heading',
  ' - item',
  '1. item',
  '12) item',
  'a#//1.a',
];

describe('names in Markdown', () => {
  it.each(names)('are text, and nothing else: %s', (name) => {
    const shown = [
      escapeMarkdown(name),
      `**${escapeMarkdown(name)}**`,
      inlineCode(name),
      markdownTable(['a'], [':--'], [[escapeMarkdown(name)], [inlineCode(name)]]),
    ].map(render);
    for (const html of shown) {
      expect(html).not.toMatch(/<(a|img|h\d|em|strong>[^<]*<strong|s|del|script|li|hr)\b/);
      if (html.includes('<table>')) expect(html.match(/<td/g)).toHaveLength(2);
    }
  });

  it('are readable in the source, too', () => {
    const plain = 'cpu-clock:u of hak_free_by_lookup (6.18.44-fc-v669, +5%)';
    expect(escapeMarkdown(plain)).toBe(plain);
  });

  it('are shown as they are, whatever they are', () => {
    const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };
    const pieces = fc.constantFrom(...'aZ09_*`~[]()<>&;#!|$@:./+-= \\', '&lt;', 'www.', '://', '__', '1.');
    const text = fc.oneof(
      fc.constantFrom(...names),
      fc.array(pieces).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (name) => {
        const html = render(escapeMarkdown(name)).replace(/<\/?p>/g, '');
        const shown = html.replace(/&(\w+);/g, (_, entity: string) => entities[entity] ?? '');
        expect(shown.trim()).toBe(name.replace(/\s+/g, ' ').trim());
      }),
      { numRuns: 2000 },
    );
  });

  it('keep their characters', () => {
    const text = render(escapeMarkdown('std::vector<a_b*>::at @ www.x.y')).replace(/<[^>]+>/g, '');
    expect(text.trim()).toBe('std::vector&lt;a_b*&gt;::at @ www.x.y');
  });
});
