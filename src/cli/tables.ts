import type { BenchResult, BenchStatistics } from '../model/benchResult.js';
import type { ProfileDocument, StatDocument } from '../model/profileDocument.js';
import { caseText, figureOf, intervalText, memoryText } from '../text/benchTexts.js';
import { countedThing, fallbackText, processorTimeText, samplesText } from '../text/eventTexts.js';
import { count, digits3, percent, plural, ratio, seconds } from '../text/numbers.js';
import { distinctNames, shortName } from '../text/names.js';
import { noteActions } from '../text/noteActions.js';
import { escaped } from '../text/printable.js';
import { clipped, styled, terminalOf, widthOf, wrapped, type Terminal } from './terminal.js';

type Align = 'left' | 'right';

/** Columns between two columns. */
const GAP = 2;
/** Names in a cell. */
const LISTED = 4;
/** A column of text isn't made narrower than this; in a terminal without room for it, lines wrap. */
const NARROWEST = 16;

/** Of a list, as many as there is room for are shown. */
type Cell = string | readonly string[];

/**
 * Columns of text, no wider than the terminal: long names are shortened in their middle, the last column at its end.
 * Control characters in cells never reach a terminal.
 */
export function table(
  header: readonly string[],
  align: readonly Align[],
  content: readonly (readonly Cell[])[],
  terminal = terminalOf(process.stdout),
): string {
  const safe = content.map((row) =>
    row.map((cell) => (typeof cell === 'string' ? escaped(cell) : cell.map(escaped))),
  );
  const natural = header.map((title, c) =>
    Math.max(widthOf(title), ...safe.map((row) => widthOf(cellText(row[c] ?? '')))),
  );
  const widths = fitted(natural, align, terminal.columns);
  const last = header.length - 1;
  const cells = (row: readonly Cell[], style: (cell: string, padded: string) => string) =>
    row
      .map((full, c) => {
        const width = widths[c] ?? 0;
        const cell = clipped(cellText(full, width), width, c === last ? 'end' : 'middle');
        const space = ' '.repeat(Math.max(0, width - widthOf(cell)));
        if (align[c] === 'right') return style(cell, space + cell);
        return style(cell, c === last ? cell : cell + space);
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  return [
    cells(header, (_, padded) => styled(terminal, 'bold', padded)),
    styled(
      terminal,
      'dim',
      cells(
        widths.map((w) => '─'.repeat(w)),
        (_, padded) => padded,
      ),
    ),
    ...safe.map((row) => cells(row, (cell, padded) => shareColored(terminal, cell, padded))),
  ].join('\n');
}

function cellText(cell: Cell, width = Infinity): string {
  if (typeof cell === 'string') return cell;
  let most = Math.min(cell.length, LISTED);
  while (most > 1 && widthOf(shortList(cell, most)) > width) most--;
  const list = shortList(cell, most);
  return widthOf(list) > width ? cell.join(', ') : list;
}

/** Takes from the widest column of text what is too much. */
function fitted(natural: readonly number[], align: readonly Align[], columns: number): number[] {
  const widths = [...natural];
  const room = columns - GAP * (widths.length - 1);
  const texts = widths.map((_, c) => c).filter((c) => align[c] !== 'right');
  for (let over = widths.reduce((sum, w) => sum + w, 0) - room; over > 0; over--) {
    const widest = texts.reduce((a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a), texts[0] ?? 0);
    if ((widths[widest] ?? 0) <= NARROWEST) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** The limits of perf report: red from 5%, green from 0.5%. */
function shareColored(terminal: Terminal, cell: string, padded: string): string {
  if (!/^\d[\d.,]*%$/.test(cell)) return padded;
  const points = parseFloat(cell.replace(',', '.'));
  return points >= 5
    ? styled(terminal, 'red', padded)
    : points >= 0.5
      ? styled(terminal, 'green', padded)
      : padded;
}

export function benchTable(results: readonly BenchResult[]): string {
  const reference = results[0]?.opsPerSec.median ?? 0;
  const summary = table(
    ['Allocator', 'Median', 'Interval', 'Ratio', 'Peak RSS', 'Repeats'],
    ['left', 'right', 'right', 'right', 'right', 'right'],
    results.map((result) => {
      const { statistics, format, short } = figureOf(result);
      return [
        result.allocator,
        format(statistics.median),
        statistics.samples.length < 2 ? '—' : intervalText(statistics, short),
        ratio(result.opsPerSec.median / reference),
        memoryText(result.peakRssBytes),
        count(statistics.samples.length),
      ];
    }),
  );
  return [summary, ...results.flatMap((result) => detailTables(result, results.length > 1))].join('\n\n');
}

/** The cases that a benchmark printed, and what its executions took. */
function detailTables({ allocator, cases, process }: BenchResult, named: boolean): string[] {
  const of = named ? ` of ${escaped(allocator)}` : '';
  const interval = (statistics: BenchStatistics, format: (value: number) => string) =>
    statistics.samples.length < 2 ? '—' : intervalText(statistics, format);
  const tables: string[] = [];
  if (cases) {
    const rows = cases.map((one) => {
      const format = (value: number) => caseText(one, value);
      return [one.name, format(one.value.median), interval(one.value, format)];
    });
    tables.push(table([`Case${of}`, 'Median', 'Interval'], ['left', 'right', 'left'], rows));
  }
  if (process) {
    const figures: [string, BenchStatistics, (value: number) => string][] = [
      ['Wall time', process.wallSeconds, seconds],
      ['User time', process.userSeconds, seconds],
      ['System time', process.systemSeconds, seconds],
      ['Page faults', process.pageFaults, count],
    ];
    const rows = figures.map(([name, statistics, format]) => [
      name,
      format(statistics.median),
      interval(statistics, format),
    ]);
    tables.push(table([`Execution${of}`, 'Median', 'Interval'], ['left', 'right', 'left'], rows));
  }
  return tables;
}

interface ProfileTableOptions {
  /** How many functions to list. */
  readonly top: number;
  /** Template arguments and parameters, too. */
  readonly fullNames?: boolean | undefined;
  readonly terminal?: Terminal;
}

export function profileTables(document: ProfileDocument, options: ProfileTableOptions): string {
  const { categories, functions, notes, stat } = document;
  const { top, fullNames = false, terminal = terminalOf(process.stdout) } = options;
  const nameOf = fullNames ? (name: string) => name : shortName;
  const parts = [eventLine(document, terminal)];
  if (stat) parts.push(statText(stat, terminal));
  // A program in C++ may have a hundred classes, each a category of its own where a lab defines none.
  const [listed, rest] =
    categories.length > top + 1 ? [categories.slice(0, top), categories.slice(top)] : [categories, []];
  parts.push(
    `Top ${plural(Math.min(top, functions.length), 'function')}`,
    functionTable(document, top, fullNames ? (name) => name : undefined, terminal),
    'Categories',
    table(
      ['Category', 'Self', 'Functions'],
      ['left', 'right', 'left'],
      [
        ...listed.map((c) => [
          c.name,
          percent(c.selfPercent / 100),
          // Instances of one template have one short name.
          [...new Set(c.functions.map((f) => nameOf(f.name)))],
        ]),
        ...(rest.length > 0 ? [[`${count(rest.length)} more`, percent(sumOf(rest) / 100), '']] : []),
        ['Total', percent(sumOf(categories) / 100), ''],
      ],
      terminal,
    ),
  );
  if (notes.length > 0) parts.push(notes.map((note) => noteText(note, terminal)).join('\n'));
  return parts.join('\n\n');
}

function sumOf(parts: ProfileDocument['categories']): number {
  return parts.reduce((sum, { selfPercent }) => sum + selfPercent, 0);
}

/** A command is on a line of its own, to be copied. */
export function noteText(note: string, terminal: Terminal): string {
  const command = noteActions(note).find((action) => action.kind === 'command')?.command;
  const text = command === undefined ? note : note.slice(0, -` $ ${command}`.length);
  const label = styled(terminal, 'yellow', 'Note:');
  const shown = command === undefined ? '' : `\n  ${styled(terminal, 'cyan', escaped(command))}`;
  return wrapped(`${label} ${escaped(text)}`, terminal) + shown;
}

function functionTable(
  { functions }: ProfileDocument,
  top: number,
  nameOf: ((name: string) => string) | undefined,
  terminal: Terminal,
): string {
  const shown = functions.slice(0, top);
  const written = nameOf ?? distinctNames(shown.map(({ name }) => name));
  // Instructions per operation, if all were counted.
  const perOp = shown.some((f) => f.selfPerOp !== undefined);
  return table(
    ['Function', 'Self', 'Total', ...(perOp ? ['Self/op'] : []), 'Category'],
    ['left', 'right', 'right', ...(perOp ? ['right' as const] : []), 'left'],
    shown.map((f) => [
      written(f.name),
      percent(f.selfPercent / 100),
      percent(f.totalPercent / 100),
      ...(perOp ? [digits3(f.selfPerOp ?? 0)] : []),
      f.category,
    ]),
    terminal,
  );
}

function eventLine(
  { event, events, exact, samples, sums, processorSeconds, fallback }: ProfileDocument,
  terminal: Terminal,
): string {
  const lines = [
    exact
      ? `Exact count of ${countedThing({ name: event, exact }) ?? event}, at ${plural(samples, 'location')}`
      : `${samplesText({ samples, sums, event })}${processorTimeText(processorSeconds)}`,
  ];
  if (fallback && !exact) lines.push(fallbackText(fallback));
  if (events.length > 1 && !exact) lines.push(`Events (choose one with --select): ${shortList(events, 20)}`);
  return lines.map((line) => wrapped(escaped(line), terminal)).join('\n');
}

function statText({ counters, unavailable, derived, operations }: StatDocument, terminal: Terminal): string {
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
  return `Counters${of}\n\n${table(['Event', 'Count', ''], ['left', 'right', 'left'], rows, terminal)}`;
}

function shortList(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown}, … ${count(names.length - most)} more` : shown;
}
