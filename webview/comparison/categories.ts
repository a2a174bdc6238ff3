/** Categories, functions and lines of the shown run (B) beside those of another one (A): figures only. Pure. */
import { compareParts, type Differences, type Whole } from '../../src/statistics/shareDifferences.js';
import type { SourcePlace } from '../../src/wire/protocol.js';
import type { FilteredProfile } from '../store/filteredProfile.js';
import { shownLines } from '../store/shownLines.js';
import { baseName } from '../text/places.js';
import { functionKey, partOf, type ComparedPart, type Pair } from './pair.js';

interface ComparedLine extends ComparedPart {
  /** Undefined if the samples have no line. */
  readonly place: SourcePlace | undefined;
}

export interface ComparedFunction extends ComparedPart {
  /** The first function of each side under this name: compilers' clones count as one. -1 if a side has none. */
  readonly funcA: number;
  readonly funcB: number;
  /** Heaviest first. Computed on demand: it reads all samples. */
  lines(): ComparedLine[];
}

interface ComparedCategory extends ComparedPart {
  readonly name: string;
  readonly functionCount: number;
  /** Heaviest first. Computed on demand: most are never shown. */
  functions(from: number, to: number): ComparedFunction[];
}

interface ComparedCategories {
  /** Heaviest first. A category adds up to its functions on each side. */
  readonly categories: readonly ComparedCategory[];
  /** Samples without a function, if there are any. */
  readonly unattributed: ComparedPart | undefined;
}

type Side = 0 | 1;

/** Self costs of both sides by key, before they are tested. */
class Parts {
  readonly keys = new Map<string, number>();
  private readonly weights: readonly [number[], number[]] = [[], []];
  private readonly samples: readonly [number[], number[]] = [[], []];

  add(key: string, side: Side, weight: number, samples: number): number {
    let at = this.keys.get(key);
    if (at === undefined) {
      this.keys.set(key, (at = this.keys.size));
      for (const list of [...this.weights, ...this.samples]) list.push(0);
    }
    this.weights[side][at] = (this.weights[side][at] ?? 0) + weight;
    this.samples[side][at] = (this.samples[side][at] ?? 0) + samples;
    return at;
  }

  test(a: Whole, b: Whole): Tested {
    return new Tested(
      compareParts(
        {
          weightA: Float64Array.from(this.weights[0]),
          weightB: Float64Array.from(this.weights[1]),
          samplesA: Int32Array.from(this.samples[0]),
          samplesB: Int32Array.from(this.samples[1]),
        },
        a,
        b,
      ),
      a,
      b,
    );
  }
}

class Tested {
  constructor(
    private readonly differences: Differences,
    private readonly a: Whole,
    private readonly b: Whole,
  ) {}

  part(i: number): ComparedPart {
    return partOf(this.differences, this.a, this.b, i);
  }

  /** By the sum of both sides' costs. */
  heaviestFirst(indices: number[]): number[] {
    const { a, b } = this.differences;
    const weight = (i: number): number => (a[i] ?? 0) + (b[i] ?? 0);
    return indices.sort((x, y) => weight(y) - weight(x) || x - y);
  }
}

/** A function of both sides, and the functions of each that are under its key. */
interface Aligned {
  readonly category: number;
  readonly of: readonly [number[], number[]];
}

const unattributedKey = '';

/** O(nodes of both). */
export function compareCategories(pair: Pair): ComparedCategories {
  const [wholeA, wholeB] = [pair.a.whole(), pair.b.whole()];
  const categories = new Parts();
  const functions = new Parts();
  const aligned: Aligned[] = [];
  const names: string[] = [];
  for (const [shown, side] of sidesOf(pair)) {
    const { data } = shown;
    for (const [func, { weight, samples }] of selfCosts(shown)) {
      if (func < 0) {
        categories.add(unattributedKey, side, weight, samples);
        continue;
      }
      const name = data.categoryName(data.categoryOf(func));
      const category = categories.add(`=${name}`, side, weight, samples);
      names[category] = name;
      const at = functions.add(`${String(category)}\0${functionKey(shown, func)}`, side, weight, samples);
      (aligned[at] ??= { category, of: [[], []] }).of[side].push(func);
    }
  }
  const tested = categories.test(wholeA, wholeB);
  const testedFunctions = functions.test(wholeA, wholeB);
  const members: number[][] = Array.from({ length: categories.keys.size }, () => []);
  aligned.forEach(({ category }, i) => members[category]?.push(i));
  const unattributed = categories.keys.get(unattributedKey);
  const shown = tested.heaviestFirst([...members.keys()].filter((i) => i !== unattributed));
  return {
    categories: shown.map((i) => {
      const list = testedFunctions.heaviestFirst(members[i] ?? []);
      return {
        ...tested.part(i),
        name: names[i] ?? '',
        functionCount: list.length,
        functions: (from, to) =>
          list.slice(from, to).map((f) => {
            const { of } = aligned[f] as Aligned;
            return {
              ...testedFunctions.part(f),
              funcA: of[0][0] ?? -1,
              funcB: of[1][0] ?? -1,
              lines: () => linesOf(pair, of, wholeA, wholeB),
            };
          }),
      };
    }),
    unattributed: unattributed === undefined ? undefined : tested.part(unattributed),
  };
}

function sidesOf({ a, b }: Pair): readonly (readonly [FilteredProfile, Side])[] {
  return [
    [a, 0],
    [b, 1],
  ];
}

/** By function, -1 for samples without one. */
function selfCosts({ tree, countsSamples }: FilteredProfile) {
  const costs = new Map<number, { weight: number; samples: number }>();
  for (let node = 0; node < tree.length; node++) {
    const weight = tree.self[node] ?? 0;
    if (weight === 0) continue;
    const func = tree.func[node] ?? -1;
    const sum = costs.get(func) ?? { weight: 0, samples: 0 };
    sum.weight += weight;
    sum.samples += countsSamples ? weight : (tree.selfSamples[node] ?? 0);
    costs.set(func, sum);
  }
  return costs;
}

/** Lines match by file name and number: the sources of two versions may be in different folders. */
function linesOf(pair: Pair, of: Aligned['of'], wholeA: Whole, wholeB: Whole): ComparedLine[] {
  const parts = new Parts();
  const places: (SourcePlace | undefined)[] = [];
  for (const [shown, side] of sidesOf(pair)) {
    const lines = of[side].flatMap((func) => shownLines(shown, func));
    for (const { file, line, weight, samples } of lines) {
      const name = shown.data.strings.at(file);
      const known = name !== '' && line > 0;
      const key = known ? `${baseName(name)}:${String(line)}` : '';
      const at = parts.add(key, side, weight, shown.countsSamples ? weight : samples);
      if (known) places[at] = { file: name, line };
    }
  }
  const tested = parts.test(wholeA, wholeB);
  return tested.heaviestFirst([...parts.keys.values()]).map((i) => ({ ...tested.part(i), place: places[i] }));
}
