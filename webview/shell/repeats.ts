/** How the repeats of a benchmark lie: one strip of dots per allocator, on one axis. */
import { figureOf, intervalText } from '../../src/text/benchTexts.js';
import type { BenchResult } from '../../src/wire/protocol.js';
import { el } from '../ui/dom.js';
import { repeatsTitle } from './texts.js';

interface Axis {
  readonly least: number;
  readonly most: number;
}

/** Of everything that is drawn, so that allocators can be compared by eye; undefined where nothing was repeated. */
export function repeatsAxis(results: readonly BenchResult[]): Axis | undefined {
  const all = results.map((result) => figureOf(result).statistics);
  if (all.every(({ samples }) => samples.length < 2)) return undefined;
  const values = all.flatMap(({ samples, ci95 }) => [...samples, ...ci95]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return most > least ? { least, most } : undefined;
}

/** Every repeat as a dot over the interval of the median. */
export function repeatsStrip(result: BenchResult, { least, most }: Axis): HTMLElement {
  const { statistics, format, short } = figureOf(result);
  const at = (value: number) => `${((100 * (value - least)) / (most - least)).toFixed(2)}%`;
  const [low, high] = statistics.ci95;
  const interval = el('span', { class: 'repeats-interval' });
  interval.style.left = at(low);
  interval.style.right = `calc(100% - ${at(high)})`;
  const dots = statistics.samples.map((value) => {
    const dot = el('span', { class: 'repeat', title: format(value) });
    dot.style.left = at(value);
    return dot;
  });
  const median = el('span', { class: 'repeats-median' });
  median.style.left = at(statistics.median);
  const text = repeatsTitle(
    statistics.samples.length,
    format(Math.min(...statistics.samples)),
    format(Math.max(...statistics.samples)),
    intervalText(statistics, short),
  );
  return el(
    'div',
    { class: 'repeats', role: 'img', 'aria-label': text, title: text },
    interval,
    ...dots,
    median,
  );
}

/** What the ends of the axis are. */
export function repeatsScale([first]: readonly BenchResult[], { least, most }: Axis): HTMLElement {
  const format = first ? figureOf(first).format : String;
  return el(
    'div',
    { class: 'repeats-scale muted' },
    el('span', {}, format(least)),
    el('span', {}, format(most)),
  );
}
