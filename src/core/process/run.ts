import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { LabError } from '../labError.js';
import { shellWord } from '../../text/shellWord.js';

export interface RunOptions {
  readonly cwd?: string;
  /** Set on top of the inherited environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly input?: string;
  /** What the program reads; nothing by default. */
  readonly stdin?: 'inherit';
  /**
   * Asks the program to end, as Ctrl-C would, and takes what it gives then as its result. Its children have two
   * seconds to end before they are killed; it has as long as it needs.
   */
  readonly stop?: AbortSignal | undefined;
  /** Called with each line of stdout and stderr as it comes. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Where stdout goes instead of memory: each line is handed over and then forgotten. */
  readonly consumeStdout?: (line: string) => void;
}

export interface RunResult {
  /** As it can be typed into a shell. */
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined when a signal ended the program. */
  readonly exitCode: number | undefined;
  /** E.g. `SIGSEGV`, when a signal ended the program. */
  readonly killedBy: string | undefined;
}

const graceMs = 2_000;
/** Process groups that end with us. */
export const liveGroups = new Set<number>();

/** A crash of ours, or an exit in the middle of a run, leaves no child behind. */
process.on('exit', () => {
  for (const pid of liveGroups) killGroup(pid, 'SIGKILL');
});

export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has ended by itself.
  }
}

/** Kills every process of the group but its leader: pgrp is the fifth field of /proc/PID/stat (proc_pid_stat(5)). */
async function killFollowers(leader: number): Promise<void> {
  for (const name of await readdir('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === leader) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    // The second field is the command in parentheses, which may hold anything.
    const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(group) !== leader) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
}

/**
 * Runs a program to its end and returns what it printed; a non-zero exit is the caller's to judge.
 *
 * The program leads a process group of its own, so that cancelling ends its children too (perf's benchmark,
 * make's compilers): SIGTERM first, SIGKILL after two seconds.
 *
 * @throws LabError `tool-missing` when the program cannot be started, `cancelled` when the signal was raised.
 */
export async function run(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { signal, stop } = options;
  if (signal?.aborted) throw new LabError('cancelled', 'Cancelled.');
  const child = execa(file, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.input === undefined
      ? { stdin: options.stdin ?? ('ignore' as const) }
      : { input: options.input }),
    env: { ...options.env },
    reject: false,
    detached: true,
    cleanup: false,
    buffer: { stdout: options.consumeStdout === undefined, stderr: true },
    maxBuffer: 512 * 1024 * 1024,
    stripFinalNewline: false,
  });
  const pid = child.pid;
  if (pid !== undefined) liveGroups.add(pid);
  let killTimer: NodeJS.Timeout | undefined;
  const cancel = () => {
    if (pid === undefined) return;
    killGroup(pid, 'SIGTERM');
    killTimer = setTimeout(() => killGroup(pid, 'SIGKILL'), graceMs);
  };
  const interrupt = () => {
    if (pid === undefined) return;
    child.kill('SIGINT');
    killTimer = setTimeout(() => void killFollowers(pid), graceMs);
  };
  signal?.addEventListener('abort', cancel, { once: true });
  if (stop?.aborted) interrupt();
  stop?.addEventListener('abort', interrupt, { once: true });
  try {
    const readers: Promise<void>[] = [];
    const { consumeStdout, onLine } = options;
    if (consumeStdout) readers.push(eachLine(child.iterable({ from: 'stdout' }), consumeStdout));
    if (onLine) {
      if (!consumeStdout) readers.push(eachLine(child.iterable({ from: 'stdout' }), onLine));
      readers.push(eachLine(child.iterable({ from: 'stderr' }), onLine));
    }
    const [result] = await Promise.all([child, ...readers]);
    if (signal?.aborted) throw new LabError('cancelled', 'Cancelled.');
    if (result.exitCode === undefined && result.signal === undefined) {
      throw new LabError('tool-missing', `Could not start ${file}.`, {
        detail: result.shortMessage ?? '',
        cause: result,
      });
    }
    return {
      command: [file, ...args].map(shellWord).join(' '),
      stdout: result.stdout ?? '',
      stderr: result.stderr ?? '',
      exitCode: result.exitCode,
      killedBy: result.signal,
    };
  } finally {
    signal?.removeEventListener('abort', cancel);
    stop?.removeEventListener('abort', interrupt);
    if (pid !== undefined) {
      // Whatever outlived its leader (a daemonised child) belongs to this run and ends with it.
      killGroup(pid, signal?.aborted || stop?.aborted ? 'SIGKILL' : 'SIGTERM');
      liveGroups.delete(pid);
    }
    clearTimeout(killTimer);
  }
}

async function eachLine(lines: AsyncIterable<unknown>, use: (line: string) => void): Promise<void> {
  for await (const line of lines) use(String(line));
}
