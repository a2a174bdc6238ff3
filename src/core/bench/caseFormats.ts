import * as z from '../zod.js';
import { medianInterval } from '../../statistics/medianInterval.js';

/** A figure that one execution printed. Times are in seconds, and their unit is `s`. */
export interface PrintedCase {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

/** Reads the figures of a benchmark library's own format; undefined for other text. */
type CaseFormat = (text: string) => PrintedCase[] | undefined;

const secondsPer: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1 };

/** A figure in seconds if its unit is a time. */
export function printedCase(name: string, value: number, unit: string): PrintedCase {
  const scale = secondsPer[unit];
  return scale === undefined ? { name, unit, value } : { name, unit: 's', value: value * scale };
}

const googleBenchmark = z.object({
  context: z.record(z.string(), z.unknown()),
  benchmarks: z.array(
    z.object({
      name: z.string(),
      run_type: z.optional(z.string()),
      real_time: z.optional(z.number()),
      time_unit: z.optional(z.string()),
    }),
  ),
});

const hyperfine = z.object({
  results: z
    .array(
      z.object({
        command: z.string(),
        median: z.optional(z.number()),
        mean: z.number(),
        times: z.optional(z.array(z.number())),
      }),
    )
    .check(z.minLength(1)),
});

/** `--benchmark_format=json`. Repetitions of a case are one figure, their median; its own aggregates are left out. */
const readGoogleBenchmark: CaseFormat = (text) => {
  const parsed = googleBenchmark.safeParse(jsonIn(text));
  if (!parsed.success) return undefined;
  const cases = parsed.data.benchmarks.flatMap(({ name, run_type, real_time, time_unit = 'ns' }) =>
    run_type === 'aggregate' || real_time === undefined ? [] : [printedCase(name, real_time, time_unit)],
  );
  return medians(cases);
};

/** `--export-json`. */
const readHyperfine: CaseFormat = (text) => {
  const parsed = hyperfine.safeParse(jsonIn(text));
  if (!parsed.success) return undefined;
  return parsed.data.results.map(({ command, times, median, mean }) => ({
    name: command,
    unit: 's',
    value: times?.length ? medianInterval(times).median : (median ?? mean),
  }));
};

/** Catch2's `--reporter xml`: means in nanoseconds. Its JSON has no benchmarks. */
const readCatch2: CaseFormat = (text) => {
  if (!/<Catch(?:2TestRun)?\b/.test(text)) return undefined;
  const cases: PrintedCase[] = [];
  for (const [, name = '', body = ''] of text.matchAll(
    /<BenchmarkResults\s[^>]*?\bname="([^"]*)"[^>]*>([\s\S]*?)<\/BenchmarkResults>/g,
  )) {
    const mean = /<mean\s[^>]*?\bvalue="([^"]*)"/.exec(body)?.[1];
    if (mean !== undefined && Number.isFinite(Number(mean))) {
      cases.push(printedCase(unescapeXml(name), Number(mean), 'ns'));
    }
  }
  return cases.length > 0 ? cases : undefined;
};

/** The formats that are recognized by themselves. */
export const caseFormats: readonly CaseFormat[] = [readGoogleBenchmark, readHyperfine, readCatch2];

/** The JSON document in a text that may have lines before and after it. */
export function jsonIn(text: string): unknown {
  const end = text.lastIndexOf('}');
  for (const start of [text.search(/^\s*\{/), text.search(/^\{/m)]) {
    if (start < 0 || end < start) continue;
    try {
      return JSON.parse(text.slice(start, end + 1));
    } catch {
      // Another brace, or none.
    }
  }
  return undefined;
}

function medians(cases: readonly PrintedCase[]): PrintedCase[] {
  const byName = new Map<string, PrintedCase[]>();
  for (const one of cases) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  return [...byName].map(([name, same]) => ({
    name,
    unit: same[0]?.unit ?? 's',
    value: medianInterval(same.map(({ value }) => value)).median,
  }));
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text: string): string {
  return text.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
}
