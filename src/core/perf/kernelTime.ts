import { percent } from '../../text/numbers.js';
import { descendants, processorTime, type ProcessorTime } from '../process/descendants.js';
import type { RecordPlan } from './plan.js';

/**
 * How often to look, in milliseconds: what a program did since is missing, and looking takes time itself. So what is
 * missing is at most a twentieth of a recording that takes longer than half a second. The final figures aren't to be had:
 * perf, the parent, asks for those of its program and passes none on.
 */
const lookMs = { first: 20, most: 500, part: 20 } as const;

/** @param since the start, in milliseconds */
export function nextLook(since: number): number {
  return Math.min(lookMs.most, Math.max(lookMs.first, since / lookMs.part));
}
/** Fewer prove nothing: the kernel reports whole ticks, of a hundredth of a second. */
const fewestTicks = 20;
/** Of the processor time. A program with less in the kernel is where its own code says. */
const worthTelling = 0.2;

/** Watches where a target's processor time goes while only user code is sampled. */
export class KernelTime {
  private readonly before: ProcessorTime;
  private last: ProcessorTime;
  private readonly started = performance.now();
  private timer: NodeJS.Timeout | undefined;

  /** @param processes those of the target, now */
  private constructor(private readonly processes: () => readonly number[]) {
    this.last = this.before = sumOf(processes());
    this.schedule();
  }

  /** Of a process that runs already. */
  static ofProcess(pid: number): KernelTime {
    return new KernelTime(() => [pid]);
  }

  /** Of all that perf started. @param perf its process */
  static ofProgram(perf: number): KernelTime {
    return new KernelTime(() => descendants(perf, false));
  }

  private schedule(): void {
    const look = () => {
      this.look();
      this.schedule();
    };
    this.timer = setTimeout(look, nextLook(performance.now() - this.started)).unref();
  }

  private look(): void {
    const now = sumOf(this.processes());
    // What has ended has no times anymore.
    if (now.user + now.kernel > this.last.user + this.last.kernel) this.last = now;
  }

  /** @returns ticks of user code and of the kernel since the start */
  end(): ProcessorTime {
    clearTimeout(this.timer);
    this.look();
    return { user: this.last.user - this.before.user, kernel: this.last.kernel - this.before.kernel };
  }
}

function sumOf(processes: readonly number[]): ProcessorTime {
  let [user, kernel] = [0, 0];
  for (const pid of processes) {
    const time = processorTime(pid);
    user += time?.user ?? 0;
    kernel += time?.kernel ?? 0;
  }
  return { user, kernel };
}

/** What a profile of user code alone doesn't show, if it is much. */
export function kernelNotes(
  { events }: Pick<RecordPlan, 'events'>,
  { user, kernel }: ProcessorTime,
): string[] {
  const all = user + kernel;
  if (!events.every(({ name }) => name.endsWith(':u'))) return [];
  if (all < fewestTicks || kernel / all < worthTelling) return [];
  return [
    `${percent(kernel / all)} of the processor time was spent in the kernel, which wasn't sampled: shares are of user code alone. Record with --scope both to see all.`,
  ];
}
