import { readRegularText } from '../files.js';
import { cgroupFile } from './cgroup.js';

/** Counters since boot of what takes processor time from a measurement. */
interface Snapshot {
  /** Ticks of all CPUs, and those of them that a hypervisor gave to others. */
  readonly ticks: number;
  readonly stolen: number;
  /** Microseconds in which some process waited for a CPU; absent without PSI. */
  readonly waiting: number | undefined;
  /** Times that the control group used up its CPU limit; absent without one. */
  readonly throttled: number | undefined;
  readonly at: number;
}

/** What disturbed a measurement while it ran. Unknown parts are absent. */
export interface Disturbance {
  /** Share of processor time that a hypervisor gave to other guests, 0..1. */
  readonly steal: number;
  /** Share of the time in which some process waited for a CPU (pressure stall information), 0..1. */
  readonly pressure?: number;
  /** Times that the CPU limit of the control group stopped its processes. */
  readonly throttled?: number;
  /** Runnable processes, on average over the last minute. */
  readonly load: number;
}

export async function snapshot(): Promise<Snapshot> {
  const [stat = '', pressure = '', group = ''] = await Promise.all([
    readRegularText('/proc/stat').catch(() => ''),
    readRegularText('/proc/pressure/cpu').catch(() => ''),
    cgroupFile('cpu.stat'),
  ]);
  // user nice system idle iowait irq softirq steal (proc_stat(5)); guest time is part of user time.
  const ticks = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '').split(' ').map(Number).slice(0, 8);
  const waiting = /^some .*total=(\d+)/m.exec(pressure)?.[1];
  const throttled = /^nr_throttled (\d+)$/m.exec(group)?.[1];
  return {
    ticks: ticks.reduce((sum, value) => sum + value, 0),
    stolen: ticks[7] ?? 0,
    waiting: waiting === undefined ? undefined : Number(waiting),
    throttled: throttled === undefined ? undefined : Number(throttled),
    at: performance.now(),
  };
}

/** What happened since a snapshot. */
export async function disturbanceSince(before: Snapshot): Promise<Disturbance> {
  const now = await snapshot();
  const load = Number.parseFloat(await readRegularText('/proc/loadavg').catch(() => '0'));
  const share = (part: number, all: number) => (all > 0 ? Math.min(1, Math.max(0, part / all)) : 0);
  return {
    steal: share(now.stolen - before.stolen, now.ticks - before.ticks),
    ...(now.waiting !== undefined && before.waiting !== undefined
      ? { pressure: share(now.waiting - before.waiting, (now.at - before.at) * 1000) }
      : {}),
    ...(now.throttled !== undefined && before.throttled !== undefined
      ? { throttled: now.throttled - before.throttled }
      : {}),
    load,
  };
}
