import type { EventProfile, Profile } from '../model/profile.js';
import { effectiveSamples, type Estimate } from '../statistics/estimate.js';
import { compareParts, differenceOf, type Differences, type Whole } from '../statistics/shareDifferences.js';

interface FunctionClassifier {
  readonly names: readonly string[];
  classifyAll(profile: Profile): Int32Array;
}

/** One side of a comparison. */
export interface ProfiledSide {
  readonly profile: EventProfile;
  readonly classifier: FunctionClassifier;
  /** The cost of 100%: 1 for shares, or the cost of one operation. */
  readonly cost: Estimate;
  /** The path of the program, if it is known. */
  readonly program?: string;
}

/** A category or function on both sides, in the unit of their cost. */
export interface PartDifference {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  readonly delta: Estimate;
  /** Significant at a false discovery rate of 5%, which the interval isn't adjusted for. */
  readonly significant: boolean;
}

interface ProfileDifferences {
  readonly categories: readonly PartDifference[];
  readonly functions: readonly PartDifference[];
}

/** Self costs by category and by function name, the largest differences first. O(samples of both). */
export function profileDifferences(a: ProfiledSide, b: ProfiledSide): ProfileDifferences {
  const [wholeA, wholeB] = [wholeOf(a), wholeOf(b)];
  const differences = (nameOf: (side: ProfiledSide) => (func: number) => string) =>
    partDifferences(selfCosts(a, nameOf(a)), selfCosts(b, nameOf(b)), wholeA, wholeB);
  const own = ownCategories(a, b);
  return {
    categories: differences((side) => {
      const { profile, classifier } = side;
      const category = classifier.classifyAll(profile);
      const renamed = own?.get(side);
      return (func) => {
        const name = classifier.names[category[func] as number] as string;
        return name === renamed ? [...(own?.values() ?? [])].join(' / ') : name;
      };
    }),
    functions: differences(
      ({ profile: { functions, strings } }) =>
        (func) =>
          strings[functions.name[func] as number] ?? '',
    ),
  };
}

/**
 * The category that is named after the file of a side's program: two builds in files of different names have the same
 * code, and would differ in all of it. Undefined where the names are the same, or mean something on the other side.
 */
function ownCategories(a: ProfiledSide, b: ProfiledSide): Map<ProfiledSide, string> | undefined {
  const nameOf = ({ program = '' }: ProfiledSide) => program.slice(program.lastIndexOf('/') + 1);
  const has = ({ profile, classifier }: ProfiledSide, name: string) =>
    classifier.classifyAll(profile).includes(classifier.names.indexOf(name));
  const [ownA, ownB] = [nameOf(a), nameOf(b)];
  if (ownA === '' || ownB === '' || ownA === ownB || has(a, ownB) || has(b, ownA)) return undefined;
  return has(a, ownA) && has(b, ownB)
    ? new Map([
        [a, ownA],
        [b, ownB],
      ])
    : undefined;
}

function wholeOf({ profile: { samples, event }, cost }: ProfiledSide): Whole {
  let [weight, squares] = [0, 0];
  for (const one of samples.weight) {
    weight += one;
    squares += one * one;
  }
  return {
    weight,
    samples: samples.length,
    effective: effectiveSamples(weight, squares),
    exact: event.exact === true,
    cost,
  };
}

interface SelfCost {
  weight: number;
  samples: number;
}

function selfCosts({ profile }: ProfiledSide, nameOf: (func: number) => string): Map<string, SelfCost> {
  const { samples, stacks, frames } = profile;
  const costs = new Map<string, SelfCost>();
  for (let i = 0; i < samples.length; i++) {
    const stack = samples.stack[i] as number;
    if (stack < 0) continue;
    const name = nameOf(frames.func[stacks.frame[stack] as number] as number);
    const cost = costs.get(name) ?? { weight: 0, samples: 0 };
    cost.weight += samples.weight[i] as number;
    cost.samples++;
    costs.set(name, cost);
  }
  return costs;
}

function partDifferences(
  a: Map<string, SelfCost>,
  b: Map<string, SelfCost>,
  wholeA: Whole,
  wholeB: Whole,
): PartDifference[] {
  const names = [...new Set([...a.keys(), ...b.keys()])];
  const weights = (side: Map<string, SelfCost>) =>
    Float64Array.from(names, (name) => side.get(name)?.weight ?? 0);
  const samples = (side: Map<string, SelfCost>) =>
    Int32Array.from(names, (name) => side.get(name)?.samples ?? 0);
  const parts = {
    weightA: weights(a),
    weightB: weights(b),
    samplesA: samples(a),
    samplesB: samples(b),
  };
  const tested: Differences = compareParts(parts, wholeA, wholeB);
  return names
    .map((name, i) => ({
      name,
      a: tested.a[i] as number,
      b: tested.b[i] as number,
      delta: differenceOf(parts, wholeA, wholeB, i),
      significant: tested.verdict[i] !== 0,
    }))
    .sort((x, y) => Math.abs(y.delta.value) - Math.abs(x.delta.value));
}
