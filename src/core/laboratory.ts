import { builtinCategories } from './categories/categories.js';
import { Classifier } from './categories/classifier.js';
import type { TaskContext } from './context.js';
import type { Category } from './lab/labFile.js';
import type { LoadedLab } from './lab/loadLab.js';
import { benchPreset, type BenchOptions } from './laboratory/benchPreset.js';
import { countPreset, type CountOptions } from './laboratory/countPreset.js';
import { importAsRun, type ImportOptions } from './laboratory/importAsRun.js';
import { profilePreset, type ProfileOptions } from './laboratory/profilePreset.js';
import { recordTarget, type RecordingOptions } from './laboratory/recordTarget.js';
import type { ProfiledRun } from './laboratory/saveRun.js';
import type { RecordTarget } from './perf/target.js';
import { RunStore } from './store/runStore.js';
import type { SavedRuns } from './store/savedRuns.js';
import type { RunDocument } from '../model/run.js';

/** Everything that can be done with one lab. The editor and the command line are thin layers over this. */
export class Laboratory {
  /** The lab file as it was read. Immutable. */
  readonly lab: LoadedLab;
  /** The runs that were saved so far. */
  readonly store: SavedRuns;
  readonly classifier: Classifier;
  private readonly runStore: RunStore;

  /** @param userCategories from the user's settings; they take precedence over the lab's own */
  constructor(lab: LoadedLab, userCategories: readonly Category[] = []) {
    this.lab = lab;
    this.store = this.runStore = new RunStore(lab.folder);
    this.classifier = new Classifier([...userCategories, ...lab.definition.categories, ...builtinCategories]);
  }

  /** Builds, then benchmarks the preset and its competitors, interleaved. */
  bench(preset: string, options: BenchOptions, context: TaskContext): Promise<RunDocument> {
    return benchPreset(this.lab, this.runStore, preset, options, context);
  }

  /** Builds, benchmarks, counts with `perf stat`, samples with `perf record`, and symbolizes. */
  profile(preset: string, options: ProfileOptions, context: TaskContext): Promise<ProfiledRun> {
    return profilePreset(this.lab, this.runStore, preset, options, context);
  }

  /** Builds, then counts every instruction of the preset with callgrind. */
  count(preset: string, options: CountOptions, context: TaskContext): Promise<ProfiledRun> {
    return countPreset(this.lab, this.runStore, preset, options, context);
  }

  /** Records any program, or a running process, until it exits or the recording is stopped. */
  record(target: RecordTarget, options: RecordingOptions, context: TaskContext): Promise<ProfiledRun> {
    return recordTarget(this.lab, this.runStore, target, options, context);
  }

  /** Imports a profile that another tool wrote, as a run named like the file. */
  import(file: string, options: ImportOptions, context: TaskContext): Promise<ProfiledRun> {
    return importAsRun(this.lab, this.runStore, file, options, context);
  }
}
