import type { TaskContext } from '../context.js';
import { parseLastLine } from '../bench/benchOutput.js';
import { subjectOptions } from '../bench/subject.js';
import { checkExit, execute } from '../process/childProcess.js';
import type { Side } from './side.js';

/** One process from start to end. */
export interface ProcessMeasurement {
  /** From before the process was created until it had ended. */
  readonly wallSeconds: number;
  /** What it reported as a benchmark; null if it isn't one. */
  readonly bench: {
    readonly opsPerSec: number;
    readonly seconds: number;
    readonly peakRssBytes: number;
  } | null;
}

/** What is compared: both have the greater value for the faster side. */
export type Metric = 'throughput' | 'time';

/** @throws LabError `program-failed`, `start-failed`, `canceled` */
export async function measureProcess(
  { subject }: Pick<Side, 'subject'>,
  context: Pick<TaskContext, 'signal'>,
): Promise<ProcessMeasurement> {
  const started = performance.now();
  const result = await execute(subject.program, subject.args, {
    ...subjectOptions(subject),
    signal: context.signal,
  });
  const wallSeconds = (performance.now() - started) / 1000;
  checkExit(result);
  return { wallSeconds, bench: benchOf(result.stdout) };
}

function benchOf(stdout: string): ProcessMeasurement['bench'] {
  const printed = parseLastLine(stdout);
  if (!printed) return null;
  const { opsPerSec, threads, iterations, peakRssBytes } = printed;
  return { opsPerSec, seconds: (threads * iterations) / opsPerSec, peakRssBytes };
}

/** Operations per second, or executions per second of programs that aren't benchmarks. */
export function speedOf({ wallSeconds, bench }: ProcessMeasurement, metric: Metric): number {
  return metric === 'throughput' && bench ? bench.opsPerSec : 1 / wallSeconds;
}
