import * as z from 'zod';
import type { BenchSample } from '../../model/benchResult.js';
import { LabError } from '../labError.js';

const lastLine = z.object({
  ops_per_sec: z.number().positive(),
  seconds: z.number().nonnegative(),
  threads: z.number().int().positive(),
  iterations: z.number().int().positive(),
  peak_rss_bytes: z.number().nonnegative(),
});

/** Reads the JSON object in the last line. @throws LabError `program-output` */
export function parseBenchOutput(stdout: string, command: string): BenchSample {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  let json: unknown;
  try {
    json = JSON.parse(last);
  } catch {
    json = undefined;
  }
  const parsed = lastLine.safeParse(json);
  if (!parsed.success) {
    throw new LabError('program-output', 'The program printed no benchmark result.', {
      detail: `$ ${command}\nLast line: ${last.slice(0, 200) || '(nothing)'}\n${z.prettifyError(parsed.error)}`,
      remedy: {
        text: "Print a JSON object with ops_per_sec, seconds, threads, iterations, and peak_rss_bytes as the last line. A program that isn't a benchmark can still be profiled.",
      },
    });
  }
  return {
    opsPerSec: parsed.data.ops_per_sec,
    seconds: parsed.data.seconds,
    threads: parsed.data.threads,
    iterations: parsed.data.iterations,
    peakRssBytes: parsed.data.peak_rss_bytes,
  };
}

/** Threads x iterations, or null for a program that isn't a benchmark. */
export function operationsOf(stdout: string, command: string): number | null {
  try {
    const { threads, iterations } = parseBenchOutput(stdout, command);
    return threads * iterations;
  } catch (error) {
    if (error instanceof LabError && error.code === 'program-output') return null;
    throw error;
  }
}
