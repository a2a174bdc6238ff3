import * as vscode from 'vscode';
import { BuildError } from '../../core/build/build.js';
import type { TaskContext } from '../../core/context.js';
import type { Laboratory } from '../../core/laboratory.js';
import { readSetting, setContext } from '../commands.js';
import { contextKeys, settings, type PresetRef } from '../contributions.js';
import type { BuildProblems } from '../errors/buildProblems.js';
import type { Reporter } from '../errors/reporter.js';
import type { LabService } from '../labs/labService.js';
import { requireTrust } from '../trust.js';
import type { RunHistory } from './runHistory.js';
import { saveEdits } from './saveEdits.js';
import type { ShownProfile } from './shownProfile.js';
import type { ShownRun } from './shownRun.js';
import type { RunDocument } from '../../core/store/runDocument.js';

export type RunKind = 'run' | 'profile';

/** What is under way: one run at a time per window, since two would spoil each other's figures. */
export interface ActiveRun extends PresetRef {
  readonly kind: RunKind;
  /** What is happening now, in the core's words. */
  readonly message: string;
}

export interface RunnerParts {
  readonly log: vscode.LogOutputChannel;
  readonly reporter: Reporter;
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly shown: ShownProfile;
  readonly problems: BuildProblems;
}

/** Builds, measures and profiles presets, with progress and cancellation. */
export class Runner implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly measured = new vscode.EventEmitter<{ laboratory: Laboratory; run: RunDocument }>();
  /** The throughput of a preset has just been measured in this window. */
  readonly onDidRun = this.measured.event;
  private readonly profiled = new vscode.EventEmitter<ShownRun>();
  /** A profile of this window has just been recorded; it is shown already. */
  readonly onDidProfile = this.profiled.event;
  private active: { readonly run: ActiveRun; readonly controller: AbortController } | undefined;
  /** Settles when the active run has ended, in whatever way. */
  private finished: Promise<unknown> = Promise.resolve();
  private lastProfiled: PresetRef | undefined;

  constructor(private readonly parts: RunnerParts) {}

  get current(): ActiveRun | undefined {
    return this.active?.run;
  }

  /** What "Profile Again" repeats: the last preset that was profiled here, else the one that is shown. */
  get last(): PresetRef | undefined {
    if (this.lastProfiled) return this.lastProfiled;
    const shown = this.parts.shown.current;
    return shown && { labFile: shown.laboratory.lab.file, preset: shown.run.preset.name };
  }

  /** Measures the throughput of a preset. @returns undefined after an error, which was shown */
  async run(ref: PresetRef): Promise<RunDocument | undefined> {
    const options = { runs: readSetting(settings.runRepeats), rivals: readSetting(settings.runRivals) };
    const result = await this.execute('run', ref, async (laboratory, context) => ({
      laboratory,
      run: await laboratory.bench(ref.preset, options, context),
    }));
    if (result) this.measured.fire(result);
    return result?.run;
  }

  /** Profiles a preset and shows the result. @returns undefined after an error, which was shown */
  async profile(ref: PresetRef): Promise<ShownRun | undefined> {
    this.lastProfiled = ref;
    const { problems, shown } = this.parts;
    const result = await this.execute('profile', ref, async (laboratory, context) => {
      const { run, profile, warnings } = await laboratory.profile(
        ref.preset,
        { runs: readSetting(settings.profileRepeats), inline: readSetting(settings.profileInlineFrames) },
        context,
      );
      problems.show(laboratory.lab.file, warnings);
      return shown.show(laboratory, run, profile);
    });
    if (result) {
      this.lastProfiled = { labFile: result.laboratory.lab.file, preset: ref.preset };
      this.profiled.fire(result);
    }
    return result;
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
    vscode.Disposable.from(this.changed, this.measured, this.profiled).dispose();
  }

  private async execute<T>(
    kind: RunKind,
    ref: PresetRef,
    work: (laboratory: Laboratory, context: TaskContext) => Promise<T>,
  ): Promise<T | undefined> {
    if (!requireTrust(kind === 'run' ? 'Running a preset' : 'Profiling a preset')) return undefined;
    if (this.active) {
      void vscode.window.showInformationMessage(
        `${this.active.run.preset} is being measured. Wait for it to end, or cancel it.`,
      );
      return undefined;
    }
    const controller = new AbortController();
    const { log, labs, problems, reporter, history } = this.parts;
    const title = `${kind === 'run' ? 'Running' : 'Profiling'} ${ref.preset}`;
    this.setActive({ ...ref, kind, message: 'Starting' }, controller);
    log.info(title);
    let laboratory: Laboratory | undefined;
    try {
      const working = vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title, cancellable: true },
        async (progress, token) => {
          token.onCancellationRequested(() => controller.abort());
          const context: TaskContext = {
            signal: controller.signal,
            progress: (message) => {
              log.info(message);
              progress.report({ message });
              this.setActive(
                { ...ref, labFile: laboratory?.lab.file ?? ref.labFile, kind, message },
                controller,
              );
            },
            log: (line) => log.info(`  ${line}`),
          };
          context.progress('Saving edited files');
          await saveEdits(ref.labFile, labs.entry(ref.labFile)?.laboratory?.lab.definition.sourceRoots ?? []);
          laboratory = await labs.prepare(ref);
          problems.clear(laboratory.lab.file);
          return await work(laboratory, context);
        },
      );
      this.finished = Promise.resolve(working).catch(() => undefined);
      return await working;
    } catch (error) {
      if (error instanceof BuildError && laboratory) problems.show(laboratory.lab.file, error.diagnostics);
      void reporter.show(error, {
        labFile: laboratory?.lab.file ?? ref.labFile,
        folder: laboratory?.lab.folder,
        environment: laboratory?.lab.definition.presets.find(({ name }) => name === ref.preset)?.environment,
      });
      return undefined;
    } finally {
      this.setActive(undefined, controller);
      history.refresh();
    }
  }

  private setActive(run: ActiveRun | undefined, controller: AbortController): void {
    const wasRunning = this.active !== undefined;
    this.active = run && { run, controller };
    if (wasRunning !== (run !== undefined)) setContext(contextKeys.running, run !== undefined);
    this.changed.fire();
  }
}
