import type { Classifier } from '../../core/categories/categories.js';
import { buildCallTree } from '../../core/profile/callTree.js';
import { functionCosts } from '../../core/profile/hotspots.js';
import type { EventProfile } from '../../core/profile/profile.js';
import type { RunDocument } from '../../core/store/runDocument.js';
import type { PanelProfile } from '../../protocol.js';

/** A profile and its run as the panel draws them. One pass over the samples, then over the aggregated tree. */
export function toPanelProfile(
  run: RunDocument,
  profile: EventProfile,
  classifier: Classifier,
): PanelProfile {
  const { event, functions, frames, strings } = profile;
  const tree = buildCallTree(profile);
  const costs = functionCosts(profile, tree);
  const category = classifier.classifyAll(profile);
  const categorySelf = new Float64Array(classifier.names.length);
  for (let f = 0; f < functions.length; f++) {
    const index = category[f] as number;
    categorySelf[index] = (categorySelf[index] as number) + (costs.self[f] as number);
  }
  const hottest = (column: Int32Array, none: number) =>
    Int32Array.from(tree.hottestFrame, (frame) => (frame < 0 ? none : (column[frame] as number)));
  return {
    runId: run.id,
    preset: run.preset.name,
    createdAt: run.createdAt,
    event: event.name,
    ...(event.fallback ? { fallback: event.fallback } : {}),
    sampleCount: profile.samples.length,
    totalWeight: costs.all,
    strings,
    functions: {
      length: functions.length,
      name: functions.name,
      module: functions.module,
      file: functions.file,
      line: functions.line,
      category,
      self: costs.self,
      total: costs.total,
    },
    tree: {
      length: tree.length,
      parent: tree.parent,
      func: tree.func,
      inlined: tree.inlined,
      self: tree.self,
      total: tree.total,
      file: hottest(frames.file, -1),
      line: hottest(frames.line, 0),
    },
    categories: classifier.names.map((name, i) => ({ name, self: categorySelf[i] as number })),
    results: run.results,
    stat: run.stat,
    notes: profile.notes,
  };
}
