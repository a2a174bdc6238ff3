import { readdir, stat } from 'node:fs/promises';
import { readRegularText } from '../files.js';
import { LabError } from '../labError.js';

/** A running process that can be attached to. */
export interface ProcessInfo {
  readonly pid: number;
  /** As the kernel reports it. */
  readonly name: string;
  /** Empty for a kernel thread. */
  readonly args: readonly string[];
  readonly uid: number;
  /** User and system time so far. */
  readonly cpuSeconds: number;
}

/** sysconf(_SC_CLK_TCK), which is 100 on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Reads /proc/PID; undefined when the process has ended. */
async function readProcess(pid: number): Promise<ProcessInfo | undefined> {
  try {
    const [line, commandLine, { uid }] = await Promise.all([
      readRegularText(`/proc/${pid}/stat`),
      readRegularText(`/proc/${pid}/cmdline`),
      stat(`/proc/${pid}`),
    ]);
    return { pid, uid, ...parseProcess(line, commandLine) };
  } catch {
    return undefined;
  }
}

/** @param line `/proc/PID/stat` @param commandLine `/proc/PID/cmdline` (proc_pid_stat(5), proc_pid_cmdline(5)) */
export function parseProcess(
  line: string,
  commandLine: string,
): Pick<ProcessInfo, 'name' | 'args' | 'cpuSeconds'> {
  // The name is in parentheses and may itself contain spaces and parentheses.
  const end = line.lastIndexOf(')');
  const fields = line.slice(end + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return {
    name: line.slice(line.indexOf('(') + 1, end),
    // A server that names itself (nginx, redis, postgres) leaves the rest of its arguments empty.
    args: commandLine === '' ? [] : commandLine.replace(/\0{3,}$|\0$/, '').split('\0'),
    cpuSeconds: (user + system) / ticksPerSecond,
  };
}

/** The user's processes, or for root everyone's, without kernel threads; the busiest first. */
export async function listProcesses(): Promise<ProcessInfo[]> {
  const own = process.geteuid?.() ?? -1;
  const pids = (await readdir('/proc'))
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  const all = await Promise.all(pids.map(readProcess));
  return all
    .filter((p) => p !== undefined)
    .filter(({ uid, args }) => args.length > 0 && (own === 0 || uid === own))
    .sort((a, b) => b.cpuSeconds - a.cpuSeconds || a.pid - b.pid);
}

/** @throws LabError `process-unknown`; `perf-not-permitted` for a process of someone else */
export async function requireProcess(pid: number): Promise<ProcessInfo> {
  const found = await readProcess(pid);
  if (!found) {
    throw new LabError('process-unknown', `There is no process with ID ${pid}.`, {
      remedy: {
        text: 'List your processes to find its ID.',
        command: 'ps -u "$USER" -o pid,time,args',
      },
    });
  }
  const own = process.geteuid?.() ?? 0;
  if (own !== 0 && found.uid !== own) {
    throw new LabError('perf-not-permitted', `Process ${pid} (${found.name}) belongs to another user.`, {
      detail: `It runs as user ${found.uid}; you are user ${own}. perf can only attach to your own processes.`,
      remedy: {
        text: 'Record it as that user or as root.',
        command: `sudo perf record -g -p ${pid} -o perf.data -- sleep 10`,
      },
    });
  }
  return found;
}
