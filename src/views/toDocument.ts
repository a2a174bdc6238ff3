import type { CallTree } from './callTree.js';
import type {
  CategoryShare,
  FunctionShare,
  ProfileDocument,
  StatDocument,
} from '../model/profileDocument.js';
import { functionCosts, lineCosts } from './costs.js';
import { processorSeconds, samplesOf } from './sampleCount.js';
import type { EventProfile, Profile } from '../model/profile.js';

/** Assigns every function of a profile a category, by index into `names`. */
interface FunctionClassifier {
  readonly names: readonly string[];
  classifyAll(profile: Profile): Int32Array;
  /** Problems with the rules, for the user. */
  readonly problems?: readonly string[];
}

/**
 * The document that `profile` prints and annotations use: shares in percent of all samples.
 * @param tree of the profile, if it has been built already
 */
export function toDocument(
  profile: EventProfile,
  classifier: FunctionClassifier,
  stat: StatDocument | null,
  tree?: CallTree,
): ProfileDocument {
  const { functions: table, strings } = profile;
  const costs = functionCosts(profile, tree);
  const category = classifier.classifyAll(profile);
  const percent = (weight: number | undefined) => (costs.all === 0 ? 0 : ((weight ?? 0) / costs.all) * 100);
  const operations = profile.event.exact ? stat?.operations : null;
  const perOp = (weight: number | undefined) => (weight ?? 0) / (operations || 1);
  const text = (index: number | undefined) => strings[index ?? -1] ?? null;
  const functions: FunctionShare[] = [];
  for (let f = 0; f < table.length; f++) {
    functions.push({
      name: text(table.name[f]) ?? '',
      module: text(table.module[f]),
      file: text(table.file[f]),
      line: table.line[f] || null,
      selfPercent: percent(costs.self[f]),
      totalPercent: percent(costs.total[f]),
      ...(operations ? { selfPerOp: perOp(costs.self[f]), totalPerOp: perOp(costs.total[f]) } : {}),
      category: classifier.names[category[f] as number] as string,
    });
  }
  const taken = samplesOf(profile);
  const time = taken === null ? undefined : processorSeconds(profile.event.name, taken, costs.all);
  functions.sort((a, b) => b.selfPercent - a.selfPercent || b.totalPercent - a.totalPercent);
  return {
    event: profile.event.name,
    events: profile.events.map((event) => event.name),
    ...(profile.event.fallback ? { fallback: profile.event.fallback } : {}),
    ...(profile.event.exact ? { exact: true } : {}),
    ...(taken === null && !profile.event.exact ? { sums: true } : {}),
    samples: taken ?? profile.samples.length,
    ...(time === undefined ? {} : { processorSeconds: time }),
    functions,
    lines: lineCosts(profile).map(({ file, line, self }) => ({
      file,
      line,
      selfPercent: percent(self),
      ...(operations ? { selfPerOp: perOp(self) } : {}),
    })),
    categories: categoryShares(functions, classifier.names),
    stat,
    notes: [...profile.notes, ...(classifier.problems ?? [])],
  };
}

/** Shares are sums of their functions' shares, so they add up to what the functions add up to. */
function categoryShares(functions: readonly FunctionShare[], names: readonly string[]): CategoryShare[] {
  return names
    .map((name) => {
      const own = functions.filter((f) => f.category === name && f.selfPercent > 0);
      return {
        name,
        selfPercent: own.reduce((sum, f) => sum + f.selfPercent, 0),
        functions: own.map((f) => ({ name: f.name, selfPercent: f.selfPercent })),
      };
    })
    .filter((c) => c.functions.length > 0)
    .sort((a, b) => b.selfPercent - a.selfPercent);
}
