import type { BenchResult } from '../model/benchResult.js';
import type { ProfileDocument, StatDocument } from '../model/profileDocument.js';
import { groupRemedies } from '../core/doctor/check.js';
import type { DoctorReport } from '../core/doctor/doctor.js';
import { intervalText } from '../text/benchTexts.js';
import { fallbackText } from '../text/eventTexts.js';
import { bytes, count, digits3, opsPerSec, percent, plural, ratio } from '../text/numbers.js';
import { escaped } from '../text/printable.js';

type Align = 'left' | 'right';

/** Plain text columns; the last column is never padded. Control characters in cells never reach a terminal. */
export function table(
  header: readonly string[],
  align: readonly Align[],
  content: readonly (readonly string[])[],
): string {
  const safe = content.map((row) => row.map(escaped));
  const widths = header.map((title, c) =>
    Math.max(title.length, ...safe.map((row) => (row[c] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, c) => (align[c] === 'right' ? cell.padStart(widths[c] ?? 0) : cell.padEnd(widths[c] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((w) => '─'.repeat(w))), ...safe.map(line)].join('\n');
}

export function benchTable(results: readonly BenchResult[]): string {
  const reference = results[0]?.opsPerSec.median ?? 0;
  return table(
    ['Allocator', 'Median', 'Interval', 'Ratio', 'Peak RSS', 'Repeats'],
    ['left', 'right', 'right', 'right', 'right', 'right'],
    results.map(({ allocator, opsPerSec: throughput, peakRssBytes }) => [
      allocator,
      opsPerSec(throughput.median),
      intervalText(throughput),
      ratio(throughput.median / reference),
      bytes(peakRssBytes),
      count(throughput.samples.length),
    ]),
  );
}

/** @param top how many functions to list */
export function profileTables(document: ProfileDocument, top: number): string {
  const { categories, functions, notes, stat } = document;
  const parts = [eventLine(document)];
  if (stat) parts.push(statText(stat));
  const total = categories.reduce((sum, c) => sum + c.selfPercent, 0);
  parts.push(
    `Top ${plural(Math.min(top, functions.length), 'function')}`,
    functionTable(document, top),
    'Categories',
    table(
      ['Category', 'Self', 'Functions'],
      ['left', 'right', 'left'],
      [
        ...categories.map((c) => [
          c.name,
          percent(c.selfPercent / 100),
          shortList(c.functions.map((f) => f.name)),
        ]),
        ['Total', percent(total / 100), ''],
      ],
    ),
  );
  if (notes.length > 0) parts.push(notes.map((note) => escaped(`Note: ${note}`)).join('\n'));
  return parts.join('\n\n');
}

function functionTable({ functions }: ProfileDocument, top: number): string {
  const shown = functions.slice(0, top);
  // Instructions per operation, if all were counted.
  const perOp = shown.some((f) => f.selfPerOp !== undefined);
  return table(
    ['Function', 'Self', 'Total', ...(perOp ? ['Self/op'] : []), 'Category'],
    ['left', 'right', 'right', ...(perOp ? ['right' as const] : []), 'left'],
    shown.map((f) => [
      f.name,
      percent(f.selfPercent / 100),
      percent(f.totalPercent / 100),
      ...(perOp ? [digits3(f.selfPerOp ?? 0)] : []),
      f.category,
    ]),
  );
}

function eventLine({ event, events, exact, samples, fallback }: ProfileDocument): string {
  const lines = [
    exact
      ? `${plural(samples, 'location')} with counts of ${event}`
      : `${plural(samples, 'sample')} of ${event}`,
  ];
  if (fallback && !exact) lines.push(fallbackText(fallback));
  if (events.length > 1 && !exact) lines.push(`Events (choose one with --select): ${shortList(events, 20)}`);
  return lines.map(escaped).join('\n');
}

function statText({ counters, unavailable, derived, operations }: StatDocument): string {
  const rows = counters.map(({ event, value, unit, runningPercent }) => [
    event,
    count(value),
    [
      unit,
      runningPercent === undefined
        ? ''
        : `extrapolated, counted ${percent(runningPercent / 100)} of the time`,
    ]
      .filter(Boolean)
      .join(', '),
  ]);
  if (derived.ipc !== undefined) rows.push(['IPC', digits3(derived.ipc), '']);
  if (derived.cyclesPerOp !== undefined) rows.push(['cycles/op', digits3(derived.cyclesPerOp), '']);
  if (derived.instructionsPerOp !== undefined)
    rows.push(['instructions/op', digits3(derived.instructionsPerOp), derived.instructionsPerOpSource ?? '']);
  for (const { event, reason } of unavailable) rows.push([event, '—', reason]);
  const of = operations === null ? '' : ` (${plural(operations, 'operation')})`;
  return `Counters${of}\n\n${table(['Event', 'Count', ''], ['left', 'right', 'left'], rows)}`;
}

function shortList(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown}, … ${count(names.length - most)} more` : shown;
}

export function doctorTable({ machine, checks }: DoctorReport): string {
  const remedies = groupRemedies(checks).map(
    ({ names, remedy }) =>
      `${names.join(', ')}:\n  ${remedy.text}${remedy.command ? `\n    ${remedy.command}` : ''}`,
  );
  const rows = checks.map((c) => [c.name, c.status, c.detail]);
  return [
    machine,
    table(['Check', 'Status', 'Detail'], ['left', 'left', 'left'], rows),
    ...(remedies.length > 0 ? [`Remedies\n\n${remedies.join('\n\n')}`] : []),
  ].join('\n\n');
}
