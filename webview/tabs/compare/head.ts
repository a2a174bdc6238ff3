/** What is compared: both runs, what to know before believing anything, and what else differs between them. */
import type { RunDifference } from '../../../src/wire/protocol.js';
import { el } from '../../ui/dom.js';
import { plural, printable } from '../../text/format.js';
import { runTitle, type Comparison } from '../../comparison/runs.js';

export function headElements(
  { a, b, warnings, remarks, diff }: Pick<Comparison, 'a' | 'b' | 'warnings' | 'remarks' | 'diff'>,
  differences: readonly RunDifference[],
): HTMLElement[] {
  const run = (letter: string, title: string, samples: number): HTMLElement =>
    el(
      'span',
      { class: 'compare-run' },
      el('strong', {}, letter),
      ` ${title} `,
      el('span', { class: 'muted' }, plural(samples, 'sample')),
    );
  return [
    el('div', {}, run('A', runTitle(a), diff.a.samples), run('B', `${runTitle(b)} (shown)`, diff.b.samples)),
    ...warnings.map((text) => el('p', { class: 'notice', role: 'alert' }, text)),
    ...remarks.map((text) => el('p', { class: 'hint' }, text)),
    el(
      'details',
      { class: 'notes', ...(differences.length > 0 && differences.length <= 4 ? { open: '' } : {}) },
      el(
        'summary',
        {},
        differences.length === 0
          ? 'Both ran the same program in the same environment'
          : `${plural(differences.length, 'difference')} of environment`,
      ),
      el(
        'ul',
        {},
        ...differences.map(({ what, a: before, b: now }) =>
          el(
            'li',
            {},
            `${printable(what)}: `,
            el('code', {}, printable(before ?? 'not set')),
            ' → ',
            el('code', {}, printable(now ?? 'not set')),
          ),
        ),
      ),
    ),
  ];
}
