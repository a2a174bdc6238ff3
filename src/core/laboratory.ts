import { rm } from 'node:fs/promises';
import path from 'node:path';
import { bench, presetContestant, resolveCommand, type Contestant } from './bench/bench.js';
import type { BenchResult } from '../model/benchResult.js';
import { rivalContestant } from './bench/rivals.js';
import { build } from './build/build.js';
import type { CompilerDiagnostic } from './build/compilerOutput.js';
import { builtinCategories } from './categories/categories.js';
import { Classifier } from './categories/classifier.js';
import type { TaskContext } from './context.js';
import type { ImportFormat } from './import/detect.js';
import { importProfile } from './import/importProfile.js';
import type { Category } from './lab/labFile.js';
import { findPreset, type LoadedLab } from './lab/loadLab.js';
import { LabError } from './labError.js';
import { countInstructions } from './callgrind/countInstructions.js';
import { requireValgrind } from './callgrind/valgrind.js';
import { defaultRecordOptions, type RecordOptions } from './perf/options.js';
import { planRecording, type RecordPlan } from './perf/plan.js';
import { perfRecord, perfRecordTarget, type RecordLimits, type RecordTarget } from './perf/record.js';
import { perfStat } from './perf/stat.js';
import { openRecording } from './perfData/openRecording.js';
import type { StatDocument } from '../model/profileDocument.js';
import type { Profile } from '../model/profile.js';
import { requireProcess } from './process/processes.js';
import { fillDefinitions } from './symbols/definitions.js';
import { withLock } from './store/lock.js';
import { RUN_FORMAT_VERSION, type RunDocument, type RunPreset } from '../model/run.js';
import { describeEnvironment, unknownEnvironment } from './store/runEnvironment.js';
import { newRunId, RunStore } from './store/runStore.js';
import { findSymbolTool, type SymbolTool } from './symbols/symbolizer.js';

export interface BenchOptions {
  readonly runs?: number;
  readonly rivals?: readonly string[];
}

export interface ProfileOptions {
  /** Repeats of the benchmark before sampling. */
  readonly runs?: number;
  readonly inline?: boolean;
  readonly record?: Partial<RecordOptions>;
}

export interface CountOptions {
  /** About how long the longest of the counted runs takes. */
  readonly seconds?: number;
}

export interface ProfiledRun {
  readonly run: RunDocument;
  readonly profile: Profile;
  /** Warnings of the build. */
  readonly warnings: readonly CompilerDiagnostic[];
}

export const defaultBenchRuns = 10;
/** The fewest whose median has a 95 % interval, and an odd number, so that the median is one of them. */
export const defaultProfileRuns = 7;

/** What can be done with one lab. The editor and the command line are both thin layers over this. */
export class Laboratory {
  readonly lab: LoadedLab;
  readonly store: RunStore;
  readonly classifier: Classifier;

  /** @param userCategories from the user's settings; they come before the lab's own */
  constructor(lab: LoadedLab, userCategories: readonly Category[] = []) {
    this.lab = lab;
    this.store = new RunStore(lab.folder);
    this.classifier = new Classifier([...userCategories, ...lab.definition.categories, ...builtinCategories]);
  }

  /** Builds, then measures the preset and its rivals, interleaved. The run is saved. */
  async bench(presetName: string, options: BenchOptions, context: TaskContext): Promise<RunDocument> {
    const preset = findPreset(this.lab, presetName);
    return withLock(this.store, context, async () => {
      await build(this.lab, context);
      const own = await presetContestant(this.lab, preset);
      const rivals = [];
      for (const name of options.rivals ?? []) rivals.push(await rivalContestant(this.lab, preset, name));
      const results = await bench([own, ...rivals], options.runs ?? defaultBenchRuns, context);
      const run = await this.describe('bench', preset, own, { results, stat: null, samples: null });
      await this.store.save(run, undefined);
      return run;
    });
  }

  /** Builds, benchmarks, counts with `perf stat`, samples with `perf record` and symbolizes. The run is saved. */
  async profile(presetName: string, options: ProfileOptions, context: TaskContext): Promise<ProfiledRun> {
    const preset = findPreset(this.lab, presetName);
    return withLock(this.store, context, async () => {
      // What could be missing is looked for before anything takes time.
      const symbolTool = await findSymbolTool();
      const plan = await planRecording({ ...defaultRecordOptions, ...options.record }, context);
      const warnings = await build(this.lab, context);
      const own = await presetContestant(this.lab, preset);
      const { results, note } = await benchIfBenchmark(own, options.runs ?? defaultProfileRuns, context);
      const longer = { ...own, args: preset.profileArgs ?? preset.args };
      const stat = await perfStat(longer, this.store.temporary('stat.csv'), context);
      const sample = async (file: string) => {
        await perfRecord(longer, plan, file, context);
        return note === undefined ? [] : [note];
      };
      const shorter = 'Give the preset "profileArgs" with which it runs for a second or longer.';
      const reading = { plan, symbolTool, inline: options.inline ?? true, remedy: shorter };
      const profile = await this.sampled(reading, sample, context);
      const run = await this.save('profile', preset, own, { results, stat }, profile, context);
      return { run, profile, warnings };
    });
  }

  /** Builds, then counts every instruction of the preset with callgrind. The run is saved. */
  async count(presetName: string, options: CountOptions, context: TaskContext): Promise<ProfiledRun> {
    const preset = findPreset(this.lab, presetName);
    return withLock(this.store, context, async () => {
      await requireValgrind();
      const symbolTool = await findSymbolTool();
      const warnings = await build(this.lab, context);
      const own = await presetContestant(this.lab, preset);
      const counted = await countInstructions(
        { contestant: own, iterationsArg: preset.iterationsArg, seconds: options.seconds },
        (name) => this.store.temporary(name),
        symbolTool,
        context,
      );
      const profile = await fillDefinitions(counted.profile);
      const found = { results: [], stat: counted.stat };
      // What is counted are runs of its `args`, shortened.
      const { profileArgs: _, ...shortened } = preset;
      const run = await this.save('profile', shortened, own, found, profile, context);
      return { run, profile, warnings };
    });
  }

  /**
   * Records any program, or a process that runs already, until it ends or is stopped. What was recorded until then
   * is saved as a run whose preset is the program.
   */
  async record(
    target: RecordTarget,
    options: RecordOptions & RecordLimits & { readonly inline?: boolean | undefined },
    context: TaskContext,
  ): Promise<ProfiledRun> {
    const symbolTool = await findSymbolTool();
    const observed = 'pid' in target ? await requireProcess(target.pid) : undefined;
    const plan = await planRecording(options, context);
    const program =
      'pid' in target ? (observed?.args[0] ?? '') : await resolveCommand(target.program, target.cwd);
    const args = 'pid' in target ? (observed?.args.slice(1) ?? []) : target.args;
    const started = 'pid' in target ? target : { ...target, program };
    return withLock(this.store, context, async () => {
      const record = (file: string) => perfRecordTarget(started, plan, file, options, context);
      const longer =
        'pid' in target
          ? 'It may have been idle: record for longer, or while it works.'
          : 'Record a run that takes longer, or raise the frequency.';
      const reading = { plan, symbolTool, inline: options.inline ?? true, remedy: longer };
      const profile = await this.sampled(reading, record, context);
      const preset = {
        name: runName(path.basename(program || (observed?.name ?? ''))) || 'program',
        description: 'pid' in target ? `Process ${target.pid}, attached to` : 'Recorded program',
        environment: {},
        program,
        args,
      };
      const contestant = { allocator: '', program, args, environment: {} };
      const run = await this.save(
        'profile',
        preset,
        contestant,
        { results: [], stat: null },
        profile,
        context,
      );
      return { run, profile, warnings: [] };
    });
  }

  /**
   * Reads a profile that another tool wrote, of any format that is known, and saves it as a run that is called like
   * the file.
   * @throws LabError `profile-corrupt`, `no-samples`, `storage`, `cancelled`
   */
  async import(
    file: string,
    options: { readonly inline?: boolean | undefined; readonly format?: ImportFormat | undefined },
    context: TaskContext,
  ): Promise<ProfiledRun> {
    const profile = await importProfile(file, options, context);
    context.progress('Saving');
    const now = new Date();
    const stdin = file === '-';
    const name = stdin ? 'stdin' : runName(path.basename(file)) || 'profile';
    const run: RunDocument = {
      formatVersion: RUN_FORMAT_VERSION,
      id: newRunId(name, now),
      kind: 'profile',
      createdAt: now.toISOString(),
      lab: this.lab.definition.name,
      importedFrom: stdin ? 'standard input' : path.resolve(file),
      preset: {
        name,
        description: `Read from ${stdin ? 'standard input' : file}`,
        environment: {},
        program: '',
        args: [],
      },
      environment: unknownEnvironment,
      results: [],
      stat: null,
      samples: profile.samples.length,
    };
    await this.store.save(run, profile);
    return { run, profile, warnings: [] };
  }

  /** @param record writes the recording into a file. @returns notes on how it went */
  private async sampled(
    reading: {
      readonly plan: RecordPlan;
      readonly symbolTool: SymbolTool;
      readonly inline: boolean;
      /** What to do when there was no sample. */
      readonly remedy: string;
    },
    record: (file: string) => Promise<readonly string[]>,
    context: TaskContext,
  ): Promise<Profile> {
    const { plan, symbolTool, inline, remedy } = reading;
    const file = this.store.temporary('perf.data');
    try {
      const notes = await record(file);
      context.progress('Reading the recording');
      const profile = await openRecording(file, { inline, events: plan.events, symbolTool }, context);
      if (profile.samples.length === 0) {
        throw new LabError('no-samples', 'Nothing was sampled.', {
          detail: [...notes, ...plan.notes].join('\n'),
          remedy: { text: remedy },
        });
      }
      const callers = plan.callGraph === 'none' || hasCallers(profile);
      const unwound = callers
        ? []
        : ['No callers were found: the call chains of the recording could not be followed.'];
      return { ...profile, notes: [...profile.notes, ...plan.notes, ...notes, ...unwound] };
    } finally {
      await rm(file, { force: true });
      await rm(`${file}.old`, { force: true });
    }
  }

  private async save(
    kind: RunDocument['kind'],
    preset: RunPreset,
    contestant: Contestant,
    found: { results: readonly BenchResult[]; stat: StatDocument | null },
    profile: Profile,
    context: TaskContext,
  ): Promise<RunDocument> {
    context.progress('Saving');
    const run = await this.describe(kind, preset, contestant, { ...found, samples: profile.samples.length });
    await this.store.save(run, profile);
    return run;
  }

  private async describe(
    kind: RunDocument['kind'],
    preset: RunPreset,
    contestant: Contestant,
    found: { results: readonly BenchResult[]; stat: StatDocument | null; samples: number | null },
  ): Promise<RunDocument> {
    const now = new Date();
    const { args, profileArgs = args } = preset;
    const differ = kind === 'profile' && profileArgs.join('\0') !== args.join('\0');
    return {
      formatVersion: RUN_FORMAT_VERSION,
      id: newRunId(preset.name, now),
      kind,
      createdAt: now.toISOString(),
      lab: this.lab.definition.name,
      preset: {
        name: preset.name,
        description: preset.description,
        environment: preset.environment,
        program: preset.program,
        args,
        ...(differ ? { profileArgs } : {}),
      },
      environment: await describeEnvironment(this.lab.definition, contestant),
      ...found,
    };
  }
}

/** Names of runs are names of folders. */
function runName(text: string): string {
  return text.replace(/[^\w.+-]/g, '_').replace(/\.{2,}/g, '.');
}

/** Whether any function was seen with the one that called it; inlined ones are known without a call chain. */
function hasCallers({ stacks, frames }: Profile): boolean {
  return stacks.parent.some((parent, s) => parent >= 0 && frames.inlined[stacks.frame[s] as number] === 0);
}

/** Any program can be profiled; one that is no benchmark just has no throughput. */
async function benchIfBenchmark(
  own: Contestant,
  runs: number,
  context: TaskContext,
): Promise<{ results: BenchResult[]; note?: string }> {
  try {
    return { results: await bench([own], runs, context) };
  } catch (error) {
    if (!(error instanceof LabError && error.code === 'program-output')) throw error;
    return { results: [], note: 'The program prints no benchmark result, so there is no throughput.' };
  }
}
