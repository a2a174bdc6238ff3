import type { Readable, Writable } from 'node:stream';
import { execa } from 'execa';
import { canceled, LabError } from '../labError.js';
import { killGroup, liveGroups } from '../process/childProcess.js';
import { missingTool } from '../process/tools.js';

/** Long enough for the next profile of someone at work, short enough not to keep the data of a large program for long. */
const idleMs = 30_000;

/** Handles a line of an answer. @returns whether it is the last one */
type TakeLine = (line: string) => boolean;

interface Exchange {
  readonly take: TakeLine;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** The part of a running program that is used here. */
interface Child {
  readonly pid?: number | undefined;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  ref(): void;
  unref(): void;
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

  /** Ends the program; the next request starts it again. */
  end(): void {
    clearTimeout(this.idle);
    const pid = this.child?.pid;
    this.child = undefined;
    this.rest = this.errors = '';
    if (pid === undefined) return;
    killGroup(pid, 'SIGKILL');
    liveGroups.delete(pid);
  }

  private async exchange(input: string, take: TakeLine, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) throw canceled();
    clearTimeout(this.idle);
    const child = (this.child ??= this.spawn());
    const cancel = () => {
      this.end();
      this.current?.reject(canceled());
    };
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      setAwake(child, true);
      await new Promise<void>((resolve, reject) => {
        this.current = { take, resolve, reject };
        child.stdin.write(input);
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

  private spawn(): Child {
    const child = execa(this.file, this.args, {
      stdin: 'pipe',
      env: { LC_ALL: 'C' },
      reject: false,
      detached: true,
      cleanup: false,
      buffer: false,
    });
    if (child.pid !== undefined) liveGroups.add(child.pid);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      // Late output of a process that was ended doesn't answer a request to the next one.
      if (this.child === child) this.receive(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errors = (this.errors + text).slice(-4000);
    });
    // Writing to a program that has exited fails. Its exit is reported below.
    child.stdin.on('error', () => undefined);
    void child.then((result) => {
      if (this.child !== child) return;
      const detail = this.errors.trim().split('\n').slice(-5).join('\n');
      const waiting = this.current;
      this.end();
      waiting?.reject(
        result.exitCode === undefined && result.signal === undefined
          ? missingTool(this.file, result)
          : new LabError('symbolizer-failed', `${this.file} exited unexpectedly.`, {
              detail: [result.signal ?? `exit status ${result.exitCode}`, detail].join('\n').trim(),
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
function setAwake(child: Child, awake: boolean): void {
  const what = awake ? 'ref' : 'unref';
  child[what]();
  // Pipes are sockets, which Node waits for as well.
  for (const pipe of [child.stdin, child.stdout, child.stderr]) (pipe as unknown as Child)[what]();
}
