import { inlineCode, markdownTable, shellBlock } from '../../text/markdown.js';
import { count, opsPerSec, plural, scaled } from '../../text/numbers.js';
import { shellWord } from '../../text/shellWord.js';
import { rangeText, speedText, verdictWord } from '../experiments/comparisonText.js';
import { change } from '../experiments/progressText.js';
import { reasonWithoutEffect } from '../experiments/describedOptions.js';
import type { MatrixResult } from '../experiments/matrixResult.js';
import { againstBest, deadOptionText } from '../experiments/matrixText.js';
import type { ReportData } from './reportData.js';
import { md } from './figures.js';

export function effects({ comparisons, matrices, laboratory }: ReportData): string {
  const measured = matrices.map(matrixText);
  if (comparisons.length === 0 && measured.length > 0) return measured.join('\n\n');
  if (comparisons.length === 0) {
    const [a = 'A', b = 'B'] = laboratory.lab.definition.presets.map(({ name }) => name);
    return [
      'No options were compared, so that nothing can be said about their effect. To compare two presets:',
      shellBlock(`hakmem-lab compare ${shellWord(a)} ${shellWord(b)}`),
    ].join('\n\n');
  }
  return [
    'Each row is a comparison of its own: one process of each side after the other, in random order, until the interval was narrow enough or the time was up. The intervals hold whenever measuring ended.',
    markdownTable(
      ['A', 'B', 'Speed of A', 'Speed of B', 'Change', '95% CI', 'Pairs', 'Verdict'],
      [':--', ':--', '--:', '--:', '--:', '--:', '--:', ':--'],
      comparisons.map(({ a, b, metric, ratio: change_, pairs, verdict }) => [
        md(a.label),
        md(b.label),
        speedText(a, metric),
        speedText(b, metric),
        change_ ? change(change_.value) : '—',
        change_ ? rangeText(change_) : '—',
        count(pairs.length),
        verdictWord(verdict),
      ]),
    ),
    ...measured,
  ].join('\n\n');
}

/** All combinations of a matrix, and what each option does. */
function matrixText({
  name,
  preset,
  options,
  cells,
  speeds,
  ranking,
  effects,
  best,
  blocks,
  metric,
  dead,
  notes,
}: MatrixResult): string {
  const speed = metric === 'throughput' ? opsPerSec : (value: number) => `${scaled(value)} executions/s`;
  const fastest = speeds[ranking[0] ?? 0] ?? 1;
  return [
    `The matrix ${md(name)} of ${md(preset)}: every combination ${plural(blocks, 'time')}, in random order. ${best === 'faster' ? 'The first combination is faster than the second.' : 'That the first combination is faster than the second is not shown.'}`,
    markdownTable(
      [...options.map((option) => md(option.name)), 'Speed', 'Against the best'],
      [...options.map(() => ':--' as const), '--:', '--:'],
      ranking.map((cell) => [
        ...options.map(({ values }, i) => md(values[cells[cell]?.[i] ?? 0] ?? '')),
        speed(speeds[cell] ?? 0),
        againstBest((speeds[cell] ?? 0) / fastest),
      ]),
    ),
    markdownTable(
      ['Effect on speed', 'Change', '95% CI', 'Shown'],
      [':--', '--:', '--:', ':--'],
      effects.map((one) => [
        md(one.name),
        change(one.ratio),
        rangeText({ value: one.ratio, low: one.low, high: one.high }),
        one.shown ? 'yes' : 'no',
      ]),
    ),
    ...[...dead.map((one) => deadOptionText(one, cells.length)), ...notes].map((text) => `- ${md(text)}`),
  ].join('\n\n');
}

export function routes(data: ReportData): string {
  const { options } = data;
  if (!options)
    return data.laboratory.lab.definition.describe
      ? 'Options and routes are not described: the program of the lab file that does was not started.'
      : 'The lab file names no program that describes options and routes.';
  const dead = options.effectiveOptions.flatMap(({ name, value }) => {
    const reason = reasonWithoutEffect(options, name);
    return reason === undefined ? [] : [[inlineCode(`${name}=${value}`), md(reason)]];
  });
  return [
    'Routes of the size classes in this configuration, as the allocator reports them:',
    markdownTable(
      ['Class', 'Served by', 'Because'],
      [':--', ':--', ':--'],
      options.routes.map((route) => [md(route.class), inlineCode(route.box), md(route.reason)]),
    ),
    dead.length > 0
      ? 'These options have no effect in this configuration, whatever their value:'
      : 'Every option has an effect in this configuration.',
    ...(dead.length > 0 ? [markdownTable(['Option', 'Reason'], [':--', ':--'], dead)] : []),
  ].join('\n\n');
}
