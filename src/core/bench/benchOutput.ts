import * as z from '../zod.js';

/** What one repeat of a benchmark printed as its last line. Extra fields are left out on purpose. */
interface LastLine {
  readonly opsPerSec: number;
  readonly threads: number;
  readonly iterations: number;
  readonly peakRssBytes: number;
}

const lastLine = z.object({
  ops_per_sec: z.number().check(z.positive()),
  seconds: z.number().check(z.nonnegative()),
  threads: z.int().check(z.positive()),
  iterations: z.int().check(z.positive()),
  peak_rss_bytes: z.number().check(z.nonnegative()),
});

/** Reads the JSON object in the last line; undefined if the program isn't a benchmark of this kind. */
export function parseLastLine(stdout: string): LastLine | undefined {
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  let json: unknown;
  try {
    json = JSON.parse(last);
  } catch {
    return undefined;
  }
  const parsed = lastLine.safeParse(json);
  if (!parsed.success) return undefined;
  return {
    opsPerSec: parsed.data.ops_per_sec,
    threads: parsed.data.threads,
    iterations: parsed.data.iterations,
    peakRssBytes: parsed.data.peak_rss_bytes,
  };
}

/** Threads x iterations, or null for a program that isn't a benchmark. */
export function operationsOf(stdout: string): number | null {
  const printed = parseLastLine(stdout);
  return printed ? printed.threads * printed.iterations : null;
}
