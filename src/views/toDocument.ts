import type { CallTree } from './callTree.js';
import type {
  CategoryShare,
  FunctionShare,
  ProfileDocument,
  StatDocument,
} from '../model/profileDocument.js';
import { functionCosts, lineCosts, type FunctionCosts } from './costs.js';
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
  const costs = functionCosts(profile, tree);
  const percent = (weight: number) => percentOf(weight, costs);
  const operations = operationsOf(profile, stat);
  const functions = sharesOf(profile, costs, classifier, operations);
  const taken = samplesOf(profile);
  const time = taken === null ? undefined : processorSeconds(profile.event.name, taken, costs.all);
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
      ...(operations ? { selfPerOp: self / operations } : {}),
    })),
    categories: categoryShares(functions, classifier.names),
    stat,
    notes: [...profile.notes, ...(classifier.problems ?? [])],
  };
}

/** Shares of the functions in percent of all samples, by self share, then by total, highest first. See `toDocument`. */
export function functionShares(
  profile: EventProfile,
  classifier: FunctionClassifier,
  stat: StatDocument | null,
  tree?: CallTree,
): FunctionShare[] {
  return sharesOf(profile, functionCosts(profile, tree), classifier, operationsOf(profile, stat));
}

function sharesOf(
  profile: EventProfile,
  costs: FunctionCosts,
  classifier: FunctionClassifier,
  operations: number | undefined,
): FunctionShare[] {
  const { functions: table, strings } = profile;
  const category = classifier.classifyAll(profile);
  const text = (index: number | undefined) => strings[index ?? -1] ?? null;
  const functions: FunctionShare[] = [];
  for (let f = 0; f < table.length; f++) {
    const [self, total] = [costs.self[f] ?? 0, costs.total[f] ?? 0];
    functions.push({
      name: text(table.name[f]) ?? '',
      module: text(table.module[f]),
      file: text(table.file[f]),
      line: table.line[f] || null,
      selfPercent: percentOf(self, costs),
      totalPercent: percentOf(total, costs),
      ...(operations ? { selfPerOp: self / operations, totalPerOp: total / operations } : {}),
      category: classifier.names[category[f] as number] as string,
    });
  }
  return functions.sort((a, b) => b.selfPercent - a.selfPercent || b.totalPercent - a.totalPercent);
}

function percentOf(weight: number, { all }: FunctionCosts): number {
  return all === 0 ? 0 : (weight / all) * 100;
}

/** Costs per operation are stated where they are counts; undefined otherwise. */
function operationsOf(profile: EventProfile, stat: StatDocument | null): number | undefined {
  return (profile.event.exact && stat?.operations) || undefined;
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
