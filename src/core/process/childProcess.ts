import { shellWord } from '../../text/shellWord.js';
import { openRegular } from '../files.js';
import { canceled, LabError } from '../labError.js';
import { graceMs, startChild, type Child, type StartOptions } from './children.js';
import { KeptText, limitedLog, LineSplitter, readPipes } from './output.js';

export interface ProcessOptions {
  /** The folder to run in; that of this process by default. */
  readonly cwd?: string | undefined;
  /** Set on top of the inherited environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** After which the program is ended: for tools that answer at once or never. */
  readonly limitSeconds?: number | undefined;
  readonly input?: string;
  /**
   * Gives the program the standard streams of this process, as a shell would, or another terminal; nothing of its output is
   * kept. By default it has its own, and reads nothing.
   */
  readonly terminal?: Terminal | undefined;
  /** The file that the program reads from; nothing by default. */
  readonly stdin?: { readonly file: string } | undefined;
  /**
   * Interrupts the program like Ctrl-C and uses its output as the result. Its children are killed after two seconds;
   * the program itself gets as long as it needs.
   */
  readonly stop?: AbortSignal | undefined;
  /** Called when the program has been started. */
  readonly onStart?: ((pid: number) => void) | undefined;
  /** Called when the program has ended by itself and left others running. */
  readonly onLeft?: ((pids: readonly number[]) => void) | undefined;
  /** Called for each line of stdout and stderr as it arrives, until there are too many for a log. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Receives stdout line by line, so that it isn't kept in memory. */
  readonly consumeStdout?: (line: string) => void;
  /** How much of stdout and of stderr is kept, in bytes; by default what any tool's answer needs. */
  readonly maxKept?: number;
}

/** Which of this process's streams the program writes its output to, or a terminal that no other program uses. */
export type Terminal = { readonly stdout: 'stdout' | 'stderr' } | OtherTerminal;

export interface OtherTerminal {
  /** E.g. `/dev/pts/3`. */
  readonly device: string;
}

export interface ProcessResult {
  /** Quoted for a shell. */
  readonly command: string;
  /** Where there is too much, its beginning and its end. */
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined when a signal ended the program. */
  readonly exitCode: number | undefined;
  /** E.g. `SIGSEGV`, when a signal ended the program. */
  readonly killedBy: string | undefined;
}

/**
 * Runs a program to its end and returns its output. A nonzero exit status is not an error here: see `checkExit`.
 *
 * Canceling ends the program and all that it started: SIGTERM first, SIGKILL after two seconds. The result is there when
 * the program has ended, even if it left a process that keeps its output open.
 *
 * @throws LabError `start-failed` if the program can't be started, `canceled` if the signal was raised, `timed-out`
 */
export async function execute(
  file: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  const { signal, stop, terminal, limitSeconds } = options;
  if (signal?.aborted) throw canceled();
  const from = options.stdin && (await openRegular(options.stdin.file));
  const child = await startChild(file, args, {
    cwd: options.cwd,
    env: options.env,
    attached: terminal !== undefined && 'stdout' in terminal,
    ...(terminal && 'device' in terminal ? { device: terminal.device } : {}),
    stdio: stdioOf(options, from?.fd),
  }).finally(() => from?.close());
  options.onStart?.(child.pid);
  const late = limitSeconds === undefined ? undefined : AbortSignal.timeout(limitSeconds * 1000);
  const end = AbortSignal.any([signal, late].filter((s) => s !== undefined));
  const watch = new Watch(child, end, stop);
  try {
    const over = Promise.race([child.ended, watch.gaveUp]);
    const output = read(child, over, options);
    const ended = await over;
    await output.done;
    if (signal?.aborted) throw canceled();
    if (late?.aborted) throw timedOut(file, args, limitSeconds ?? 0);
    return {
      command: [file, ...args].map(shellWord).join(' '),
      stdout: output.stdout.toString(),
      stderr: output.stderr.toString(),
      exitCode: ended?.exitCode,
      killedBy: ended?.killedBy,
    };
  } finally {
    await watch.finish();
    // What a program leaves behind belongs to this call and ends with it, unless it was run as in a shell.
    if (end.aborted || stop?.aborted) child.signalAll('SIGKILL');
    else if (!terminal || 'device' in terminal) child.signalDescendants('SIGTERM');
    // After an error here, the program may still run.
    child.signal('SIGKILL');
    const left = options.onLeft && !end.aborted && !stop?.aborted ? child.leftRunning() : [];
    if (left.length > 0) options.onLeft?.(left);
    child.release();
  }
}

function stdioOf({ terminal, input }: ProcessOptions, from: number | undefined): StartOptions['stdio'] {
  if (!terminal) return [from ?? (input === undefined ? 'ignore' : 'pipe'), 'pipe', 'pipe'];
  return 'device' in terminal ? 'ignore' : ['inherit', terminal.stdout === 'stdout' ? 1 : 2, 'inherit'];
}

/** How often to look for what a program starts while it ends, in milliseconds. */
const lookMs = 20;

/** Ends or interrupts a program when a signal is raised. */
class Watch {
  /** When a program that was ended doesn't end. */
  readonly gaveUp: Promise<undefined>;
  private readonly child: Child;
  private readonly end: AbortSignal;
  private readonly stop: AbortSignal | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** While it ends, it may start others, and end before them. */
  private looking: NodeJS.Timeout | undefined;
  private ending: Promise<void> | undefined;
  private giveUp: () => void = () => undefined;

  constructor(child: Child, end: AbortSignal, stop: AbortSignal | undefined) {
    this.child = child;
    this.end = end;
    this.stop = stop;
    this.gaveUp = new Promise((resolve) => (this.giveUp = () => resolve(undefined)));
    end.addEventListener('abort', this.cancel, { once: true });
    stop?.addEventListener('abort', this.interrupt, { once: true });
    if (end.aborted) this.cancel();
    else if (stop?.aborted) this.interrupt();
  }

  /** Resolves when what is being ended has ended. */
  async finish(): Promise<void> {
    this.end.removeEventListener('abort', this.cancel);
    this.stop?.removeEventListener('abort', this.interrupt);
    clearTimeout(this.timer);
    clearInterval(this.looking);
    await this.ending;
  }

  private readonly cancel = (): void => {
    this.look();
    this.ending = this.child.end();
    void this.ending.then(this.giveUp);
  };

  private readonly interrupt = (): void => {
    this.look();
    this.child.interrupt();
    this.timer = setTimeout(() => this.child.signalDescendants('SIGKILL'), graceMs);
  };

  private look(): void {
    this.child.look();
    this.looking ??= setInterval(() => this.child.look(), lookMs);
  }
}

interface Output {
  readonly stdout: KeptText;
  readonly stderr: KeptText;
  readonly done: Promise<void>;
}

function read(child: Child, over: Promise<unknown>, options: ProcessOptions): Output {
  const { input, onLine, consumeStdout, maxKept } = options;
  const { stdin, stdout: out, stderr: err } = child.process;
  const kept = { stdout: new KeptText(maxKept), stderr: new KeptText(maxKept) };
  // A program may end without reading all of its input.
  stdin?.on('error', () => undefined);
  if (input !== undefined) stdin?.end(input);
  if (!out || !err) return { ...kept, done: Promise.resolve() };
  const log = onLine && limitedLog(onLine);
  const lines = { out: log && new LineSplitter(log), err: log && new LineSplitter(log) };
  const consumed = consumeStdout && new LineSplitter(consumeStdout);
  const done = readPipes(
    [
      [
        out,
        (chunk) => {
          if (consumed) consumed.write(chunk);
          else {
            kept.stdout.write(chunk);
            lines.out?.write(chunk);
          }
        },
      ],
      [
        err,
        (chunk) => {
          kept.stderr.write(chunk);
          lines.err?.write(chunk);
        },
      ],
    ],
    over,
  ).then(() => {
    for (const splitter of [consumed, lines.out, lines.err]) splitter?.end();
  });
  // Awaited after the end of the program; an error until then ends it.
  done.catch(() => child.end());
  return { ...kept, done };
}

function timedOut(file: string, args: readonly string[], seconds: number): LabError {
  return new LabError('timed-out', `${file} didn't answer within ${seconds} seconds.`, {
    detail: `$ ${[file, ...args].map(shellWord).join(' ')}`,
    remedy: { text: 'Run the command in a terminal to see what it waits for.' },
  });
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
  const last = stderr
    .trim()
    .split('\n')
    .slice(-8)
    .map((line) => line.slice(0, 500));
  return [`$ ${command}`, ...last].join('\n').trim();
}

/** What a tool that answers at once gets: also a slow network drive. */
const askSeconds = 15;

/** The output of a tool that is asked for something, empty if it can't be. @throws LabError `canceled` */
export async function ask(
  file: string,
  args: readonly string[],
  { signal }: { readonly signal?: AbortSignal | undefined },
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const options = { signal, limitSeconds: askSeconds, env: { LC_ALL: 'C', ...env } };
    return (await execute(file, args, options)).stdout;
  } catch (error) {
    if (error instanceof LabError && error.code === 'canceled') throw error;
    return '';
  }
}
