import type { BenchCase, BenchResult, ProcessFigures } from '../../model/benchResult.js';
import { medianInterval } from '../../statistics/medianInterval.js';
import type { TaskContext } from '../context.js';
import { checkExit } from '../process/childProcess.js';
import { executeMeasured, type MeasuredResult } from '../process/resourceUsage.js';
import { readOutput, type Reading } from './reading.js';
import { subjectOptions, type Subject } from './subject.js';

/** One repeat: what it took, and what it printed. */
interface Repeat {
  readonly measured: MeasuredResult;
  readonly reading: Reading;
}

/**
 * Measures every subject `repeats` times, interleaved (A B A B ...), so that a machine that slows down or speeds up in
 * between affects all of them alike. Each repeat is a process. A program that prints no result is measured by the time
 * of its execution.
 */
export async function bench(
  subjects: readonly Subject[],
  repeats: number,
  context: TaskContext,
): Promise<BenchResult[]> {
  const measured = subjects.map((): Repeat[] => []);
  for (let i = 0; i < repeats; i++) {
    for (const [s, subject] of subjects.entries()) {
      const which = subjects.length > 1 ? `, ${subject.allocator}` : '';
      context.progress(`Running benchmark, repeat ${i + 1} of ${repeats}${which}…`);
      measured[s]?.push(await benchOnce(subject, context));
    }
  }
  return subjects.map(({ allocator }, s) => toResult(allocator, measured[s] ?? []));
}

/** As `bench`, but a program that prints no result is executed only once and has none. */
export async function benchIfPrinted(
  subject: Subject,
  repeats: number,
  context: TaskContext,
): Promise<BenchResult | undefined> {
  const measured: Repeat[] = [];
  for (let i = 0; i < repeats; i++) {
    context.progress(`Running benchmark, repeat ${i + 1} of ${repeats}…`);
    const repeat = await benchOnce(subject, context);
    if (repeat.reading.opsPerSec === undefined && repeat.reading.cases.length === 0) return undefined;
    measured.push(repeat);
  }
  return toResult(subject.allocator, measured);
}

async function benchOnce(subject: Subject, context: TaskContext): Promise<Repeat> {
  const measured = await executeMeasured(subject.program, subject.args, {
    ...subjectOptions(subject),
    signal: context.signal,
  });
  for (const line of measured.stderr.split('\n')) if (line) context.log(line);
  checkExit(measured);
  const reading = await readOutput(measured.stdout, measured.command, subject.output, subject.cwd);
  return { measured, reading };
}

function toResult(allocator: string, repeats: readonly Repeat[]): BenchResult {
  const rates = repeats.map(rateOf);
  const operation = rates.find((rate) => rate.operation)?.operation;
  const peaks = repeats.flatMap(
    ({ measured, reading }) => reading.peakRssBytes ?? measured.usage?.peakRssBytes ?? [],
  );
  const process = processFigures(repeats);
  const cases = casesOf(repeats);
  return {
    allocator,
    opsPerSec: medianInterval(rates.map(({ opsPerSec }) => opsPerSec)),
    ...(operation ? { operation } : {}),
    peakRssBytes: peaks.length > 0 ? peaks.reduce((max, bytes) => Math.max(max, bytes)) : null,
    ...(process ? { process } : {}),
    ...(cases.length > 0 ? { cases } : {}),
  };
}

/** Operations per second of one repeat, and what an operation is. */
function rateOf({ reading, measured }: Repeat): { opsPerSec: number; operation?: BenchResult['operation'] } {
  if (reading.opsPerSec !== undefined) return { opsPerSec: reading.opsPerSec };
  const positive = reading.cases.filter(({ value }) => value > 0);
  if (positive.length === 0) return { opsPerSec: 1 / measured.wallSeconds, operation: 'execution' };
  const logarithms = positive.map(({ unit, value }) => (unit === 's' ? -Math.log(value) : Math.log(value)));
  return {
    opsPerSec: Math.exp(logarithms.reduce((sum, log) => sum + log, 0) / logarithms.length),
    ...(positive.length > 1 ? { operation: 'cases' } : {}),
  };
}

/** Figures that only some of the repeats have are left out. */
function processFigures(repeats: readonly Repeat[]): ProcessFigures | undefined {
  const usages = repeats.flatMap(({ measured }) => measured.usage ?? []);
  if (usages.length < repeats.length || usages.length === 0) return undefined;
  return {
    wallSeconds: medianInterval(usages.map(({ wallSeconds }) => wallSeconds)),
    userSeconds: medianInterval(usages.map(({ userSeconds }) => userSeconds)),
    systemSeconds: medianInterval(usages.map(({ systemSeconds }) => systemSeconds)),
    pageFaults: medianInterval(usages.map(({ pageFaults }) => pageFaults)),
  };
}

/** Cases that every repeat printed, in the order of the first. */
function casesOf(repeats: readonly Repeat[]): BenchCase[] {
  return (repeats[0]?.reading.cases ?? []).flatMap(({ name, unit }) => {
    const values = repeats.flatMap(({ reading }) => {
      const same = reading.cases.find((one) => one.name === name && one.unit === unit);
      return same ? [same.value] : [];
    });
    return values.length === repeats.length ? [{ name, unit, value: medianInterval(values) }] : [];
  });
}
