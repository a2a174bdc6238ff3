/** What is compared: both runs, warnings, and other differences between them. */
import type { RunDifference } from '../../../src/wire/protocol.js';
import { el } from '../../ui/dom.js';
import { printable } from '../../../src/text/printable.js';
import type { Comparison } from '../../comparison/runs.js';
import { runTitle } from '../../comparison/texts.js';
import { environmentDifferences, samplesText, shownRun, texts } from './texts.js';

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
      el('span', { class: 'muted' }, samplesText(samples)),
    );
  return [
    el(
      'div',
      {},
      run('A', runTitle(a.profile), diff.a.samples),
      run('B', shownRun(runTitle(b.profile)), diff.b.samples),
    ),
    ...warnings.map((text) => el('p', { class: 'notice', role: 'alert' }, text)),
    ...remarks.map((text) => el('p', { class: 'hint' }, text)),
    el(
      'div',
      { class: 'notes' },
      el(
        'details',
        differences.length > 0 && differences.length <= 4 ? { open: '' } : {},
        el(
          'summary',
          {},
          differences.length === 0 ? texts.sameEnvironment : environmentDifferences(differences.length),
        ),
        el(
          'ul',
          {},
          ...differences.map(({ what, a: before, b: now }) =>
            el(
              'li',
              {},
              `${printable(what)}: `,
              el('code', {}, valueText(before)),
              ' → ',
              el('code', {}, valueText(now)),
            ),
          ),
        ),
      ),
    ),
  ];
}

/** Never blank: no arguments are a value, too. */
function valueText(value: string | null): string {
  return value === null ? texts.notSet : value === '' ? texts.emptyValue : printable(value);
}
