import path from 'node:path';
import * as vscode from 'vscode';
import { BuildError } from '../../../core/build/build.js';
import type { TaskContext } from '../../../core/context.js';
import type { Laboratory } from '../../../core/laboratory.js';
import type { ProfiledRun } from '../../../core/laboratory/saveRun.js';
import type { RecordTarget } from '../../../core/perf/target.js';
import type { RunDocument } from '../../../model/run.js';
import type { LabService } from '../../labs/labService.js';
import { settings, type PresetRef } from '../../shared/contributions.js';
import { inform } from '../../shared/messages.js';
import type { ErrorPlace, Reporter } from '../../shared/reporter.js';
import { readSetting } from '../../shared/settings.js';
import { requireTrust } from '../../shared/trust.js';
import type { RunHistory } from '../history/runHistory.js';
import type { ShownProfile } from '../shown/shownProfile.js';
import type { ShownRun } from '../shown/shownRun.js';
import type { BuildProblems } from './buildProblems.js';
import { inlineSetting, recordSettings } from './measureSettings.js';
import type { RunContext, Runner, RunRequest } from './runner.js';
import { activity, runTitle, type RunKind } from './runTitles.js';
import { saveEdits } from './saveEdits.js';

/** A program to record, or a process to attach to. */
export interface RecordRequest {
  /** Where the recording is kept. */
  readonly folder: string;
  /** What is shown while it goes on. */
  readonly name: string;
  readonly target: RecordTarget;
  readonly seconds?: number;
}

interface Parts {
  readonly runner: Runner;
  readonly reporter: Reporter;
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly shown: ShownProfile;
  readonly problems: BuildProblems;
}

/** What can be measured here. Each method returns undefined after an error or a refusal, which was shown to the user. */
export class Measurements implements vscode.Disposable {
  private readonly measured = new vscode.EventEmitter<RunDocument>();
  /** The throughput of a preset has just been measured in this window. */
  readonly onDidRun = this.measured.event;
  private readonly profiled = new vscode.EventEmitter<ShownRun>();
  /** A profile of this window has just been recorded; it is shown already. */
  readonly onDidProfile = this.profiled.event;
  private lastProfiled: PresetRef | undefined;

  constructor(private readonly parts: Parts) {}

  /** What "Profile Again" repeats: the last preset that was profiled here, else the one that is shown. */
  get last(): PresetRef | undefined {
    if (this.lastProfiled) return this.lastProfiled;
    const shown = this.parts.shown.current;
    // A recorded program has no preset.
    const { file: labFile, definition } = shown?.laboratory.lab ?? {};
    const preset = definition?.presets.find(({ name }) => name === shown?.run.preset.name)?.name;
    return labFile !== undefined && preset !== undefined ? { labFile, preset } : undefined;
  }

  /** Measures the throughput of a preset. */
  async run(ref: PresetRef): Promise<RunDocument | undefined> {
    const options = {
      repeats: readSetting(settings.runRepeats),
      competitors: readSetting(settings.runCompetitors),
    };
    const run = await this.ofPreset('run', ref, (laboratory, context) =>
      laboratory.bench(ref.preset, options, context),
    );
    if (run) this.measured.fire(run);
    return run;
  }

  /** Profiles a preset and shows the result. */
  async profile(ref: PresetRef): Promise<ShownRun | undefined> {
    this.lastProfiled = { labFile: ref.labFile, preset: ref.preset };
    const options = {
      repeats: readSetting(settings.profileRepeats),
      ...inlineSetting(),
      record: recordSettings(),
    };
    const result = await this.profileOfPreset('profile', ref, (laboratory, context) =>
      laboratory.profile(ref.preset, options, context),
    );
    if (result) this.lastProfiled = { labFile: result.laboratory.lab.file, preset: ref.preset };
    return result;
  }

  /** Counts a preset's instructions with callgrind and shows the result. */
  count(ref: PresetRef): Promise<ShownRun | undefined> {
    const seconds = readSetting(settings.countSeconds);
    return this.profileOfPreset('count', ref, (laboratory, context) =>
      laboratory.count(ref.preset, { seconds }, context),
    );
  }

  /**
   * Records a program or process and shows the result. The notification's Cancel ends the recording and keeps it;
   * the runner's `cancel` discards it.
   */
  record({ folder, name, target, seconds }: RecordRequest): Promise<ShownRun | undefined> {
    const stopper = new AbortController();
    const options = { ...recordSettings(), ...inlineSetting(), seconds, stop: stopper.signal };
    return this.inFolder({ kind: 'record', folder, name, stopper }, (laboratory, context) =>
      laboratory.record(target, options, context),
    );
  }

  /** Reads a profile that another tool wrote, saves it as a run of the folder and shows it. */
  open(folder: string, file: string): Promise<ShownRun | undefined> {
    return this.inFolder({ kind: 'open', folder, name: path.basename(file) }, (laboratory, context) =>
      laboratory.import(file, inlineSetting(), context),
    );
  }

  dispose(): void {
    vscode.Disposable.from(this.measured, this.profiled).dispose();
  }

  private async profileOfPreset(
    kind: RunKind,
    ref: PresetRef,
    measure: (laboratory: Laboratory, context: TaskContext) => Promise<ProfiledRun>,
  ): Promise<ShownRun | undefined> {
    const { problems, shown } = this.parts;
    const result = await this.ofPreset(kind, ref, async (laboratory, context) => {
      const { run, profile, warnings } = await measure(laboratory, context);
      problems.show(laboratory.lab.file, warnings);
      return shown.show(laboratory, run, profile);
    });
    if (result) this.profiled.fire(result);
    return result;
  }

  /** What is built before it is measured: the editor's files are saved, and problems are those of this build. */
  private ofPreset<T>(
    kind: RunKind,
    { labFile, preset }: PresetRef,
    measure: (laboratory: Laboratory, context: TaskContext) => Promise<T>,
  ): Promise<T | undefined> {
    const { labs, problems } = this.parts;
    let laboratory: Laboratory | undefined;
    const work = async (context: RunContext) => {
      context.progress(vscode.l10n.t('Saving edited files'));
      await saveEdits(labFile, labs.entry(labFile)?.laboratory?.lab.definition.sourceRoots ?? []);
      laboratory = await labs.prepare({ labFile });
      const { file } = laboratory.lab;
      context.labMoved(file);
      problems.clear(file);
      try {
        return await measure(laboratory, context);
      } catch (error) {
        if (error instanceof BuildError) problems.show(file, error.diagnostics);
        throw error;
      }
    };
    return this.attempt({ kind, labFile, preset }, work, () => ({
      labFile: laboratory?.lab.file ?? labFile,
      folder: laboratory?.lab.folder,
      environment: laboratory?.lab.definition.presets.find(({ name }) => name === preset)?.environment,
    }));
  }

  /** Runs without a preset, kept in a folder. Its first recording makes a folder one of the window's labs. */
  private async inFolder(
    { kind, folder, name, stopper }: FolderRequest,
    measure: (laboratory: Laboratory, context: TaskContext) => Promise<ProfiledRun>,
  ): Promise<ShownRun | undefined> {
    const { labs, shown } = this.parts;
    await labs.ready();
    const laboratory = labs.ofFolder(folder);
    const labFile = laboratory.lab.file;
    const work = async (context: RunContext) => {
      const { run, profile } = await measure(laboratory, context);
      if (!labs.entry(labFile)) await labs.reload();
      return shown.show(labs.entry(labFile)?.laboratory ?? laboratory, run, profile);
    };
    const result = await this.attempt({ kind, labFile, preset: name, stopper }, work, () => ({ folder }));
    if (result) this.profiled.fire(result);
    return result;
  }

  private async attempt<T>(
    request: RunRequest,
    work: (context: RunContext) => Promise<T>,
    place: () => ErrorPlace,
  ): Promise<T | undefined> {
    const { runner, reporter, history } = this.parts;
    if (!requireTrust(activity(request.kind))) return undefined;
    if (runner.current) {
      showBusy(runner);
      return undefined;
    }
    try {
      return await runner.run(request, work);
    } catch (error) {
      void reporter.show(error, place());
      return undefined;
    } finally {
      history.refresh();
    }
  }
}

interface FolderRequest {
  readonly kind: RunKind;
  readonly folder: string;
  readonly name: string;
  readonly stopper?: AbortController;
}

function showBusy(runner: Runner): void {
  const { kind, preset } = runner.current as NonNullable<Runner['current']>;
  void inform(
    vscode.l10n.t(
      '{0} is still in progress, and two runs would disturb each other. Wait for it to finish, or cancel it.',
      runTitle(kind, preset),
    ),
    { title: vscode.l10n.t('Cancel Run'), run: () => runner.cancel() },
  );
}
