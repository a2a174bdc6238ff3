/** A received profile with what the views derive from it, built once per profile. */
import type { PanelProfile } from '../src/protocol.js';
import { printable, shareOf } from './format.js';
import { buildTree, type FlameTree } from './flame/tree.js';

export interface Place {
  readonly file: string;
  /** 1-based; 0 when only the file is known. */
  readonly line: number;
}

/** Longer than any name a compiler makes of real code; a text of megabytes must not get into the page. */
const maxName = 4000;

export class Model {
  readonly tree: FlameTree;
  readonly totalWeight: number;
  /** True where every sample weighs the same, so that a weight can be told as a number of samples. */
  readonly countsSamples: boolean;

  constructor(readonly profile: PanelProfile) {
    this.tree = buildTree(profile.tree, profile.totalWeight);
    this.totalWeight = profile.totalWeight;
    this.countsSamples = profile.totalWeight === profile.sampleCount;
  }

  share(weight: number): number {
    return shareOf(weight, this.totalWeight);
  }

  /** The name as the profile has it: for matching. Show `functionName` instead. */
  rawName(func: number): string {
    return this.string(this.profile.functions.name[func]);
  }

  /** Cleaned on demand, not at load: a profile can bring a million names and show fifty. */
  functionName(func: number): string {
    const name = this.rawName(func);
    const shown = name.length > maxName ? `${name.slice(0, maxName)}…` : name;
    return printable(shown) || '[unknown]';
  }

  nodeName(node: number): string {
    if (node === this.tree.root) return 'all';
    return this.functionName(this.tree.func[node] ?? -1);
  }

  moduleName(func: number): string {
    return printable(this.string(this.profile.functions.module[func]));
  }

  /** -1 where the profile names no category. */
  categoryOf(func: number): number {
    const index = this.profile.functions.category[func] ?? -1;
    return index < this.profile.categories.length ? index : -1;
  }

  categoryName(category: number): string {
    return printable(this.profile.categories[category]?.name ?? 'Uncategorised');
  }

  /** Where the function is defined. */
  definition(func: number): Place | undefined {
    return this.place(this.profile.functions.file[func], this.profile.functions.line[func]);
  }

  /** The frame's hottest line, else the function's definition. */
  hottestPlace(node: number): Place | undefined {
    if (node === this.tree.root) return undefined;
    return (
      this.place(this.profile.tree.file[node], this.profile.tree.line[node]) ??
      this.definition(this.tree.func[node] ?? -1)
    );
  }

  isInlined(node: number): boolean {
    return this.profile.tree.inlined[node] === 1;
  }

  private place(file: number | undefined, line: number | undefined): Place | undefined {
    const name = this.string(file);
    return name === '' ? undefined : { file: name, line: line ?? 0 };
  }

  private string(index: number | undefined): string {
    return this.profile.strings[index ?? -1] ?? '';
  }
}
