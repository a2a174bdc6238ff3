import type { ProfileDocument } from '../../model/profileDocument.js';
import { escapeMarkdown } from './names.js';

const TOP = 30;

/** Hot functions, hot lines, categories and what could not be had, as GitHub shows Markdown. */
export function exportMarkdown(document: ProfileDocument, title: string): string {
  const { functions, categories, lines, notes, event, fallback } = document;
  const hot = functions.filter((f) => f.selfPercent > 0);
  const shown = hot.slice(0, TOP);
  const percent = (share: number) => share.toFixed(2);
  const parts = [
    `# ${escapeMarkdown(title)}`,
    `${document.samples} samples of ${escapeMarkdown(event)}.` +
      (fallback
        ? ` ${escapeMarkdown(fallback.requested)} was not used: ${escapeMarkdown(fallback.reason)}`
        : ''),
    '## Hot functions',
    table(
      ['Function', 'Self %', 'Total %', 'Category', 'Defined in'],
      ['left', 'right', 'right', 'left', 'left'],
      shown.map((f) => [
        f.name,
        percent(f.selfPercent),
        percent(f.totalPercent),
        f.category,
        f.file === null ? (f.module ?? '') : `${f.file}${f.line === null ? '' : `:${f.line}`}`,
      ]),
    ),
  ];
  const rest = hot.slice(TOP).reduce((sum, f) => sum + f.selfPercent, 0);
  if (rest > 0) parts.push(`${hot.length - TOP} more functions have ${percent(rest)} % together.`);
  if (lines.length > 0) {
    const rows = lines.slice(0, TOP).map((l) => [`${l.file}:${l.line}`, percent(l.selfPercent)]);
    parts.push('## Hot lines', table(['Line', 'Self %'], ['left', 'right'], rows));
  }
  parts.push(
    '## Categories',
    table(
      ['Category', 'Self %', 'Functions'],
      ['left', 'right', 'right'],
      [
        ...categories.map((c) => [c.name, percent(c.selfPercent), String(c.functions.length)]),
        ['Total', percent(categories.reduce((sum, c) => sum + c.selfPercent, 0)), ''],
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
