import { percent } from '../../text/numbers.js';
import type { TaskContext } from '../context.js';
import { measureProcess, type Metric, type ProcessMeasurement } from './measure.js';
import type { Side } from './side.js';

/** Start-up may take up to this share of a process. */
const STARTUP_SHARE = 0.05;
/** Shorter measurements are mostly the resolution of the scheduler. */
const SHORTEST_SECONDS = 0.1;

export interface Pilot {
  readonly sides: readonly Side[];
  readonly metric: Metric;
  /** Time of one process of each side. */
  readonly seconds: number;
  readonly notes: readonly string[];
}

/**
 * Runs each side once, which warms files and caches up and is discarded, and lengthens the benchmark until start-up is a
 * small part of each process. All sides get the same number of iterations, so that they do the same work.
 */
export async function pilot(sides: readonly Side[], context: TaskContext): Promise<Pilot> {
  context.progress('Warming up…');
  const first: ProcessMeasurement[] = [];
  for (const side of sides) first.push(await measureProcess(side, context));
  const metric: Metric = first.every(({ bench }) => bench !== null) ? 'throughput' : 'time';
  const notes: string[] = [];
  const startup = Math.max(...first.map(({ wallSeconds, bench }) => wallSeconds - (bench?.seconds ?? 0)));
  const shortest = Math.min(...first.map(({ bench }) => bench?.seconds ?? Infinity));
  const wanted = Math.max(SHORTEST_SECONDS, startup / STARTUP_SHARE);
  let longer = sides;
  if (metric === 'throughput' && shortest < wanted) {
    const iterations = sides.map(iterationsOf);
    const known = iterations.filter((one) => one !== undefined);
    if (known.length === sides.length) {
      const factor = wanted / Math.max(shortest, 1e-4);
      // Of one digit, so that a repeated experiment chooses the same number.
      const chosen = Number((Math.max(...known) * factor).toPrecision(1));
      longer = sides.map((side) => withIterations(side, chosen));
    } else {
      notes.push(
        `Start-up takes ${percent(startup / (startup + shortest))} of each process. Set "iterationsArg" in the preset so that the benchmark can be lengthened.`,
      );
    }
  }
  const scale = longer === sides ? 1 : wanted / Math.max(shortest, 1e-4);
  const seconds = first.reduce(
    (sum, { wallSeconds, bench }) => sum + wallSeconds + (bench?.seconds ?? 0) * (scale - 1),
    0,
  );
  if (metric === 'time')
    notes.push('The time of whole processes is compared, as they print no benchmark result.');
  return { sides: longer, metric, seconds: seconds / sides.length, notes };
}

function iterationsOf({ preset, subject }: Side): number | undefined {
  const text = preset.iterationsArg === undefined ? undefined : subject.args[preset.iterationsArg];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

function withIterations(side: Side, iterations: number): Side {
  const args = side.subject.args.with(side.preset.iterationsArg ?? 0, String(iterations));
  return { ...side, subject: { ...side.subject, args } };
}
