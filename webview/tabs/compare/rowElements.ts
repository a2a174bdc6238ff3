/** The rows of the comparison's table as elements. */
import { differenceOf } from '../../../src/statistics/shareDifferences.js';
import type { Actions } from '../actions.js';
import { el, linkButton } from '../../ui/dom.js';
import { count } from '../../text/format.js';
import type { Comparison } from '../../comparison/runs.js';
import { onlySide, verdictText } from './rows.js';
import { nameOf } from './frameTexts.js';

/** @param i of an aligned function, or one more for the samples without any */
export function diffRowElement(comparison: Comparison, i: number, actions: Actions): HTMLElement {
  const { diff, format, formatDelta } = comparison;
  const { self, functions } = diff;
  const name = nameOf(comparison, i);
  const func = functions.b[i] ?? -1;
  const only = i < functions.length ? onlySide(diff, i) : '';
  const interval = differenceOf(self, diff.a, diff.b, i);
  const verdict = self.verdict[i] ?? 0;
  const shown =
    func < 0
      ? el('span', {}, name)
      : linkButton(name, `Show ${name} in the flame graph`, () => {
          actions.showInFlameGraph(func);
        });
  if (shown instanceof HTMLButtonElement) shown.tabIndex = -1;
  return el(
    'tr',
    {
      role: 'row',
      class: verdict === 0 ? 'function noise' : 'function',
      tabindex: '-1',
      'data-function': name,
      'data-verdict': String(verdict),
      ...(func < 0 ? {} : { 'data-func': String(func) }),
    },
    el(
      'td',
      { role: 'gridcell', class: 'name' },
      shown,
      only === '' ? '' : el('span', { class: 'badge' }, `only in ${only}`),
    ),
    number(format(self.a[i] ?? 0)),
    number(format(self.b[i] ?? 0)),
    number(formatDelta(interval.value)),
    number(`${formatDelta(interval.low)} to ${formatDelta(interval.high)}`),
    number(`${count(self.samplesA[i] ?? 0)} → ${count(self.samplesB[i] ?? 0)}`),
    el(
      'td',
      { role: 'gridcell', title: `False discovery rate ${(self.q[i] ?? 1).toPrecision(2)}` },
      verdictText(verdict),
    ),
  );
}

export function headCell(name: string, column: number): HTMLElement {
  return el(
    'th',
    { scope: 'col', role: 'columnheader', class: column > 0 && column < 6 ? 'number' : '' },
    name,
  );
}

export function number(text: string): HTMLElement {
  return el('td', { role: 'gridcell', class: 'number' }, text);
}
