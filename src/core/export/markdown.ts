import type { ProfileDocument } from '../../model/profileDocument.js';
import { countedThing, fallbackText, samplesText } from '../../text/eventTexts.js';
import { shortName } from '../../text/names.js';
import { count, percent, plural } from '../../text/numbers.js';
import { escapeMarkdown } from './names.js';

const TOP = 30;

/** Hot functions, hot lines, categories, and notes as GitHub Flavored Markdown. */
export function exportMarkdown(document: ProfileDocument, title: string): string {
  const { functions, categories, lines, notes, event, exact, fallback } = document;
  const hot = functions.filter((f) => f.selfPercent > 0);
  const shown = hot.slice(0, TOP);
  const parts = [
    `# ${escapeMarkdown(title)}`,
    `${escapeMarkdown(exact ? `Exact count of ${countedThing({ name: event, exact }) ?? event}` : samplesText(document))}.` +
      (fallback ? ` ${escapeMarkdown(fallbackText(fallback))}.` : ''),
    '## Hot functions',
    table(
      ['Function', 'Self', 'Total', 'Category', 'Defined in'],
      ['left', 'right', 'right', 'left', 'left'],
      shown.map((f) => [
        shortName(f.name),
        percent(f.selfPercent / 100),
        percent(f.totalPercent / 100),
        f.category,
        f.file === null ? (f.module ?? '') : `${f.file}${f.line === null ? '' : `:${f.line}`}`,
      ]),
    ),
  ];
  const rest = hot.slice(TOP).reduce((sum, f) => sum + f.selfPercent, 0);
  if (rest > 0) parts.push(`${plural(hot.length - TOP, 'more function')}: ${percent(rest / 100)} in total.`);
  if (lines.length > 0) {
    const rows = lines.slice(0, TOP).map((l) => [`${l.file}:${l.line}`, percent(l.selfPercent / 100)]);
    parts.push('## Hot lines', table(['Line', 'Self'], ['left', 'right'], rows));
  }
  parts.push(
    '## Categories',
    table(
      ['Category', 'Self', 'Functions'],
      ['left', 'right', 'right'],
      [
        ...categories.map((c) => [c.name, percent(c.selfPercent / 100), count(c.functions.length)]),
        ['Total', percent(categories.reduce((sum, c) => sum + c.selfPercent, 0) / 100), ''],
      ],
    ),
  );
  if (notes.length > 0) parts.push('## Notes', notes.map((n) => `- ${escapeMarkdown(n)}`).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

function table(
  header: readonly string[],
  align: readonly ('left' | 'right')[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(header),
    line(align.map((a) => (a === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(escapeMarkdown))),
  ].join('\n');
}
