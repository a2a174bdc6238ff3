import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { canceled, LabError } from '../labError.js';
import { shellWord } from '../../text/shellWord.js';

export interface ProcessOptions {
  /** The folder to run in; that of this process by default. */
  readonly cwd?: string | undefined;
  /** Set on top of the inherited environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly input?: string;
  /** Where the program reads from; nothing by default. */
  readonly stdin?: 'inherit' | undefined;
  /**
   * Interrupts the program like Ctrl-C and uses its output as the result. Its children are killed after two seconds;
   * the program itself gets as long as it needs.
   */
  readonly stop?: AbortSignal | undefined;
  /** Called for each line of stdout and stderr as it arrives. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Receives stdout line by line, so that it isn't kept in memory. */
  readonly consumeStdout?: (line: string) => void;
}

export interface ProcessResult {
  /** Quoted for a shell. */
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined when a signal ended the program. */
  readonly exitCode: number | undefined;
  /** E.g. `SIGSEGV`, when a signal ended the program. */
  readonly killedBy: string | undefined;
}

const graceMs = 2_000;
/** Process groups that are killed when this process exits. */
export const liveGroups = new Set<number>();

// Neither a crash nor an early exit leaves a child behind.
process.on('exit', () => {
  for (const pid of liveGroups) killGroup(pid, 'SIGKILL');
});

export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group has already exited.
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
      // It has already exited.
    }
  }
}

/**
 * Runs a program to completion and returns its output. A nonzero exit status is not an error here: see `checkExit`.
 *
 * The program leads its own process group, so that canceling also ends its children (perf's benchmark, make's
 * compilers): SIGTERM first, SIGKILL after two seconds.
 *
 * @throws LabError `start-failed` if the program can't be started, `canceled` if the signal was raised
 */
export async function execute(
  file: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  const { signal, stop } = options;
  if (signal?.aborted) throw canceled();
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
    if (signal?.aborted) throw canceled();
    if (result.exitCode === undefined && result.signal === undefined) {
      throw new LabError('start-failed', `${file} could not be started.`, {
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
      // A child that outlives its leader, such as a daemon, belongs to this call and ends with it.
      killGroup(pid, signal?.aborted || stop?.aborted ? 'SIGKILL' : 'SIGTERM');
      liveGroups.delete(pid);
    }
    clearTimeout(killTimer);
  }
}

async function eachLine(lines: AsyncIterable<unknown>, use: (line: string) => void): Promise<void> {
  for await (const line of lines) use(String(line));
}

/** Whether the program doesn't exist, as opposed to one that exists and can't be started. */
export function isNotFound(error: unknown): boolean {
  if (!(error instanceof LabError) || error.code !== 'start-failed') return false;
  return (error.cause as { code?: unknown } | undefined)?.code === 'ENOENT';
}

/** @throws LabError `program-failed` unless the program exited with status 0 */
export function checkExit(result: ProcessResult): void {
  if (result.exitCode === 0) return;
  const how = result.killedBy ? `was killed by ${result.killedBy}` : `exited with status ${result.exitCode}`;
  throw new LabError('program-failed', `The program ${how}.`, {
    detail: commandAndErrors(result),
    remedy: {
      text: 'Run the command in a terminal or a debugger to find the cause, then fix the program or its arguments.',
    },
  });
}

/** The command and the end of what it wrote to stderr, as detail of an error. */
export function commandAndErrors({ command, stderr }: ProcessResult): string {
  return [`$ ${command}`, ...stderr.trim().split('\n').slice(-8)].join('\n').trim();
}
