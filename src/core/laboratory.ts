import { rm } from 'node:fs/promises';
import { bench, presetContestant, type Contestant } from './bench/bench.js';
import type { BenchResult } from './bench/benchResult.js';
import { rivalContestant } from './bench/rivals.js';
import { build } from './build/build.js';
import type { CompilerDiagnostic } from './build/compilerOutput.js';
import { builtinCategories, Classifier } from './categories/categories.js';
import type { TaskContext } from './context.js';
import type { Category, Preset } from './lab/labFile.js';
import { findPreset, type LoadedLab } from './lab/loadLab.js';
import { LabError } from './labError.js';
import { chooseEvent, perfRecord, type EventChoice } from './perf/record.js';
import { perfStat } from './perf/stat.js';
import { openRecording } from './perfData/openRecording.js';
import type { StatDocument } from './profile/document.js';
import type { Profile } from './profile/profile.js';
import { withLock } from './store/lock.js';
import { RUN_FORMAT_VERSION, type RunDocument } from './store/runDocument.js';
import { describeEnvironment } from './store/runEnvironment.js';
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
      const event = await chooseEvent(context);
      const warnings = await build(this.lab, context);
      const own = await presetContestant(this.lab, preset);
      const { results, note } = await benchIfBenchmark(own, options.runs ?? defaultProfileRuns, context);
      const longer = { ...own, args: preset.profileArgs ?? preset.args };
      const stat = await perfStat(longer, this.store.temporary('stat.csv'), context);
      const sampled = await this.sample(longer, event, symbolTool, options.inline ?? true, context);
      const profile = note ? { ...sampled, notes: [...sampled.notes, note] } : sampled;
      context.progress('Saving');
      const samples = profile.samples.length;
      const run = await this.describe('profile', preset, own, { results, stat, samples });
      await this.store.save(run, profile);
      return { run, profile, warnings };
    });
  }

  private async sample(
    what: Contestant,
    event: EventChoice,
    symbolTool: SymbolTool,
    inline: boolean,
    context: TaskContext,
  ): Promise<Profile> {
    const file = this.store.temporary('perf.data');
    try {
      await perfRecord(what, event.name, file, context);
      context.progress('Reading the recording');
      const profile = await openRecording(file, { inline, events: [event], symbolTool }, context);
      if (profile.samples.length === 0) {
        throw new LabError('no-samples', 'The program ended before it could be sampled.', {
          remedy: { text: 'Give the preset "profileArgs" with which it runs for a second or longer.' },
        });
      }
      return profile;
    } finally {
      await rm(file, { force: true });
      await rm(`${file}.old`, { force: true });
    }
  }

  private async describe(
    kind: RunDocument['kind'],
    preset: Preset,
    contestant: Contestant,
    found: { results: readonly BenchResult[]; stat: StatDocument | null; samples: number | null },
  ): Promise<RunDocument> {
    const now = new Date();
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
        args: preset.args,
      },
      environment: await describeEnvironment(this.lab.definition, contestant),
      ...found,
    };
  }
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
