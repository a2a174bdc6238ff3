import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { canceled, LabError } from '../labError.js';
import { isNotFound } from '../process/childProcess.js';
import { startChild, type Child } from '../process/children.js';
import { missingTool } from '../process/tools.js';

/** Long enough for the next profile of someone at work, short enough not to keep the data of a large program for long. */
const idleMs = 30_000;

/** How long to wait for what a program wrote before it ended. */
const lastWordsMs = 500;

/** Handles a line of an answer. @returns whether it is the last one */
type TakeLine = (line: string) => boolean;

interface Exchange {
  readonly take: TakeLine;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A program that answers lines with lines and stays alive, so that it reads a large executable once. It ends when it was
 * idle for a while, when a request is canceled, and with this process, however that ends. It doesn't keep this process
 * alive.
 */
export class LineProcess {
  private child: Child | undefined;
  private current: Exchange | undefined;
  private rest = '';
  private errors = '';
  private queue: Promise<unknown> = Promise.resolve();
  private idle: NodeJS.Timeout | undefined;
  private readonly file: string;
  private readonly args: readonly string[];

  constructor(file: string, args: readonly string[]) {
    this.file = file;
    this.args = args;
  }

  /**
   * Requests are answered one after the other, in order. Lines are passed on as they arrive, so that they are processed in
   * parallel to the program and an answer of any length fits.
   * @throws LabError `tool-missing`, `symbolizer-failed` if the program exits by itself, `canceled`; what `take` throws
   */
  ask(input: string, take: TakeLine, signal: AbortSignal | undefined): Promise<void> {
    const answer = this.queue.then(() => this.exchange(input, take, signal));
    this.queue = answer.catch(() => undefined);
    return answer;
  }

  /** Starts the program, so that the first request finds it running. */
  warm(): void {
    this.queue = this.queue
      .then(async () => {
        if (this.child) return;
        const child = (this.child = await this.start());
        setAwake(child, false);
        this.idle = setTimeout(() => this.end(), idleMs).unref();
      })
      // The request reports it.
      .catch(() => undefined);
  }

  /** Ends the program when it has answered what it was asked until now. */
  endLater(): void {
    this.queue = this.queue.then(() => this.end());
  }

  /** Ends the program; the next request starts it again. What it is asked just now is never answered. */
  end(): void {
    clearTimeout(this.idle);
    const { child } = this;
    this.child = undefined;
    this.rest = this.errors = '';
    child?.signalAll('SIGKILL');
    child?.release();
  }

  private async exchange(input: string, take: TakeLine, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw canceled();
    clearTimeout(this.idle);
    const child = (this.child ??= await this.start());
    if (signal?.aborted) throw canceled();
    const cancel = () => {
      this.end();
      this.current?.reject(canceled());
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      setAwake(child, true);
      await new Promise<void>((resolve, reject) => {
        this.current = { take, resolve, reject };
        child.process.stdin?.write(input);
      });
    } finally {
      this.current = undefined;
      signal?.removeEventListener('abort', cancel);
      if (this.child) {
        setAwake(child, false);
        this.idle = setTimeout(() => this.end(), idleMs).unref();
      }
    }
  }

  private async start(): Promise<Child> {
    const child = await startChild(this.file, this.args, {
      stdio: 'pipe',
      env: { LC_ALL: 'C' },
    }).catch((error: unknown) => {
      throw isNotFound(error) ? missingTool(this.file, error) : error;
    });
    const { stdin, stdout, stderr } = child.process;
    stdout?.setEncoding('utf8').on('data', (text: string) => {
      // Late output of a process that was ended doesn't answer a request to the next one.
      if (this.child === child) this.receive(text);
    });
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors = (this.errors + text).slice(-4000);
    });
    // Writing to a program that has exited fails. Its exit is reported below.
    stdin?.on('error', () => undefined);
    void child.ended.then(async ({ exitCode, killedBy }) => {
      // Its last words may arrive after its end, or never if something that it started holds the pipe.
      if (stderr && !stderr.closed) await Promise.race([once(stderr, 'close'), delay(lastWordsMs)]);
      if (this.child !== child) return;
      const detail = this.errors.trim().split('\n').slice(-5).join('\n');
      const waiting = this.current;
      this.end();
      waiting?.reject(
        new LabError('symbolizer-failed', `${this.file} exited unexpectedly.`, {
          detail: [killedBy ?? `exit status ${exitCode}`, detail].join('\n').trim(),
          remedy: { text: 'Try again. If it happens again, install another version of the tool.' },
        }),
      );
    });
    return child;
  }

  private receive(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    const { current } = this;
    if (!current) return;
    try {
      if (!lines.some(current.take)) return;
    } catch (error) {
      // Its remaining output doesn't answer the next request.
      this.end();
      current.reject(error);
      return;
    }
    this.current = undefined;
    current.resolve();
  }
}

/** Whether Node waits for the exit and the output of the child before it exits. */
function setAwake({ process }: Child, awake: boolean): void {
  const what = awake ? 'ref' : 'unref';
  process[what]();
  // Pipes are sockets, which Node waits for as well.
  for (const pipe of [process.stdin, process.stdout, process.stderr])
    (pipe as unknown as Pick<ChildProcess, 'ref' | 'unref'> | null)?.[what]();
}
