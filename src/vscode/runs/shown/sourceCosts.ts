import type { Classifier } from '../../../core/categories/classifier.js';
import { buildCallTree, type CallTree } from '../../../views/callTree.js';
import { groupCosts } from '../../../views/costs.js';
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
  readonly category: string;
}

/** A line, by the innermost frame of each sample. */
export interface LineCost {
  readonly selfPercent: number;
  readonly samples: number;
  /** The functions that the line's samples belong to, largest share first; more than one in macros and headers. */
  readonly functions: readonly { readonly name: string; readonly percent: number }[];
  /** Share of the hottest line of the profile, 0..1: what the color shows. */
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

interface LineSum {
  weight: number;
  samples: number;
  readonly byFunction: Map<number, number>;
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

  private at(file: string, line: number): { functions: FunctionCost[]; cost?: LineCost } {
    let lines = this.files.get(file);
    if (!lines) this.files.set(file, (lines = new Map()));
    let entry = lines.get(line);
    if (!entry) lines.set(line, (entry = { functions: [] }));
    return entry;
  }

  private addLines({ samples, stacks, frames, functions, strings }: EventProfile): void {
    const sums = new Map<string, LineSum & { file: number; line: number }>();
    let all = 0;
    for (let s = 0; s < samples.length; s++) {
      const weight = samples.weight[s] as number;
      all += weight;
      const frame = stacks.frame[samples.stack[s] as number];
      if (frame === undefined) continue;
      const [file, line] = [frames.file[frame] as number, frames.line[frame] as number];
      if (file < 0 || line === 0) continue;
      const key = `${file}:${line}`;
      let sum = sums.get(key);
      if (!sum) sums.set(key, (sum = { file, line, weight: 0, samples: 0, byFunction: new Map() }));
      sum.weight += weight;
      sum.samples++;
      const name = functions.name[frames.func[frame] as number] as number;
      sum.byFunction.set(name, (sum.byFunction.get(name) ?? 0) + weight);
    }
    const hottest = Math.max(0, ...[...sums.values()].map(({ weight }) => weight));
    for (const { file, line, weight, samples: seen, byFunction } of sums.values()) {
      this.at(strings[file] as string, line).cost = {
        selfPercent: (weight / all) * 100,
        samples: seen,
        functions: [...byFunction]
          .sort(([, a], [, b]) => b - a)
          .map(([name, part]) => ({ name: strings[name] as string, percent: (part / all) * 100 })),
        heat: weight / hottest,
      };
    }
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
        category: classifier.names[category[func] as number] as string,
      });
    });
  }
}
