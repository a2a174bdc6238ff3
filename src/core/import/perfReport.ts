import { ProfileBuilder } from '../../model/builder.js';
import type { Profile } from '../../model/profile.js';
import { percent } from '../../text/numbers.js';
import { MAX_EVENTS, unique, type Importer } from './importer.js';
import { LineReader, utf8 } from './lines.js';

const FORMAT = 'perf report text';

/** Stands for what a report omits (`--percent-limit`, a shortened copy): 100% minus what it lists. */
export const NOT_LISTED = '[not listed]';

/** Real reports are small; this limits files that only look like one. */
const MAX_ROWS = 2_000_000;

interface Row {
  /** One per event of the section. */
  readonly percents: readonly number[];
  readonly name: string;
  readonly module: string;
}

interface Section {
  /** Several if a group is shown together. */
  readonly events: readonly string[];
  readonly stated: string;
  readonly rows: Row[];
  columns: readonly string[];
  /** The line with the names of the columns. */
  header: string;
  /** Where the symbol is in a row, if columns follow it and the text still has its alignment. */
  symbol?: { readonly start: number; readonly end: number } | undefined;
  /** The row above in a hierarchy, whose leaves are the symbols. */
  above: string;
  /** The first percentage of the last row. */
  last: number;
}

const shareColumn = /^(Overhead|Children|Self|sys|usr|guest sys|guest usr)$/;
const countColumn = /^(Samples|Period)$/;

/**
 * `perf report --stdio` (tools/perf/ui/stdio/hist.c). A report has no stacks: every row becomes a function whose
 * self share is the printed percentage. Call graphs below the rows are ignored.
 */
export class PerfReportImporter implements Importer {
  private readonly reader = new LineReader(FORMAT, (line) => this.line(line));
  private readonly sections: Section[] = [];
  private rows = 0;
  private events = 0;
  /** Whether an empty line came since the last row. */
  private blank = false;

  write(chunk: Buffer): void {
    this.reader.write(chunk);
  }

  finish(): Profile {
    this.reader.end();
    const filled = this.sections.filter((s) => s.rows.length > 0);
    if (filled.length === 0) throw this.reader.error('the report contains no row with a percentage');
    for (const section of filled) this.checkSum(section);
    return build(filled);
  }

  /** Self shares, each printed with two digits, add up to at most 100%; totals don't. */
  private checkSum({ rows }: Section): void {
    const sum = rows.reduce((total, row) => total + (row.percents[0] as number), 0);
    if (sum > 101 + rows.length * 0.005)
      throw this.reader.error(
        `the shares add up to ${percent(sum / 100)}, so they are totals instead of self shares; use perf report --no-children --stdio`,
      );
  }

  private line(line: string): void {
    if (line.startsWith('#')) {
      this.comment(line);
      return;
    }
    this.blank ||= line.trim() === '';
    // Percentages in a call graph follow a bar or dashes; those of a row start its line.
    const match = /^\s*((?:\d+[\s,]+){0,4})((?:\d+(?:\.\d+)?%[\s,]+){1,600})(\S.*)$/.exec(line);
    if (!match) return;
    const [, counts, leading, rest] = match as unknown as [string, string, string, string];
    const printed = leading.split(/[\s,]+/).filter((word) => word !== '');
    const percents = printed.map((word) => Number(word.slice(0, -1)));
    const section = this.sectionOf(percents[0] as number);
    if (counts !== '' && !countColumn.test(section.columns[0] ?? '')) return;
    if (++this.rows > MAX_ROWS) throw this.reader.error(`there are more than ${MAX_ROWS} rows`);
    const levels = section.columns.find((column) => column.includes(' / '))?.split(' / ') ?? [];
    // Below a row, `-g folded` and `-g flat` print stacks with percentages of their own.
    const marked = /\[[.kguHG]\]\s/.test(line);
    if (levels.length > 0 && levels.at(-1) !== 'Symbol')
      throw this.reader.error("the hierarchy doesn't end with symbols; use perf report without --hierarchy");
    if (!marked && (section.columns.includes('Symbol') || levels.length > 0)) {
      section.above = rest;
      return;
    }
    const shares = sharesOf(percents, section);
    if (shares.some((share) => share > 100))
      throw this.reader.error(`a share is ${percent(Math.max(...shares) / 100)}`);
    const found = subject(rest, section.columns);
    const { start = 0, end = 0 } = section.symbol ?? {};
    const aligned = /^\[[.kguHG]\] (.*\S)/.exec(line.slice(start, end));
    const above = levels.at(-2) === 'Shared Object' && found.module === '' ? section.above.trim() : '';
    section.rows.push({
      percents: shares,
      name: aligned ? utf8(aligned[1] as string) : found.name,
      module: above === '' ? found.module : utf8(above),
    });
    section.last = percents[0] as number;
    this.blank = false;
  }

  private comment(line: string): void {
    // perf had `# Events: 1K cycles` before 3.1.
    const samples = /^# (?:Samples|Events): (\S+)\s+(?:of events? '(.*)'|(\S+))/.exec(line);
    if (samples) {
      const [, stated = '', quoted, plain = ''] = samples;
      const event = quoted ?? plain;
      const group = /^(?:anon group )?\{ (.*) \}$/.exec(event)?.[1] ?? event;
      const events = utf8(group).split(', ');
      if (this.events + events.length > MAX_EVENTS)
        throw this.reader.error(`there are more than ${MAX_EVENTS} events`);
      this.add(events, utf8(stated));
    } else if (/^#\s+(Overhead|Children|Self|Samples|Period)(\s|$)/.test(line)) {
      const section = this.section();
      section.header = line;
      section.columns = line
        .slice(1)
        .trim()
        .split(/\s{2,}/);
    } else if (/^# \.\.\.[. ]*$/.test(line)) {
      // Dots below the names show where the columns are and how wide.
      const section = this.section();
      const dots = [...line.matchAll(/\.+/g)];
      if (section.header === '') return;
      section.columns = dots.map(({ index }, i) => section.header.slice(index, dots[i + 1]?.index).trim());
      // The first name stands to the right of its column.
      if (section.columns[0] === '')
        section.columns = section.header
          .slice(1)
          .trim()
          .split(/\s{2,}/);
      const at = section.columns.indexOf('Symbol');
      const column = dots[at];
      if (column && at < dots.length - 1)
        section.symbol = { start: column.index, end: column.index + column[0].length };
    }
  }

  /** Without headers (`-q`), the rows of the next event start where a share is larger than the previous one. */
  private sectionOf(points: number): Section {
    const section = this.section();
    const next = section.header === '' && this.blank && section.rows.length > 0 && points > section.last;
    if (next && this.events === MAX_EVENTS)
      throw this.reader.error(`there are more than ${MAX_EVENTS} events`);
    return next ? this.add(['unknown event'], '') : section;
  }

  private section(): Section {
    return this.sections.at(-1) ?? this.add(['unknown event'], '');
  }

  private add(events: readonly string[], stated: string): Section {
    const section = { events, stated, rows: [], columns: [], header: '', above: '', last: 0 };
    this.sections.push(section);
    this.events += events.length;
    return section;
  }
}

/** The self shares among the leading percentages: each column has one for each event of a group. */
function sharesOf(percents: readonly number[], { columns, events }: Section): readonly number[] {
  const self = columns.length === 0 ? Number(percents.length === 2) : Number(columns[0] === 'Children');
  const groups = columns.filter((column) => shareColumn.test(column)).length || 1;
  if (percents.length === groups * events.length)
    return percents.slice(self * events.length, (self + 1) * events.length);
  return [percents[self] ?? (percents[0] as number)];
}

/** The symbol of a row: `calls  libc.so.6  [.] malloc`, with or without the columns before the symbol. */
function subject(text: string, columns: readonly string[]): { name: string; module: string } {
  const symbol = /^(.*?)\[([.kguHG])\]\s+(.*\S)/.exec(text);
  const before = (symbol ? (symbol[1] as string) : text).trim().split(/\s{2,}|\t/);
  // The percentages come first; the remaining column names belong to this text.
  const named = columns.filter((c) => !shareColumn.test(c) && !countColumn.test(c));
  const at = named.indexOf('Shared Object');
  const first = columns.findIndex((c) => shareColumn.test(c));
  const counts = columns.slice(Math.max(first, 0)).filter((c) => countColumn.test(c)).length;
  const object = at === -1 ? '' : utf8(before[at + counts] ?? '').trim();
  const module = symbol?.[2] === 'k' ? '[kernel]' : object === '[unknown]' ? '' : object;
  return { name: utf8(symbol ? (symbol[3] as string) : text.trim()), module };
}

/** One event for each event of each section. Weights are the printed percentages: a report has no other. */
function build(sections: readonly Section[]): Profile {
  const builder = new ProfileBuilder();
  const thread = builder.thread(0, 0, new Map());
  const notes: string[] = [];
  const names = unique(sections.flatMap(({ events, rows }) => events.slice(0, rows[0]?.percents.length)));
  let event = 0;
  const buildEvent = ({ stated, rows, columns }: Section, of: number) => {
    const add = (name: string, module: string, weight: number) => {
      const func = builder.func({ name, module, file: '', line: 0 });
      builder.sample(builder.stack(-1, builder.frame(func, '', 0, false)), thread, 0, weight, event);
    };
    let listed = 0;
    for (const { name, module, percents } of rows) {
      const points = percents[of] ?? 0;
      listed += points;
      add(name, module, points);
    }
    const own = [`Shares are as printed in the report${stated ? ` (${stated} samples)` : ''}.`];
    const rest = Math.round((100 - listed) * 1e4) / 1e4;
    if (rest > 0) {
      add(NOT_LISTED, '', 100 - listed);
      own.push(`The report lists ${percent(listed / 100)}; the rest is shown as ${NOT_LISTED}.`);
    } else if (rest < 0) {
      own.push(`The printed shares add up to ${percent(listed / 100)}; here they are shares of that sum.`);
    }
    if (columns[0] === 'Children') own.push('Totals (column Children) are lost: the report has no stacks.');
    notes.push(...own.map((note) => (names.length > 1 ? `${names[event]}: ${note}` : note)));
    event++;
  };
  for (const section of sections)
    section.rows[0]?.percents.forEach((_, of) => {
      buildEvent(section, of);
    });
  const [first = '', ...others] = names;
  const described = (name: string) => ({ name, unit: 'percent' });
  return builder.finish([described(first), ...others.map(described)], notes);
}
