import type { Classifier } from '../../../core/categories/classifier.js';
import { buildCallTree, type CallTree } from '../../../views/callTree.js';
import { groupCosts } from '../../../views/costs.js';
import { lineTotals } from '../../../views/lineTotals.js';
import type { EventProfile } from '../../../model/profile.js';

/** A function at its definition, in percent of all samples. */
export interface FunctionCost {
  readonly name: string;
  /** Index in the profile's table; of the hottest where several modules have a copy of the function. */
  readonly func: number;
  readonly selfPercent: number;
  readonly totalPercent: number;
  /** Samples in the function itself. */
  readonly selfSamples: number;
  /** Samples in the function or what it calls. */
  readonly totalSamples: number;
  readonly category: string;
}

/** What a line costs: itself, by the innermost frame of each sample, and with what it calls. */
export interface LineCost {
  readonly selfPercent: number;
  readonly samples: number;
  /** Each sample once, wherever on its stack the line is. */
  readonly totalPercent: number;
  readonly totalSamples: number;
  /** The functions that the line's samples belong to, largest share first; more than one in macros and headers. */
  readonly functions: readonly { readonly name: string; readonly func: number; readonly percent: number }[];
  /** A function that the line belongs to, also where only what it calls has samples. */
  readonly func: number;
  /** String index of the file. */
  readonly file: number;
  /** Self share, beside that of the hottest line of the profile, 0..1: what the color shows. */
  readonly heat: number;
}

/** What is known of one line of a source file. At least one of the two is set. */
export interface AnnotatedLine {
  /** 1-based, as it was when the program was built. */
  readonly line: number;
  /** Functions defined here, hottest first: usually one, more where a macro defines several. */
  readonly functions: readonly FunctionCost[];
  readonly cost: LineCost | undefined;
}

function sumOf(a: LineCost, b: LineCost): LineCost {
  return {
    ...a,
    selfPercent: a.selfPercent + b.selfPercent,
    samples: a.samples + b.samples,
    totalPercent: a.totalPercent + b.totalPercent,
    totalSamples: a.totalSamples + b.totalSamples,
    functions: [...a.functions, ...b.functions].sort((x, y) => y.percent - x.percent),
    heat: Math.min(1, a.heat + b.heat),
  };
}

/** The costs of a profile, by file and line of the source. Computed once per profile, in one pass each. */
export class SourceCosts {
  private readonly files = new Map<string, Map<number, { functions: FunctionCost[]; cost?: LineCost }>>();

  /** @param tree of the profile, where it is made already */
  constructor(profile: EventProfile, classifier: Classifier, tree = buildCallTree(profile)) {
    this.addLines(profile);
    this.addFunctions(profile, classifier, tree);
  }

  /** Source files as the debug information names them. */
  fileNames(): IterableIterator<string> {
    return this.files.keys();
  }

  /** The file's annotated lines from top to bottom. */
  ofFile(file: string): AnnotatedLine[] {
    const lines = this.files.get(file) ?? new Map<number, { functions: FunctionCost[]; cost?: LineCost }>();
    return [...lines]
      .map(([line, { functions, cost }]) => ({
        line,
        functions: functions.sort((a, b) => b.selfPercent - a.selfPercent || b.totalPercent - a.totalPercent),
        cost,
      }))
      .sort((a, b) => a.line - b.line);
  }

  /** As `ofFile`, of a file with several names: the costs of a line add up. */
  ofFiles(names: readonly string[]): AnnotatedLine[] {
    const [first, ...others] = names;
    if (first === undefined) return [];
    if (others.length === 0) return this.ofFile(first);
    const lines = new Map<number, AnnotatedLine>();
    for (const entry of names.flatMap((name) => this.ofFile(name))) {
      const there = lines.get(entry.line);
      lines.set(
        entry.line,
        there
          ? {
              line: entry.line,
              functions: [...there.functions, ...entry.functions],
              cost: there.cost && entry.cost ? sumOf(there.cost, entry.cost) : (there.cost ?? entry.cost),
            }
          : entry,
      );
    }
    return [...lines.values()].sort((a, b) => a.line - b.line);
  }

  private at(file: string, line: number): { functions: FunctionCost[]; cost?: LineCost } {
    let lines = this.files.get(file);
    if (!lines) this.files.set(file, (lines = new Map()));
    let entry = lines.get(line);
    if (!entry) lines.set(line, (entry = { functions: [] }));
    return entry;
  }

  private addLines(profile: EventProfile): void {
    const { strings } = profile;
    const lines = lineTotals(profile);
    const percent = (weight: number) => (weight / lines.all) * 100;
    const hottest = lines.self.reduce((most, weight) => Math.max(most, weight), 0);
    for (let i = 0; i < lines.length; i++) {
      const [self, total] = [lines.self[i] as number, lines.total[i] as number];
      // Of samples that aren't selected.
      if (lines.totalSamples[i] === 0) continue;
      this.at(strings[lines.file[i] as number] as string, lines.line[i] as number).cost = {
        selfPercent: percent(self),
        samples: lines.selfSamples[i] as number,
        totalPercent: percent(total),
        totalSamples: lines.totalSamples[i] as number,
        func: lines.func[i] as number,
        file: lines.file[i] as number,
        functions: this.byName(profile, lines.byFunction[i] as ReadonlyMap<number, number>, percent),
        heat: hottest === 0 ? 0 : self / hottest,
      };
    }
  }

  /** Copies of a function are one. */
  private byName(
    { functions, strings }: EventProfile,
    weights: ReadonlyMap<number, number>,
    percent: (weight: number) => number,
  ): LineCost['functions'] {
    const sums = new Map<number, { func: number; weight: number }>();
    for (const [func, weight] of [...weights].sort(([, a], [, b]) => b - a)) {
      const name = functions.name[func] as number;
      const sum = sums.get(name);
      if (sum) sum.weight += weight;
      else sums.set(name, { func, weight });
    }
    return [...sums]
      .sort(([, a], [, b]) => b.weight - a.weight)
      .map(([name, { func, weight }]) => ({ name: strings[name] as string, func, percent: percent(weight) }));
  }

  private addFunctions(profile: EventProfile, classifier: Classifier, tree: CallTree): void {
    const { functions, strings, samples, stacks, frames } = profile;
    // Copies of one function (an inline function of a header in two modules) are one function of the source.
    const groups = new Map<string, number>();
    const members: number[][] = [];
    const groupOf = Int32Array.from({ length: functions.length }, (_, f) => {
      const [file, line] = [functions.file[f] as number, functions.line[f] as number];
      if (file < 0 || line === 0) return -1;
      const key = `${file}:${line}:${functions.name[f]}`;
      let group = groups.get(key);
      if (group === undefined) groups.set(key, (group = members.push([]) - 1));
      members[group]?.push(f);
      return group;
    });
    const costs = groupCosts(profile, groupOf, members.length, tree);
    const ownSamples = new Int32Array(functions.length);
    for (let s = 0; s < samples.length; s++) {
      const frame = stacks.frame[samples.stack[s] as number];
      const func = frame === undefined ? undefined : frames.func[frame];
      if (func !== undefined) ownSamples[func] = (ownSamples[func] as number) + 1;
    }
    const category = classifier.classifyAll(profile);
    const percent = (weight: number | undefined) => (costs.all === 0 ? 0 : ((weight ?? 0) / costs.all) * 100);
    members.forEach((copies, group) => {
      const func = copies.reduce((best, f) =>
        (ownSamples[f] as number) > (ownSamples[best] as number) ? f : best,
      );
      this.at(
        strings[functions.file[func] as number] as string,
        functions.line[func] as number,
      ).functions.push({
        name: strings[functions.name[func] as number] as string,
        func,
        selfPercent: percent(costs.self[group]),
        totalPercent: percent(costs.total[group]),
        selfSamples: copies.reduce((sum, f) => sum + (ownSamples[f] as number), 0),
        totalSamples: costs.totalSamples[group] ?? 0,
        category: classifier.names[category[func] as number] as string,
      });
    });
  }
}
