import type { RunDocument } from '../../model/run.js';
import { bench } from '../bench/bench.js';
import { competitorSubject } from '../bench/competitors.js';
import { presetSubject } from '../bench/subject.js';
import { build } from '../build/build.js';
import type { TaskContext } from '../context.js';
import { findPreset, type LoadedLab } from '../lab/loadLab.js';
import { withLock } from '../store/lock.js';
import type { RunStore } from '../store/runStore.js';
import { saveRun } from './saveRun.js';

export const defaultBenchRepeats = 10;

export interface BenchOptions {
  readonly repeats?: number;
  /** Names of allocators. */
  readonly competitors?: readonly string[];
}

export async function benchPreset(
  lab: LoadedLab,
  store: RunStore,
  presetName: string,
  options: BenchOptions,
  context: TaskContext,
): Promise<RunDocument> {
  const preset = findPreset(lab, presetName);
  return withLock(store, context, async () => {
    await build(lab, preset, context);
    const subject = await presetSubject(lab, preset);
    const competitors = [];
    for (const name of options.competitors ?? [])
      competitors.push(await competitorSubject(lab, preset, name, context));
    const results = await bench([subject, ...competitors], options.repeats ?? defaultBenchRepeats, context);
    return saveRun(lab, store, preset, subject, { results, stat: null }, context);
  });
}
