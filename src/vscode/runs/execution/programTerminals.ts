import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { TaskContext } from '../../../core/context.js';
import { isCanceled } from '../../../core/labError.js';
import type { RecordTarget } from '../../../core/perf/target.js';
import { lender, lentTerminal, waitOn } from '../../../core/process/terminals.js';
import { settings } from '../../shared/contributions.js';
import { readSetting } from '../../shared/settings.js';

/** How long a terminal may take to start, and how often to look, in milliseconds. */
const startMs = 10_000;
const lookMs = 50;

/** How often to look whether a program waits for input: seldom after a while, since a look takes milliseconds. */
const firstLookMs = 250;
const longestLookMs = 2_000;

/** Terminals for programs that are recorded: what they print is there, and they can ask. */
export class ProgramTerminals implements vscode.Disposable {
  /** Of the last recording; the next one closes it. */
  private last: vscode.Terminal | undefined;

  /**
   * Gives a program a terminal, which is shown once the program waits for input, or when its recording fails. Closing it
   * stops the recording.
   * @param work records the target that it is given
   */
  async lend<T>(
    target: RecordTarget,
    name: string,
    stopper: AbortController,
    context: TaskContext,
    work: (target: RecordTarget) => Promise<T>,
  ): Promise<T> {
    // What reads from a file asks nobody.
    if (target.kind !== 'program' || target.stdin || !readSetting(settings.profileTerminal))
      return work(target);
    this.last?.dispose();
    const terminal = open(name);
    this.last = terminal;
    const device = await deviceOf(terminal, context.signal);
    if (device === undefined) {
      context.log('No terminal could be started for the program: it reads nothing.');
      terminal.dispose();
      return work(target);
    }
    const over = new AbortController();
    const closing = vscode.window.onDidCloseTerminal((closed) => {
      if (closed === terminal) stopper.abort();
    });
    void showWhenAsked(terminal, device, over.signal);
    try {
      return await work({ ...target, terminal: { device } });
    } catch (error) {
      if (isCanceled(error)) terminal.dispose();
      // It may say why.
      else terminal.show(true);
      throw error;
    } finally {
      over.abort();
      closing.dispose();
      const holder = await terminal.processId;
      if (holder !== undefined && lentTerminal(holder) === device) process.kill(holder, 'SIGUSR1');
    }
  }

  dispose(): void {
    this.last?.dispose();
  }
}

function open(name: string): vscode.Terminal {
  const [shellPath, ...shellArgs] = lender;
  return vscode.window.createTerminal({
    name: vscode.l10n.t('Profile: {0}', name),
    iconPath: new vscode.ThemeIcon('flame'),
    shellPath,
    shellArgs: [...shellArgs, vscode.l10n.t('The program has ended. Press any key to close the terminal.')],
    // Nothing of it could be continued after the window is reloaded.
    isTransient: true,
  });
}

async function deviceOf(
  terminal: vscode.Terminal,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const end = performance.now() + startMs;
  const pid = await Promise.race([terminal.processId, delay(startMs, undefined, { ref: false })]);
  while (pid !== undefined && performance.now() < end && !signal?.aborted) {
    const device = lentTerminal(pid);
    if (device !== undefined) return device;
    if (terminal.exitStatus) return undefined;
    await delay(lookMs);
  }
  return undefined;
}

async function showWhenAsked(terminal: vscode.Terminal, device: string, over: AbortSignal): Promise<void> {
  const start = performance.now();
  let looked = 0;
  while (!over.aborted) {
    const wait = waitOn(device);
    // A program that does something else, too, may just be seen in between.
    looked = wait === 'looking' ? looked + 1 : 0;
    if (wait === 'reading' || wait === 'unknown' || looked > 1) {
      // Only who surely reads gets the keys.
      terminal.show(wait !== 'reading');
      return;
    }
    const ms = Math.min(longestLookMs, firstLookMs + (performance.now() - start) / 20);
    await delay(ms, undefined, { signal: over, ref: false }).catch(() => undefined);
  }
}
