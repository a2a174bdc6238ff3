import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from '../labError.js';
import { descendants, startTime, withVariable } from './descendants.js';

/**
 * Every child process passes through here; `npm run structure` finds what doesn't. So each is in a group that can be
 * ended, and none is left when this process exits.
 */

export interface StartOptions {
  /** The folder to run in; that of this process by default. */
  readonly cwd?: string | undefined;
  /** Set on top of the inherited environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly stdio: StdioOptions;
  /**
   * Stays in the session and group of this process, so that it can use the terminal: keys like Ctrl-C reach it, too. But
   * not the hangup of a terminal that is closed, which would end it before this process could: perf would lose what it
   * had not written yet. By default it leads its own.
   */
  readonly attached?: boolean | undefined;
  /**
   * A terminal that becomes its own, with its keys, if it is that of no other session. A hangup doesn't end it, either: who
   * opened the terminal ends it.
   */
  readonly device?: string | undefined;
}

/** How a process ended. */
export interface Ended {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  /** E.g. `SIGSEGV`. */
  readonly killedBy: NodeJS.Signals | undefined;
}

export interface Child {
  readonly pid: number;
  readonly process: ChildProcess;
  /** When the process has ended, which isn't when its pipes are closed: a daemon that it left may hold them open. */
  readonly ended: Promise<Ended>;
  /** Sends a signal to the process alone. */
  signal(name: NodeJS.Signals): void;
  /**
   * Looks for processes that come from it. One that was seen is signaled later even if those between have ended, by which
   * it came from it.
   */
  look(): void;
  /** Sends a signal to all processes that come from it, and not to itself. */
  signalDescendants(name: NodeJS.Signals): void;
  /** Sends a signal to the process and all that come from it. */
  signalAll(name: NodeJS.Signals): void;
  /**
   * Interrupts the process like Ctrl-C, and ends politely what comes from it: perf does that to its program. Both at once,
   * so that nothing is started in between whose parent is gone before it is seen.
   */
  interrupt(): void;
  /** Ends the process and all that come from it: SIGTERM first, SIGKILL after two seconds. Resolves when they have ended. */
  end(): Promise<void>;
  /** The processes that come from it and were never signaled: daemons, and what a shell would leave in the background. */
  leftRunning(): number[];
  /** Forgets it: its group belongs to nobody anymore. */
  release(): void;
}

export const graceMs = 2_000;
/** How long to wait for a process that was killed: one that waits for a device can't end. */
const killedMs = 1_000;
/** How long to stop processes that start others faster than they are found. */
const freezeMs = 1_000;
/** How often to look whether what comes from a process is gone. */
const lookMs = 20;

const live = new Set<Child>();

// Neither a crash nor an early exit leaves a child behind.
process.on('exit', () => {
  for (const child of live) child.signalAll('SIGKILL');
});

/**
 * In the environment of each child, with a value of its own, which is always as long: by it, what comes from it is found
 * wherever it has gone. Programs that are compared have an environment of the same size.
 */
const markVariable = 'CHILD_OF_HAKMEM_LAB';

/** What is ignored stays so in the program that a shell turns into. */
const ignoringHangups = ['/bin/sh', '-c', 'trap "" HUP; exec "$0" "$@"'];

/** The first terminal that the leader of a session opens is the session's (tty_ioctl(4), open(2)). */
const onTerminal = [
  '/bin/sh',
  '-c',
  'trap "" HUP; exec <>"$0" >&0 2>&0 || exit; file=$1; shift; exec "$file" "$@"',
];

/** @throws LabError `start-failed`, with the error of the operating system as its cause */
export async function startChild(
  file: string,
  args: readonly string[],
  { cwd, env, stdio, attached = false, device }: StartOptions,
): Promise<Child> {
  let started: ChildProcess;
  const mark = randomBytes(8).toString('hex');
  const around = device === undefined ? (attached ? ignoringHangups : []) : [...onTerminal, device];
  const command = [...around, file, ...args];
  try {
    started = spawn(command[0] as string, command.slice(1), {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env, [markVariable]: mark },
      stdio,
      detached: !attached,
    });
    const { pid } = started;
    // Whether it could be started is known by now; the event that says why not comes later.
    if (pid !== undefined) return register(started, pid, !attached, `${markVariable}=${mark}`);
  } catch (cause) {
    throw startFailed(file, cause);
  }
  throw startFailed(file, await new Promise((resolve) => started.once('error', resolve)));
}

function register(started: ChildProcess, pid: number, leads: boolean, mark: string): Child {
  const send = (target: number, name: NodeJS.Signals) => {
    try {
      process.kill(target, name);
    } catch {
      // It has already ended.
    }
  };
  let running = true;
  const ended = new Promise<Ended>((resolve) => {
    started.once('exit', (code, killedBy) => {
      running = false;
      resolve({ exitCode: code ?? undefined, killedBy: killedBy ?? undefined });
    });
  });
  // A failure to send a signal isn't an error here.
  started.on('error', () => undefined);
  /** By ID, when it started. */
  const seen = new Map<number, string>();
  const look = () => {
    for (const other of descendants(pid, leads)) {
      const start = startTime(other);
      if (start !== undefined) seen.set(other, start);
    }
  };
  const others = (marked: boolean): number[] => {
    look();
    for (const other of marked ? withVariable(mark) : []) {
      const start = other === pid ? undefined : startTime(other);
      if (start !== undefined) seen.set(other, start);
    }
    return [...seen].flatMap(([other, start]) => (startTime(other) === start ? [other] : []));
  };
  /**
   * Stops all of them, so that none starts another one between being seen and being signaled: what has a session of its
   * own and whose parent has ended is found by nobody. @returns those that come from it
   */
  const freeze = (marked: boolean): number[] => {
    const stopped = new Set<number>();
    const start = performance.now();
    for (
      let fresh = others(marked);
      fresh.length > 0;
      fresh = others(marked).filter((other) => !stopped.has(other))
    ) {
      for (const other of fresh) {
        send(other, 'SIGSTOP');
        stopped.add(other);
      }
      if (performance.now() - start > freezeMs) break;
    }
    return [...stopped];
  };
  const child: Child = {
    pid,
    process: started,
    ended,
    look,
    signal(name) {
      if (running) send(pid, name);
    },
    signalDescendants(name) {
      // A daemon that a program means to leave stays: it has a session of its own, and its parent has ended.
      const found = freeze(false);
      for (const other of found) send(other, name);
      for (const other of found) send(other, 'SIGCONT');
    },
    signalAll(name) {
      child.signal('SIGSTOP');
      const found = freeze(true);
      // Its ID isn't reused while the group has members.
      if (leads && (found.length > 0 || running)) send(-pid, name);
      for (const other of found) send(other, name);
      child.signal(name);
      for (const other of found) send(other, 'SIGCONT');
      child.signal('SIGCONT');
    },
    interrupt() {
      child.signal('SIGSTOP');
      const found = freeze(true);
      child.signal('SIGINT');
      for (const other of found) send(other, 'SIGTERM');
      for (const other of found) send(other, 'SIGCONT');
      child.signal('SIGCONT');
    },
    async end() {
      child.signalAll('SIGTERM');
      await goneWithin(graceMs);
      child.signalAll('SIGKILL');
      await goneWithin(killedMs);
    },
    leftRunning: () => withVariable(mark).filter((other) => other !== pid && !seen.has(other)),
    release: () => void live.delete(child),
  };
  const endedWithin = async (ms: number): Promise<boolean> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
    await Promise.race([ended, late]);
    clearTimeout(timer);
    return !running;
  };
  /** Also what comes from it: while it ends, it may still write files that are removed next. */
  const goneWithin = async (ms: number): Promise<void> => {
    const start = performance.now();
    await endedWithin(ms);
    while (descendants(pid, leads).length > 0 && performance.now() - start < ms) await delay(lookMs);
  };
  live.add(child);
  return child;
}

function startFailed(file: string, cause: unknown): LabError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new LabError('start-failed', `${file} could not be started.`, { detail, cause });
}
