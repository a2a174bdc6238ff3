/** A received profile with its names and places, independent of filters. */
import type { FollowingSamples, PanelProfile, SentProfile, SourcePlace } from '../../src/wire/protocol.js';
import type { FunctionName } from './panelState.js';
import type { CallTree } from '../../src/views/callTree.js';
import { unpackTree } from '../../src/wire/packedTree.js';
import { unpackSamples } from '../../src/wire/packedSamples.js';
import { StringTable } from '../../src/wire/packedStrings.js';
import { functionsNamed, matchFunctions, type Matches, type Query } from './search.js';
import { printable } from '../../src/text/printable.js';
import { shortName } from '../../src/text/names.js';

/** Longer than any name of real code; megabytes of text must not get into the page. */
const maxName = 4000;

export class ProfileData {
  private readonly short: (string | undefined)[] = [];
  private readonly raw: (string | undefined)[] = [];
  private index: Map<string, number> | undefined;
  private whole: CallTree | undefined;

  readonly profile: PanelProfile;

  constructor(
    private readonly sent: SentProfile,
    readonly strings = new StringTable(sent.strings),
  ) {
    this.profile = { ...sent, samples: unpackSamples(sent.samples) };
  }

  /** Without samples there is the call tree of all of them, and nothing else. */
  get hasSamples(): boolean {
    return this.sent.samplesFollow !== true;
  }

  /** The same with the samples that followed. */
  completed({ samples, stacks, frames, nodeOf }: FollowingSamples): ProfileData {
    const { samplesFollow: _, ...sent } = this.sent;
    const tree = { ...sent.tree, nodeOf };
    const data = new ProfileData({ ...sent, samples, stacks, frames, tree }, this.strings);
    if (this.whole) data.whole = { ...this.whole, nodeOf };
    return data;
  }

  /** Of all samples of the first event, whatever the filters are. */
  get wholeTree(): CallTree {
    return (this.whole ??= unpackTree(this.profile.tree));
  }

  get functionCount(): number {
    return this.profile.functions.length;
  }

  /** The name as recorded: for searching and for finding it again. */
  rawName(func: number): string {
    return (this.raw[func] ??= this.strings.at(this.profile.functions.name[func] ?? -1));
  }

  /** Cleaned on demand, not at load: a profile can have a million names and show fifty. */
  fullName(func: number): string {
    const name = this.rawName(func);
    return printable(name.length > maxName ? `${name.slice(0, maxName)}…` : name) || '[unknown]';
  }

  /** Without template arguments, parameters and hashes. */
  shortName(func: number): string {
    return (this.short[func] ??= shortName(this.fullName(func)));
  }

  /** The full path, empty if unknown. */
  moduleName(func: number): string {
    return printable(this.strings.at(this.profile.functions.module[func] ?? -1));
  }

  /** -1 if the profile has no category for it. */
  categoryOf(func: number): number {
    const index = this.profile.category[func] ?? -1;
    return index < this.profile.categories.length ? index : -1;
  }

  categoryName(category: number): string {
    return printable(this.profile.categories[category] ?? 'Other');
  }

  threadName(thread: number): string {
    const found = this.profile.threads[thread];
    if (found === undefined) return '[unknown thread]';
    const name = printable(found.name);
    return name === '' ? `thread ${String(found.tid)}` : `${name} (${String(found.tid)})`;
  }

  /** Where the function is defined. */
  definition(func: number): SourcePlace | undefined {
    const { functions } = this.profile;
    return this.place(functions.file[func] ?? -1, functions.line[func] ?? 0);
  }

  frameLine(frame: number): SourcePlace | undefined {
    const { frames } = this.profile;
    return this.place(frames.file[frame] ?? -1, frames.line[frame] ?? 0);
  }

  /** Identifies a function across profiles. */
  nameOf(func: number): FunctionName {
    return { name: this.rawName(func), module: this.strings.at(this.profile.functions.module[func] ?? -1) };
  }

  /** The functions that a search finds. */
  matching(query: Extract<Query, { kind: 'match' }>): Matches {
    const { part } = query;
    if (part !== undefined)
      return functionsNamed(this.profile.functions.name, this.strings.containing(part.text, part.ignoreCase));
    return matchFunctions(this.functionCount, (func) => this.rawName(func), query.matches);
  }

  /** -1 when this profile has no such function. Module paths may differ between builds: then the name alone decides. */
  find(wanted: FunctionName): number {
    if (this.index === undefined) {
      this.index = new Map();
      for (let func = 0; func < this.functionCount; func++) {
        const { name, module } = this.nameOf(func);
        if (!this.index.has(`${name}\0`)) this.index.set(`${name}\0`, func);
        if (!this.index.has(`${name}\0${module}`)) this.index.set(`${name}\0${module}`, func);
      }
    }
    return this.index.get(`${wanted.name}\0${wanted.module}`) ?? this.index.get(`${wanted.name}\0`) ?? -1;
  }

  private place(file: number, line: number): SourcePlace | undefined {
    const name = this.strings.at(file);
    return name === '' ? undefined : { file: name, line };
  }
}
