/**
 * Numbers and times as the editor's texts show them: English notation like the panel and the command line, so
 * that figures can be compared and copied.
 */
import { reaches95 } from '../../statistics/medianInterval.js';
import type { BenchResult } from '../../model/benchResult.js';
import type { RunDocument } from '../../model/run.js';

const scales = [
  { limit: 1e9, suffix: 'G' },
  { limit: 1e6, suffix: 'M' },
  { limit: 1e3, suffix: 'k' },
] as const;

/** Three significant digits and a decimal prefix: `9.84M`. */
export function scaled(value: number): string {
  // 999.6k would be rounded to "1000k": the larger unit starts where three digits no longer suffice.
  const scale = scales.find(({ limit }) => Math.abs(value) >= limit * 0.9995);
  return scale ? digits3(value / scale.limit) + scale.suffix : digits3(value);
}

function digits3(value: number): string {
  const magnitude = Math.abs(value);
  return value.toFixed(magnitude >= 99.95 ? 0 : magnitude >= 9.995 ? 1 : 2);
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** `1 sample`, `10,313 samples`. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

/** One decimal for texts in the source, where calm matters more than digits. */
export function percent(value: number): string {
  return `${value.toFixed(1)} %`;
}

/** Two decimals for tables and hovers. */
export function exactPercent(value: number): string {
  return `${value.toFixed(2)} %`;
}

/** `9.84M ops/s ±2 %`: the median and half the width of its interval. */
export function throughput({ opsPerSec: { median, ci95 } }: BenchResult): string {
  const half = median === 0 ? 0 : ((ci95[1] - ci95[0]) / 2 / median) * 100;
  return `${scaled(median)} ops/s ±${half < 0.95 ? half.toFixed(1) : half.toFixed(0)} %`;
}

/** `9.62M to 10.1M ops/s (95 % CI of 10 samples)`. */
export function interval({ opsPerSec }: BenchResult): string {
  const { ci95, samples } = opsPerSec;
  const kind = reaches95(opsPerSec) ? `95 % CI of ${samples.length}` : `range of ${samples.length}`;
  return `${scaled(ci95[0])} to ${scaled(ci95[1])} ops/s (${kind} samples)`;
}

export function bytes(value: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let rest = value;
  let unit = 0;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${unit === 0 ? rest : digits3(rest)} ${units[unit]}`;
}

/** `0.4 s`, `12 s`, `3 min 20 s`, `2 h 05 min`. */
export function cpuTime(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** `14:03` today, `22 Nov 14:03` on other days, in the user's own time zone. */
export function shortTime(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const time = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  if (date.toDateString() === now.toDateString()) return time;
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return `${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year })} ${time}`;
}

/** The first result is the preset's own program; others are rivals. */
export function ownResult(run: RunDocument): BenchResult | undefined {
  return run.results[0];
}

/** The result of a run in one line: throughput where it was measured, else what else was counted. */
export function runSummary(run: RunDocument): string {
  const own = ownResult(run);
  if (own) return throughput(own);
  const { instructionsPerOp } = run.stat?.derived ?? {};
  if (instructionsPerOp !== undefined) return `${digits3(instructionsPerOp)} instructions/op`;
  return run.samples === null ? 'no result' : plural(run.samples, 'sample');
}
