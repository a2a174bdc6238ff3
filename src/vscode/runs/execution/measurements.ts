import path from 'node:path';
import * as vscode from 'vscode';
import { BuildError } from '../../../core/build/build.js';
import type { TaskContext } from '../../../core/context.js';
import type { Preset } from '../../../core/lab/labFile.js';
import { findPreset, type LoadedLab } from '../../../core/lab/loadLab.js';
import type { Laboratory } from '../../../core/laboratory.js';
import type { ProfiledRun } from '../../../core/laboratory/saveRun.js';
import type { CallGraph } from '../../../core/perf/options.js';
import type { ProgramTarget, RecordTarget } from '../../../core/perf/target.js';
import type { RunDocument } from '../../../model/run.js';
import type { LabService } from '../../labs/labService.js';
import { settings, type PresetRef } from '../../shared/contributions.js';
import { readSetting } from '../../shared/settings.js';
import { recordedProgram } from '../history/recordedProgram.js';
import type { ShownProfile } from '../shown/shownProfile.js';
import type { ShownRun } from '../shown/shownRun.js';
import { Attempts, type AttemptParts } from './attempts.js';
import type { BuildProblems } from './buildProblems.js';
import type { Consent } from './consent.js';
import { importSettings, inlineSetting, recordSettings } from './measureSettings.js';
import { ProgramTerminals } from './programTerminals.js';
import type { RunKind } from './runTitles.js';
import { saveEdits } from './saveEdits.js';
import { SavingNotes } from './savingNotes.js';

/** A program to record, or a process to attach to. */
export interface RecordRequest {
  /** Where the recording is kept. */
  readonly folder: string;
  /** What is shown while it goes on. */
  readonly name: string;
  /** What is recorded. A function first builds it, and is called again for another recording. */
  readonly target: RecordTarget | ((context: TaskContext) => Promise<RecordTarget>);
  readonly seconds?: number;
  /** Instead of the settings. */
  readonly callGraph?: CallGraph | undefined;
}

/** A program to benchmark. */
export interface BenchRequest extends Pick<RecordRequest, 'folder' | 'name'> {
  readonly target: ProgramTarget;
}

interface Parts extends AttemptParts {
  readonly labs: LabService;
  readonly shown: ShownProfile;
  readonly problems: BuildProblems;
  readonly consent: Consent;
}

/** What can be measured here. Each method returns undefined after an error or a refusal, which was shown to the user. */
export class Measurements implements vscode.Disposable {
  private readonly measured = new vscode.EventEmitter<RunDocument>();
  /** The throughput of a preset has just been measured in this window. */
  readonly onDidRun = this.measured.event;
  private readonly profiled = new vscode.EventEmitter<ShownRun>();
  /** A profile of this window has just been recorded; it is shown already. */
  readonly onDidProfile = this.profiled.event;
  /** Repeats what was attempted since a profile was shown last. */
  private attempted: Again | undefined;
  /** How runs of this window were made, by their ID. */
  private readonly repetitions = new Map<string, Again>();
  private readonly attempts: Attempts;
  private readonly savingNotes: SavingNotes;
  private readonly subscription: vscode.Disposable;
  private readonly terminals = new ProgramTerminals();

  constructor(private readonly parts: Parts) {
    this.attempts = new Attempts(parts);
    this.savingNotes = new SavingNotes(parts);
    this.subscription = parts.shown.onDidChange(() => (this.attempted = undefined));
  }

  /** What "Profile Again" does: what failed just now, else what made the shown profile. Undefined when there is neither. */
  get again(): Again | undefined {
    const shown = this.parts.shown.current;
    return this.attempted ?? (shown && this.repetition(shown));
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

  /** Records what a run recorded, with other call stacks. Undefined for files and processes: there is nothing to start. */
  recordAgain(shown: ShownRun, callGraph: CallGraph): Promise<ShownRun | undefined> | undefined {
    return shown.run.importedFrom === undefined ? this.repetition(shown)?.(callGraph) : undefined;
  }

  /**
   * Profiles a preset and shows the result.
   * @param callGraph instead of the settings
   */
  profile(ref: PresetRef, callGraph?: CallGraph): Promise<ShownRun | undefined> {
    const options = {
      repeats: readSetting(settings.profileRepeats),
      ...inlineSetting(),
      record: { ...recordSettings(), ...(callGraph ? { callGraph } : {}) },
    };
    this.attempted = (other = callGraph) => this.profile(ref, other);
    return this.profileOfPreset('profile', ref, (laboratory, context) =>
      laboratory.profile(ref.preset, options, context),
    );
  }

  /** Counts a preset's instructions with callgrind and shows the result. */
  count(ref: PresetRef): Promise<ShownRun | undefined> {
    const seconds = readSetting(settings.countSeconds);
    this.attempted = () => this.count(ref);
    return this.profileOfPreset('count', ref, (laboratory, context) =>
      laboratory.count(ref.preset, { seconds }, context),
    );
  }

  /**
   * Records a program or process and shows the result. The runner's `stopRecording` keeps what was recorded until then,
   * its `cancel` discards it.
   */
  record(request: RecordRequest): Promise<ShownRun | undefined> {
    const { folder, name, seconds, callGraph } = request;
    this.attempted = (other = callGraph) => this.record({ ...request, callGraph: other });
    const stopper = new AbortController();
    const options = {
      ...recordSettings(),
      ...inlineSetting(),
      ...(callGraph ? { callGraph } : {}),
      seconds,
      stop: stopper.signal,
    };
    return this.ofRequest({ kind: 'record', folder, name, stopper }, request, (laboratory, target, context) =>
      this.terminals.lend(target, name, stopper, context, (shown) =>
        laboratory.record(shown, options, context),
      ),
    );
  }

  /** Counts the instructions of any program with callgrind and shows the result. */
  countProgram(request: RecordRequest): Promise<ShownRun | undefined> {
    const { folder, name } = request;
    this.attempted = () => this.countProgram(request);
    return this.ofRequest({ kind: 'count', folder, name }, request, (laboratory, target, context) =>
      laboratory.countProgram(target, context),
    );
  }

  /** Measures time and memory of any program. */
  async benchProgram(request: BenchRequest): Promise<RunDocument | undefined> {
    const { folder, name, target } = request;
    const { labs } = this.parts;
    await labs.ready();
    const laboratory = labs.ofFolder(folder);
    const labFile = laboratory.lab.file;
    const { stdin, ...program } = target;
    const line = { environment: {}, ...program, ...(stdin ? { stdin: stdin.file } : {}) };
    const work = async (context: TaskContext) => {
      const options = { repeats: readSetting(settings.runRepeats) };
      const run = await laboratory.benchProgram(line, options, context);
      if (!labs.entry(labFile)) await labs.reload();
      return run;
    };
    const run = await this.attempts.make({ kind: 'run', labFile, preset: name }, work, () => ({ folder }));
    if (run) this.measured.fire(run);
    return run;
  }

  /** Reads a profile that another tool wrote, saves it as a run of the folder and shows it. */
  open(folder: string, file: string): Promise<ShownRun | undefined> {
    return this.inFolder({ kind: 'open', folder, name: path.basename(file) }, (laboratory, context) =>
      laboratory.import(file, importSettings(), context),
    );
  }

  /**
   * Measures presets where the result isn't a profile that is shown: a comparison, a matrix, a gate, or what an agent asked
   * for. Canceling it may still give a result.
   * @param others names of presets that it starts besides; all are meant where the first has no name
   * @param onFailure receives the error, too: for callers that don't see the window
   */
  experiment<T>(
    kind: 'profile' | 'compare' | 'matrix' | 'gate',
    ref: PresetRef,
    measure: (laboratory: Laboratory, context: TaskContext) => Promise<T>,
    others: readonly string[] = [],
    onFailure?: (error: unknown) => void,
  ): Promise<T | undefined> {
    return this.ofPreset(kind, ref, measure, others, onFailure);
  }

  dispose(): void {
    vscode.Disposable.from(this.subscription, this.terminals, this.measured, this.profiled).dispose();
  }

  /** As `inFolder`, of what may have to be built. "Profile Again" builds it again. */
  private async ofRequest(
    where: FolderRequest,
    { target }: RecordRequest,
    measure: (laboratory: Laboratory, target: RecordTarget, context: TaskContext) => Promise<ProfiledRun>,
  ): Promise<ShownRun | undefined> {
    const again = this.attempted;
    const { problems } = this.parts;
    const result = await this.inFolder(where, async (laboratory, context) => {
      if (typeof target !== 'function') return measure(laboratory, target, context);
      const { file, definition } = laboratory.lab;
      await saveEdits(file, definition.sourceRoots);
      problems.clear(file);
      try {
        return await measure(laboratory, await target(endedBy(context, where.stopper)), context);
      } catch (error) {
        if (error instanceof BuildError) problems.show(file, error.diagnostics);
        throw error;
      }
    });
    if (result && again) this.repetitions.set(result.run.id, again);
    return result;
  }

  private repetition({ run, laboratory, recorded }: ShownRun): Again | undefined {
    const known = this.repetitions.get(run.id);
    if (known) return known;
    const { importedFrom, preset } = run;
    const { file: labFile, folder, definition } = laboratory.lab;
    if (importedFrom !== undefined) return () => this.open(folder, importedFrom);
    if (definition.presets.some(({ name }) => name === preset.name)) {
      const ref = { labFile, preset: preset.name };
      return (callGraph) => (recorded.events[0]?.exact ? this.count(ref) : this.profile(ref, callGraph));
    }
    const program = recordedProgram(run, folder);
    if (!program) return undefined;
    // A saved run may have come with the workspace, too.
    const target = async () => {
      await this.parts.consent.requireRun(laboratory, run);
      return program;
    };
    return (callGraph) => this.record({ folder, name: preset.name, target, callGraph });
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
    others: readonly string[] = [],
    onFailure?: (error: unknown) => void,
  ): Promise<T | undefined> {
    const { labs, problems, consent } = this.parts;
    let laboratory: Laboratory | undefined;
    const work = async (context: TaskContext) => {
      context.progress(vscode.l10n.t('Saving edited files'));
      await saveEdits(labFile, labs.entry(labFile)?.laboratory?.lab.definition.sourceRoots ?? []);
      laboratory = await labs.prepare({ labFile });
      const { file } = laboratory.lab;
      // The copy of the sample allocator is what this extension wrote.
      if (labs.entry(labFile)?.origin !== 'sample')
        await consent.require(laboratory.lab, startedBy(laboratory.lab, preset, others));
      problems.clear(file);
      try {
        const result = await measure(laboratory, context);
        this.savingNotes.show(laboratory.store);
        return result;
      } catch (error) {
        if (error instanceof BuildError) problems.show(file, error.diagnostics);
        throw error;
      }
    };
    const place = () => ({
      labFile: laboratory?.lab.file ?? labFile,
      folder: laboratory?.lab.folder,
      environment: laboratory?.lab.definition.presets.find(({ name }) => name === preset)?.environment,
    });
    return this.attempts.make({ kind, labFile, preset }, work, place, onFailure);
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
    const work = async (context: TaskContext) => {
      const { run, profile } = await measure(laboratory, context);
      this.savingNotes.show(laboratory.store);
      if (!labs.entry(labFile)) await labs.reload();
      return shown.show(labs.entry(labFile)?.laboratory ?? laboratory, run, profile);
    };
    const result = await this.attempts.make({ kind, labFile, preset: name, stopper }, work, () => ({
      folder,
    }));
    if (result) this.profiled.fire(result);
    return result;
  }
}

/** While a program is built, nothing is recorded that could be kept: to stop is to cancel. */
function endedBy(context: TaskContext, stopper: AbortController | undefined): TaskContext {
  const signals = [context.signal, stopper?.signal].filter((one) => one !== undefined);
  return { ...context, signal: AbortSignal.any(signals) };
}

function startedBy(lab: LoadedLab, preset: string, others: readonly string[]): readonly Preset[] {
  if (preset === '') return lab.definition.presets;
  return [preset, ...others].map((name) => findPreset(lab, name));
}

/** Does once more what was done. @param callGraph other than then, where samples are taken */
type Again = (callGraph?: CallGraph) => Promise<ShownRun | undefined>;

interface FolderRequest {
  readonly kind: RunKind;
  readonly folder: string;
  readonly name: string;
  readonly stopper?: AbortController;
}
