import type { BenchResult } from '../model/benchResult.js';
import { reaches95 } from '../statistics/medianInterval.js';
import { groupRemedies } from '../core/doctor/check.js';
import type { DoctorReport } from '../core/doctor/doctor.js';
import { escaped } from '../text/printable.js';
import type { ProfileDocument } from '../model/profileDocument.js';

type Align = 'left' | 'right';

/** Plain text columns; the last column is never padded. Cells are one line each, whatever a name holds. */
export function table(
  header: readonly string[],
  align: readonly Align[],
  content: readonly (readonly string[])[],
): string {
  const rows = content.map((row) => row.map(escaped));
  const widths = header.map((title, c) =>
    Math.max(title.length, ...rows.map((row) => (row[c] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, c) => (align[c] === 'right' ? cell.padStart(widths[c] ?? 0) : cell.padEnd(widths[c] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((w) => '─'.repeat(w))), ...rows.map(line)].join('\n');
}

export function formatOps(opsPerSec: number): string {
  if (opsPerSec >= 1e6) return `${(opsPerSec / 1e6).toFixed(2)}M ops/s`;
  return opsPerSec >= 1e3 ? `${(opsPerSec / 1e3).toFixed(1)}k ops/s` : `${opsPerSec.toFixed(1)} ops/s`;
}

const percent = (share: number) => share.toFixed(2);

export function benchTable(results: readonly BenchResult[]): string {
  const reference = results[0]?.opsPerSec.median ?? 0;
  return table(
    ['Allocator', 'Median', '95 % interval', 'Ratio', 'Peak RSS', 'Runs'],
    ['left', 'right', 'right', 'right', 'right', 'right'],
    results.map(({ allocator, opsPerSec, peakRssBytes }) => [
      allocator,
      formatOps(opsPerSec.median),
      `${formatOps(opsPerSec.ci95[0])} … ${formatOps(opsPerSec.ci95[1])}${reaches95(opsPerSec) ? '' : ' (range)'}`,
      `${(opsPerSec.median / reference).toFixed(2)}x`,
      `${(peakRssBytes / 2 ** 20).toFixed(1)} MiB`,
      String(opsPerSec.samples.length),
    ]),
  );
}

export function profileTables(document: ProfileDocument, top: number): string {
  const parts = [eventLine(document)];
  if (document.stat) parts.push(statText(document.stat));
  parts.push(
    `The ${Math.min(top, document.functions.length)} hottest functions`,
    functionTable(document, top),
    'Categories',
    table(
      ['Category', 'Self %', 'Functions'],
      ['left', 'right', 'left'],
      [
        ...document.categories.map((c) => [
          c.name,
          percent(c.selfPercent),
          shortList(c.functions.map((f) => f.name)),
        ]),
        ['Total', percent(document.categories.reduce((sum, c) => sum + c.selfPercent, 0)), ''],
      ],
    ),
  );
  if (document.notes.length > 0) parts.push(document.notes.map((n) => `Note: ${escaped(n)}`).join('\n'));
  return parts.join('\n\n');
}

function functionTable({ functions }: ProfileDocument, top: number): string {
  const shown = functions.slice(0, top);
  // Instructions per operation, where all were counted.
  const perOp = shown.some((f) => f.selfPerOp !== undefined);
  return table(
    ['Function', 'Self %', 'Total %', ...(perOp ? ['Self/op'] : []), 'Category'],
    ['left', 'right', 'right', ...(perOp ? ['right' as const] : []), 'left'],
    shown.map((f) => [
      f.name,
      percent(f.selfPercent),
      percent(f.totalPercent),
      ...(perOp ? [(f.selfPerOp ?? 0).toFixed(3)] : []),
      f.category,
    ]),
  );
}

function eventLine({ events, exact, samples, fallback, ...document }: ProfileDocument): string {
  const event = escaped(document.event);
  if (exact) return `Every place with its ${event}: ${samples.toLocaleString('en-US')} places`;
  const because = fallback ? `\n${escaped(`${fallback.requested} was not used: ${fallback.reason}`)}` : '';
  const others =
    events.length > 1 ? `\nIts events (--select shows another): ${escaped(shortList(events, 20))}` : '';
  return `${samples} samples of ${event}${because}${others}`;
}

function statText({
  counters,
  unavailable,
  derived,
  operations,
}: NonNullable<ProfileDocument['stat']>): string {
  const rows = counters.map(({ event, value, unit, runningPercent }) => [
    event,
    value.toLocaleString('en-US'),
    [unit, runningPercent === undefined ? '' : `extrapolated: counted ${runningPercent} % of the time`]
      .filter(Boolean)
      .join(', '),
  ]);
  if (derived.ipc !== undefined) rows.push(['IPC', derived.ipc.toFixed(2), '']);
  if (derived.cyclesPerOp !== undefined) rows.push(['cycles/op', derived.cyclesPerOp.toFixed(1), '']);
  if (derived.instructionsPerOp !== undefined)
    rows.push([
      'instructions/op',
      derived.instructionsPerOp.toFixed(2),
      derived.instructionsPerOpSource ?? '',
    ]);
  for (const { event, reason } of unavailable) rows.push([event, '—', reason]);
  const of = operations === null ? '' : ` (${operations.toLocaleString('en-US')} operations)`;
  return `Counters${of}\n\n${table(['Event', 'Count', ''], ['left', 'right', 'left'], rows)}`;
}

function shortList(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown}, … ${names.length - most} more` : shown;
}

export function doctorTable({ machine, checks }: DoctorReport): string {
  const remedies = groupRemedies(checks).map(
    ({ names, remedy }) =>
      `${names.join(', ')}:\n  ${remedy.text}${remedy.command ? `\n    ${remedy.command}` : ''}`,
  );
  const rows = checks.map((c) => [c.name, c.status, c.detail]);
  return [
    machine,
    table(['What', 'Status', 'Detail'], ['left', 'left', 'left'], rows),
    ...(remedies.length > 0 ? [`Remedies\n\n${remedies.join('\n\n')}`] : []),
  ].join('\n\n');
}
