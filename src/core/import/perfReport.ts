import { ProfileBuilder } from '../profile/builder.js';
import type { Profile } from '../profile/profile.js';
import { MAX_EVENTS, runImporter, unique, type Importer } from './importer.js';
import { LineReader, utf8 } from './lines.js';

const FORMAT = 'perf report text';

/** The name of what a report leaves out (`--percent-limit`, a shortened copy): 100 minus what it lists. */
export const NOT_LISTED = '[not listed]';

/** Sorted text is small; this bounds a file that only looks like it. */
const MAX_ROWS = 2_000_000;

interface Section {
  readonly event: string;
  readonly stated: string;
  readonly rows: { readonly percent: number; readonly name: string; readonly module: string }[];
  readonly columns: string[];
  /** Where the symbol stands in a row, if columns follow it and the text still has its alignment. */
  symbol?: { readonly start: number; readonly end: number } | undefined;
}

/**
 * `perf report --stdio` (tools/perf/ui/stdio/hist.c). A report has no stacks: every row becomes a function whose
 * self share is the printed percentage. Call graphs below the rows are passed over.
 */
export class PerfReportImporter implements Importer {
  private readonly reader = new LineReader(FORMAT, (line) => this.line(line));
  private readonly sections: Section[] = [];
  private rows = 0;

  write(chunk: Buffer): void {
    this.reader.write(chunk);
  }

  finish(): Profile {
    this.reader.end();
    const filled = this.sections.filter((s) => s.rows.length > 0);
    if (filled.length === 0) throw this.reader.error('there is no row with a percentage in it');
    return build(filled);
  }

  private line(line: string): void {
    if (line.startsWith('#')) {
      this.comment(line);
      return;
    }
    // A call graph's percentages follow a bar or dashes; a row's is the first thing in its line.
    const match = /^\s*(\d+(?:\.\d+)?)%\s+(?:(\d+(?:\.\d+)?)%\s+)?(\S.*)$/.exec(line);
    if (!match) return;
    if (++this.rows > MAX_ROWS) throw this.reader.error(`there are more than ${MAX_ROWS} rows`);
    const section = this.section();
    // Below a row, `-g folded` and `-g flat` print stacks with percentages of their own.
    const marked = /\[[.kguHG]\]\s/.test(line);
    if (!marked && section.columns.includes('Symbol')) return;
    const [, first, second, rest] = match as unknown as [string, string, string | undefined, string];
    const percent = Number(second !== undefined && section.columns[0] === 'Children' ? second : first);
    if (percent > 100) throw this.reader.error(`a share of ${percent} %`);
    const found = subject(rest, section.columns);
    const { start = 0, end = 0 } = section.symbol ?? {};
    const aligned = /^\[[.kguHG]\] (.*\S)/.exec(line.slice(start, end));
    section.rows.push({ percent, ...found, name: aligned ? utf8(aligned[1] as string) : found.name });
  }

  private comment(line: string): void {
    const samples = /^# Samples: (\S+)\s+of events? '(.*)'/.exec(line);
    if (samples) {
      const [, stated = '', event = ''] = samples;
      if (this.sections.length === MAX_EVENTS)
        throw this.reader.error(`there are more than ${MAX_EVENTS} events`);
      this.sections.push({ event: utf8(event), stated: utf8(stated), rows: [], columns: [] });
    } else if (/^#\s+(Overhead|Children|Self)\b/.test(line)) {
      const names = line.slice(1).trim();
      const { columns } = this.section();
      columns.splice(0, columns.length, ...names.split(/\s{2,}/));
    } else if (/^# \.\.\.[. ]*$/.test(line)) {
      // Dots below the names show how wide the columns are.
      const section = this.section();
      const at = section.columns.indexOf('Symbol');
      const dots = [...line.matchAll(/\.+/g)];
      const column = dots.length === section.columns.length ? dots[at] : undefined;
      if (column && at < dots.length - 1)
        section.symbol = { start: column.index, end: column.index + column[0].length };
    }
  }

  private section(): Section {
    let section = this.sections.at(-1);
    if (!section)
      this.sections.push((section = { event: 'unknown event', stated: '', rows: [], columns: [] }));
    return section;
  }
}

/** What a row is about: `calls  libc.so.6  [.] malloc`, with or without the columns before the symbol. */
function subject(text: string, columns: readonly string[]): { name: string; module: string } {
  const symbol = /^(.*?)\[([.kguHG])\]\s+(.*\S)/.exec(text);
  const before = (symbol ? (symbol[1] as string) : text).trim().split(/\s{2,}|\t/);
  // The percentages stand before; what is left of the header names the columns of this text.
  const named = columns.filter((c) => !/^(Overhead|Children|Self|Samples|Period)$/.test(c));
  const at = named.indexOf('Shared Object');
  const counts = columns.filter((c) => /^(Samples|Period)$/.test(c)).length;
  const object = at === -1 ? '' : utf8(before[at + counts] ?? '').trim();
  const module = symbol?.[2] === 'k' ? '[kernel]' : object === '[unknown]' ? '' : object;
  return { name: utf8(symbol ? (symbol[3] as string) : text.trim()), module };
}

/** One event for each section. Its weights are the printed percentages: a report has no other. */
function build(sections: readonly Section[]): Profile {
  const builder = new ProfileBuilder();
  const thread = builder.thread(0, 0, new Map());
  const notes: string[] = [];
  const names = unique(sections.map((section) => section.event));
  sections.forEach(({ stated, rows, columns }, event) => {
    const add = (name: string, module: string, weight: number) => {
      const func = builder.func({ name, module, file: '', line: 0 });
      builder.sample(builder.stack(-1, builder.frame(func, '', 0, false)), thread, 0, weight, event);
    };
    let listed = 0;
    for (const { name, module, percent } of rows) {
      listed += percent;
      add(name, module, percent);
    }
    const own = [
      `Shares are those that the report prints${stated ? ` of its ${stated} samples` : ''}; it has no lines.`,
    ];
    const rest = Math.round((100 - listed) * 1e4) / 1e4;
    if (rest > 0) {
      add(NOT_LISTED, '', 100 - listed);
      own.push(`The report lists ${listed.toFixed(2)} %; the rest is shown as ${NOT_LISTED}.`);
    } else if (rest < 0) {
      own.push(`The printed shares add up to ${listed.toFixed(2)} %; here they are parts of that sum.`);
    }
    if (columns[0] === 'Children') own.push('Totals (the column Children) cannot be kept without stacks.');
    notes.push(...own.map((note) => (sections.length > 1 ? `${names[event]}: ${note}` : note)));
  });
  const [first = '', ...others] = names;
  const described = (name: string) => ({ name, unit: 'percent' });
  return builder.finish([described(first), ...others.map(described)], notes);
}

/** @throws LabError `profile-corrupt` */
export function importPerfReport(bytes: Buffer): Profile {
  return runImporter(new PerfReportImporter(), bytes);
}
