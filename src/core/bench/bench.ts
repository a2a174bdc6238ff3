import type { BenchResult, BenchSample } from '../../model/benchResult.js';
import { medianInterval } from '../../statistics/medianInterval.js';
import type { TaskContext } from '../context.js';
import { checkExit, execute } from '../process/childProcess.js';
import { parseBenchOutput } from './benchOutput.js';
import type { Subject } from './subject.js';

/**
 * Measures every subject `repeats` times, interleaved (A B A B ...), so that a machine that slows down or speeds up in
 * between affects all of them alike.
 */
export async function bench(
  subjects: readonly Subject[],
  repeats: number,
  context: TaskContext,
): Promise<BenchResult[]> {
  const samples = subjects.map((): BenchSample[] => []);
  for (let i = 0; i < repeats; i++) {
    for (const [s, subject] of subjects.entries()) {
      const which = subjects.length > 1 ? `, ${subject.allocator}` : '';
      context.progress(`Running benchmark, repeat ${i + 1} of ${repeats}${which}…`);
      samples[s]?.push(await benchOnce(subject, context));
    }
  }
  return subjects.map(({ allocator }, s) => {
    const measured = samples[s] ?? [];
    return {
      allocator,
      opsPerSec: medianInterval(measured.map((sample) => sample.opsPerSec)),
      peakRssBytes: measured.reduce((max, sample) => Math.max(max, sample.peakRssBytes), 0),
    };
  });
}

async function benchOnce(subject: Subject, context: TaskContext): Promise<BenchSample> {
  const result = await execute(subject.program, subject.args, {
    env: subject.environment,
    signal: context.signal,
  });
  for (const line of result.stderr.split('\n')) if (line) context.log(line);
  checkExit(result);
  return parseBenchOutput(result.stdout, result.command);
}
