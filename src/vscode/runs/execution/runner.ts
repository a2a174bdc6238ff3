import * as vscode from 'vscode';
import type { TaskContext } from '../../../core/context.js';
import { commandLink } from '../../shared/commands.js';
import { commandIds, type PresetRef } from '../../shared/contributions.js';
import { withoutLinks } from '../../shared/messages.js';
import type { Reporter } from '../../shared/reporter.js';
import { runTitle, type RunKind } from './runTitles.js';

/** What is to run: a preset, or a program or file that is named in its place. */
export interface RunRequest extends PresetRef {
  readonly kind: RunKind;
  /** Ends a recording and keeps it; with this, the notification offers to stop or to discard. */
  readonly stopper?: AbortController | undefined;
}

/** What is under way: one run at a time per window, since two would spoil each other's figures. */
export interface ActiveRun extends PresetRef {
  readonly kind: RunKind;
  /** What is happening now, in the core's words. */
  readonly message: string;
}

interface Active {
  readonly run: ActiveRun;
  readonly controller: AbortController;
  readonly stopper: AbortController | undefined;
}

/** Runs one thing at a time, with progress and cancellation. */
export class Runner implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** A run began, moved on or ended. */
  readonly onDidChange = this.changed.event;
  private active: Active | undefined;
  /** Settles when the active run has ended, in whatever way. */
  private finished: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly log: vscode.LogOutputChannel,
    private readonly reporter: Reporter,
  ) {}

  get current(): ActiveRun | undefined {
    return this.active?.run;
  }

  /** Rejects with what `work` rejects with. Nothing may be running: ask `current`. */
  async run<T>(request: RunRequest, work: (context: TaskContext) => Promise<T>): Promise<T> {
    if (this.active) throw new Error('a run is under way');
    const { kind, labFile, preset, stopper } = request;
    const controller = new AbortController();
    this.setActive({
      run: { kind, labFile, preset, message: vscode.l10n.t('Starting') },
      controller,
      stopper,
    });
    const title = runTitle(kind, preset);
    this.log.info(title);
    try {
      const working = vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: withoutLinks(title),
          // The one button that VS Code has is "Cancel"; a recording has two ways to end.
          cancellable: !stopper,
        },
        (progress, token) => {
          token.onCancellationRequested(() => controller.abort());
          return work({
            signal: controller.signal,
            progress: (message) => {
              this.log.info(message);
              progress.report({ message: waysToEnd(stopper) + withoutLinks(message) });
              this.update({ message });
            },
            log: (line) => this.log.info(`  ${line}`),
            problem: (error) => void this.reporter.show(error),
          });
        },
      );
      this.finished = Promise.resolve(working).catch(() => undefined);
      return await working;
    } finally {
      this.setActive(undefined);
    }
  }

  /** Ends a recording; what was recorded until now is kept. */
  stopRecording(): void {
    this.active?.stopper?.abort();
  }

  cancel(): void {
    this.active?.controller.abort();
  }

  /** Cancels what runs; resolves when its child processes have ended. */
  async stop(): Promise<void> {
    this.cancel();
    await this.finished;
  }

  dispose(): void {
    this.cancel();
    this.changed.dispose();
  }

  private update(changes: Partial<ActiveRun>): void {
    if (this.active) this.setActive({ ...this.active, run: { ...this.active.run, ...changes } });
  }

  private setActive(active: Active | undefined): void {
    this.active = active;
    this.changed.fire();
  }
}

/** As links, since a notification with progress has no buttons of one's own. First, since it cuts off what is too long. */
function waysToEnd(stopper: AbortController | undefined): string {
  if (!stopper) return '';
  const stop = `[${vscode.l10n.t('Stop')}](${commandLink(commandIds.stopRecording)})`;
  const discard = `[${vscode.l10n.t('Discard')}](${commandLink(commandIds.cancelRun)})`;
  return `${(stopper.signal.aborted ? [discard] : [stop, discard]).join(' · ')} · `;
}
