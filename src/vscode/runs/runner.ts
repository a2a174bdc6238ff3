import path from 'node:path';
import * as vscode from 'vscode';
import { BuildError } from '../../core/build/build.js';
import type { TaskContext } from '../../core/context.js';
import type { Laboratory } from '../../core/laboratory.js';
import type { RecordOptions } from '../../core/perf/options.js';
import type { RecordTarget } from '../../core/perf/target.js';
import type { Profile } from '../../model/profile.js';
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
import type { RunDocument } from '../../model/run.js';

export type RunKind = 'run' | 'profile' | 'count' | 'record' | 'open';

/** What each kind is called while it goes on, and what of it a folder must be trusted for. */
export const runKinds: Readonly<Record<RunKind, { readonly doing: string; readonly what: string }>> = {
  run: { doing: 'Running', what: 'Running a preset' },
  profile: { doing: 'Profiling', what: 'Profiling a preset' },
  count: { doing: 'Counting instructions of', what: 'Counting instructions' },
  record: { doing: 'Recording', what: 'Recording a program' },
  open: { doing: 'Opening', what: 'Opening a profile' },
};

/** A program to record, or a process to attach to. */
export interface RecordRequest {
  /** Where the recording is kept. */
  readonly folder: string;
  /** What is shown while it goes on. */
  readonly name: string;
  readonly target: RecordTarget;
  readonly seconds?: number;
}

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
  /** Ends a recording and keeps it. */
  private stopper: AbortController | undefined;
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
    // A recorded program is no preset.
    const { file: labFile, definition } = shown?.laboratory.lab ?? {};
    const preset = definition?.presets.find(({ name }) => name === shown?.run.preset.name)?.name;
    return labFile !== undefined && preset !== undefined ? { labFile, preset } : undefined;
  }

  /** Measures the throughput of a preset. @returns undefined after an error, which was shown */
  async run(ref: PresetRef): Promise<RunDocument | undefined> {
    const options = {
      repeats: readSetting(settings.runRepeats),
      competitors: readSetting(settings.runRivals),
    };
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
        { repeats: readSetting(settings.profileRepeats), ...inline(), record: recordSettings() },
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

  /** Counts a preset's instructions with callgrind and shows the result. @returns undefined after an error */
  async count(ref: PresetRef): Promise<ShownRun | undefined> {
    const { problems, shown } = this.parts;
    const result = await this.execute('count', ref, async (laboratory, context) => {
      const seconds = readSetting(settings.countSeconds);
      const { run, profile, warnings } = await laboratory.count(ref.preset, { seconds }, context);
      problems.show(laboratory.lab.file, warnings);
      return shown.show(laboratory, run, profile);
    });
    if (result) this.profiled.fire(result);
    return result;
  }

  /**
   * Records a program or process and shows the result. The notification's Cancel ends the recording and keeps it;
   * `cancel` discards it.
   */
  async record({ folder, name, target, seconds }: RecordRequest): Promise<ShownRun | undefined> {
    const { labs } = this.parts;
    await labs.ready();
    const laboratory = labs.ofFolder(folder);
    const ref = { labFile: laboratory.lab.file, preset: name };
    const stopper = new AbortController();
    const result = await this.execute(
      'record',
      ref,
      async (_, context) => {
        const options = { ...recordSettings(), ...inline(), seconds, stop: stopper.signal };
        const { run, profile } = await laboratory.record(target, options, context);
        return this.showInFolder(laboratory, run, profile);
      },
      { laboratory, stopper },
    );
    if (result) this.profiled.fire(result);
    return result;
  }

  /** Reads a profile that another tool wrote, saves it as a run of the folder and shows it. */
  async open(folder: string, file: string): Promise<ShownRun | undefined> {
    const { labs } = this.parts;
    await labs.ready();
    const laboratory = labs.ofFolder(folder);
    const ref = { labFile: laboratory.lab.file, preset: path.basename(file) };
    const result = await this.execute(
      'open',
      ref,
      async (_, context) => {
        const { run, profile } = await laboratory.import(file, inline(), context);
        return this.showInFolder(laboratory, run, profile);
      },
      { laboratory },
    );
    if (result) this.profiled.fire(result);
    return result;
  }

  /** Ends a recording; what was recorded until now is kept. */
  stopRecording(): void {
    this.stopper?.abort();
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

  /** A folder's first recording makes it one of the window's labs. */
  private async showInFolder(laboratory: Laboratory, run: RunDocument, profile: Profile): Promise<ShownRun> {
    const { labs, shown } = this.parts;
    const { file } = laboratory.lab;
    if (!labs.entry(file)) await labs.reload();
    return shown.show(labs.entry(file)?.laboratory ?? laboratory, run, profile);
  }

  /**
   * One run at a time, with progress and cancellation.
   * @param given the lab of what is not built here; with a `stopper`, Cancel ends a recording and keeps it
   */
  private async execute<T>(
    kind: RunKind,
    ref: PresetRef,
    work: (laboratory: Laboratory, context: TaskContext) => Promise<T>,
    given?: { readonly laboratory: Laboratory; readonly stopper?: AbortController },
  ): Promise<T | undefined> {
    const { doing, what } = runKinds[kind];
    if (!requireTrust(what)) return undefined;
    if (this.active) {
      void vscode.window.showInformationMessage(
        `${runKinds[this.active.run.kind].doing} ${this.active.run.preset} has not ended. Wait for it, or cancel it.`,
      );
      return undefined;
    }
    const controller = new AbortController();
    const { log, labs, problems, reporter, history } = this.parts;
    const title = given?.stopper
      ? `${doing} ${ref.preset} (Cancel ends it and keeps what was recorded)`
      : `${doing} ${ref.preset}`;
    this.stopper = given?.stopper;
    setContext(contextKeys.recording, given?.stopper !== undefined);
    this.setActive({ ...ref, kind, message: 'Starting' }, controller);
    log.info(title);
    let laboratory: Laboratory | undefined;
    try {
      const working = vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title, cancellable: true },
        async (progress, token) => {
          token.onCancellationRequested(() => (given?.stopper ?? controller).abort());
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
          if (given) return await work(given.laboratory, context);
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
      this.stopper = undefined;
      setContext(contextKeys.recording, false);
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

function inline(): { readonly inline: boolean } {
  return { inline: readSetting(settings.profileInlineFrames) };
}

/** How recordings are made, as the settings say. */
function recordSettings(): RecordOptions {
  const frequency = readSetting(settings.profileFrequency);
  return {
    callGraph: readSetting(settings.profileCallGraph),
    events: readSetting(settings.profileEvents),
    scope: readSetting(settings.profileScope),
    ...(frequency > 0 ? { frequency } : {}),
  };
}
