import { builtinCategories } from './categories/categories.js';
import { Classifier } from './categories/classifier.js';
import type { TaskContext } from './context.js';
import type { Category } from './lab/labFile.js';
import type { LoadedLab, PackedFiles } from './lab/loadLab.js';
import { benchPreset, type BenchOptions } from './laboratory/benchPreset.js';
import { benchProgram, type BenchedProgram } from './laboratory/benchProgram.js';
import { countPreset, type CountOptions } from './laboratory/countPreset.js';
import { countProgram } from './laboratory/countProgram.js';
import { importAsRun, readAsRun, type ImportOptions } from './laboratory/importAsRun.js';
import { profilePreset, type ProfileOptions } from './laboratory/profilePreset.js';
import { recordTarget, type RecordingOptions } from './laboratory/recordTarget.js';
import type { ProfiledRun } from './laboratory/saveRun.js';
import { packRun, type PackedRun, type PackOptions } from './pack/packRun.js';
import { packedFiles } from './pack/unpackedFolder.js';
import type { RecordTarget } from './perf/target.js';
import type { KeepPolicy } from '../model/keepPolicy.js';
import { RunStore } from './store/runStore.js';
import type { SavedRuns } from './store/savedRuns.js';
import type { Profile } from '../model/profile.js';
import type { RunDocument } from '../model/run.js';

/** Everything that can be done with one lab. The editor and the command line are thin layers over this. */
export class Laboratory {
  /** The lab file as it was read. Immutable. */
  readonly lab: LoadedLab;
  /** The runs that were saved so far. */
  readonly store: SavedRuns;
  readonly classifier: Classifier;
  private readonly runStore: RunStore;

  /**
   * @param userCategories from the user's settings; they take precedence over the lab's own
   * @param keep which runs are kept where the lab file doesn't say
   */
  constructor(
    lab: LoadedLab,
    private readonly userCategories: readonly Category[] = [],
    keep: KeepPolicy = {},
  ) {
    this.lab = { ...lab, definition: { keep, ...lab.definition } };
    this.store = this.runStore = new RunStore(lab.folder);
    const own = [...userCategories, ...lab.definition.categories];
    this.classifier = new Classifier([...own, ...builtinCategories], { byOrigin: own.length === 0 });
  }

  /** This lab as a run sees it: one that came in an archive brings files along. */
  async forRun(run: RunDocument): Promise<Laboratory> {
    return this.withPacked(await packedFiles(run, this.lab));
  }

  withPacked(packed: PackedFiles | undefined): Laboratory {
    return packed ? new Laboratory({ ...this.lab, packed }, this.userCategories) : this;
  }

  /** An archive of a run for another machine. */
  pack(
    run: { readonly run: RunDocument; readonly profile: Profile },
    options: PackOptions,
    context: Pick<TaskContext, 'signal' | 'progress'>,
  ): Promise<PackedRun> {
    return packRun(this, run, options, context);
  }

  /** Builds, then benchmarks the preset and its competitors, interleaved. */
  bench(preset: string, options: BenchOptions, context: TaskContext): Promise<RunDocument> {
    return benchPreset(this.lab, this.runStore, preset, options, context);
  }

  /** Benchmarks any program, by what it prints or else by the time of its execution. */
  benchProgram(
    program: BenchedProgram,
    options: Pick<BenchOptions, 'repeats'>,
    context: TaskContext,
  ): Promise<RunDocument> {
    return benchProgram(this.lab, this.runStore, program, options, context);
  }

  /** Builds, benchmarks, counts with `perf stat`, samples with `perf record`, and symbolizes. */
  profile(preset: string, options: ProfileOptions, context: TaskContext): Promise<ProfiledRun> {
    return profilePreset(this.lab, this.runStore, preset, options, context);
  }

  /** Builds, then counts every instruction of the preset with callgrind. */
  count(preset: string, options: CountOptions, context: TaskContext): Promise<ProfiledRun> {
    return countPreset(this.lab, this.runStore, preset, options, context);
  }

  /** Counts every instruction of any program with callgrind. */
  countProgram(target: RecordTarget, context: TaskContext): Promise<ProfiledRun> {
    return countProgram(this.lab, this.runStore, target, context);
  }

  /** Records any program, or a running process, until it exits or the recording is stopped. */
  record(target: RecordTarget, options: RecordingOptions, context: TaskContext): Promise<ProfiledRun> {
    return recordTarget(this.lab, this.runStore, target, options, context);
  }

  /** Imports a profile that another tool wrote, as a run named like the file. */
  import(file: string, options: ImportOptions, context: TaskContext): Promise<ProfiledRun> {
    return importAsRun(this.lab, this.runStore, file, options, context);
  }

  /** As `import`, but saves nothing. */
  read(file: string, options: ImportOptions, context: TaskContext): Promise<ProfiledRun> {
    return readAsRun(this.lab, file, options, context);
  }
}
