/** A profile under filters: which samples and frames count, and the sums over them, each computed when first asked for. */
import type { ProfileEvent } from '../../src/model/profile.js';
import { exactly, wilsonInterval, type Estimate } from '../../src/statistics/estimate.js';
import { countedThing } from '../../src/text/eventTexts.js';
import { count, percent } from '../../src/text/numbers.js';
import type { Whole } from '../../src/statistics/shareDifferences.js';
import { buildCallTree, type CallTree, type StackShape } from '../../src/views/callTree.js';
import { functionCosts, type FunctionCosts } from '../../src/views/costs.js';
import { wholeOf } from '../../src/views/diffTree.js';
import { countsSamples } from '../../src/views/sampleCount.js';
import { sampleMask } from '../../src/views/sampleFilter.js';
import type { Subtree } from '../../src/views/subtree.js';
import type { PanelProfile, SampleChoice } from '../../src/wire/protocol.js';
import type { PanelFilters } from './panelState.js';
import type { ProfileData } from './profileData.js';

interface Computed {
  mask?: Uint8Array | undefined;
  shape?: StackShape;
  tree?: CallTree;
  costs?: FunctionCosts;
  droppedShares?: readonly number[];
  threadShares?: Float64Array;
}

/** With fewer samples than this, decimals of a share would be made up: the interval is over ten points wide. */
export const fewSamples = 30;

export class FilteredProfile {
  private readonly computed: Computed = {};

  constructor(
    readonly data: ProfileData,
    private readonly filters: PanelFilters,
  ) {}

  get profile(): PanelProfile {
    return this.data.profile;
  }

  /** Index into the profile's events. */
  get event(): number {
    return Math.max(
      0,
      this.profile.events.findIndex(({ name }) => name === this.filters.event),
    );
  }

  /** Undefined in a profile without events. */
  get eventDescription(): ProfileEvent | undefined {
    return this.profile.events[this.event];
  }

  /** Which samples are shown. What changes their stacks (focus, dropped and hidden frames) is the panel's alone. */
  get choice(): SampleChoice {
    const { threads, event } = this;
    const { time, categories, modules } = this.filters;
    return { event, threads: threads ? [...threads] : null, time, categories, modules };
  }

  /** 1 for the samples that count; undefined for all. */
  get mask(): Uint8Array | undefined {
    const { computed } = this;
    if (!('mask' in computed)) computed.mask = this.maskOfSamples(this.filters.time);
    return computed.mask;
  }

  /** As `mask`, at any time of the recording: what a time is chosen from. O(samples) under a filter of time. */
  maskAtAnyTime(): Uint8Array | undefined {
    return this.filters.time === null ? this.mask : this.maskOfSamples(null);
  }

  /**
   * By thread: its share of the samples that the other filters leave, so that they add up to 1 whichever thread is
   * chosen; 0 where there are none. O(samples).
   */
  get threadShares(): Float64Array {
    return (this.computed.threadShares ??= this.sharesOfThreads());
  }

  /** What the filters do to the stacks. */
  get shape(): StackShape {
    return (this.computed.shape ??= this.shapeOfStacks());
  }

  /** 1 for the samples in `tree`: those of `mask` that a focus and dropped functions leave. O(samples). */
  treeMask(): Uint8Array | undefined {
    const { tree, mask } = this;
    if (this.countsAll) return mask;
    const { stack, length } = this.profile.samples;
    const kept = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      const at = stack[i] as number;
      if (mask?.[i] !== 0 && (at < 0 || (tree.nodeOf[at] as number) >= 0)) kept[i] = 1;
    }
    return kept;
  }

  /**
   * What the dropped functions took from the view, as shares of what it had with them: each those samples of which it
   * is the outermost dropped function, so that they add up. O(samples + stacks) if there are any.
   */
  get droppedShares(): readonly number[] {
    return (this.computed.droppedShares ??= this.sharesOfDropped());
  }

  /** The samples, aggregated. */
  get tree(): CallTree {
    return (this.computed.tree ??= this.countsAll
      ? this.data.wholeTree
      : buildCallTree(this.profile, { shape: this.shape, selected: this.mask }));
  }

  /** Of every function. */
  get costs(): FunctionCosts {
    return (this.computed.costs ??= functionCosts(this.profile, this.tree));
  }

  /** Weight of the samples: the 100% of every share. */
  get totalWeight(): number {
    return this.tree.total[0] ?? 0;
  }

  get sampleCount(): number {
    return this.tree.totalSamples[0] ?? 0;
  }

  /** A weight's share of all, 0..1; 0 where there are no samples, never NaN. */
  share(weight: number): number {
    const all = this.totalWeight;
    return all > 0 ? weight / all : 0;
  }

  /** A share as text: with its 95% interval where there are too few samples to say it without. */
  shareText(weight: number): string {
    const share = this.share(weight);
    const { eventDescription } = this;
    const samples = this.countsSamples ? this.totalWeight : this.sampleCount;
    const certain = eventDescription !== undefined && countedThing(eventDescription) !== undefined;
    if (certain || samples >= fewSamples || share <= 0 || share >= 1) return percent(share);
    const { low, high } = wilsonInterval(share, samples);
    const points = (part: number): string => `${count(Math.round(part * 100))}%`;
    return `${points(share)} ± ${points((high - low) / 2)}`;
  }

  /**
   * What intervals and tests need to know of all samples together. O(samples).
   * @param cost what the whole costs, in the unit of the comparison
   */
  whole(cost: Estimate = exactly(1)): Whole {
    return wholeOf(this.weights(), cost, {
      exact: this.eventDescription?.exact === true,
      countsSamples: this.countsSamples,
    });
  }

  get countsSamples(): boolean {
    return this.eventDescription !== undefined && countsSamples(this.eventDescription);
  }

  private *weights(): Generator<number> {
    const { tree, mask } = this;
    const { weight, stack, length } = this.profile.samples;
    for (let i = 0; i < length; i++) {
      const at = stack[i] ?? -1;
      // Stacks that a focus or a dropped function leaves out have no node.
      if (mask?.[i] === 0 || (at >= 0 && (tree.nodeOf[at] ?? -1) < 0)) continue;
      yield weight[i] ?? 0;
    }
  }

  /** Every sample and frame of the first event, for which the profile brings the tree. */
  get countsAll(): boolean {
    const { categories, modules, hiddenModules, dropped, merged } = this.filters;
    const { time, focus, subtree, collapseRecursion } = this.filters;
    const lists: readonly (readonly unknown[])[] = [categories, modules, hiddenModules, dropped, merged];
    const wholeStacks = focus === null && subtree === null && !collapseRecursion;
    const unrestricted = time === null && wholeStacks && this.threads === undefined;
    return this.event === 0 && unrestricted && lists.every(({ length }) => length === 0);
  }

  /** Indices of the threads that count; undefined for all. */
  private get threads(): ReadonlySet<number> | undefined {
    const wanted = new Set(this.filters.threads);
    const found = this.profile.threads.flatMap(({ pid, tid }, i) =>
      wanted.has(`${String(pid)}/${String(tid)}`) ? [i] : [],
    );
    return found.length === 0 ? undefined : new Set(found);
  }

  private subtreeWithout(hidden: Uint8Array | undefined): Subtree | undefined {
    const { subtree } = this.filters;
    if (subtree === null) return undefined;
    const path = subtree.path.map((name) => this.data.find(name)).filter((func) => hidden?.[func] !== 1);
    return path.length === 0 ? undefined : { path, inverted: subtree.inverted };
  }

  /** Indices of the dropped functions. */
  private get dropped(): readonly number[] {
    return this.filters.dropped.map((name) => this.data.find(name));
  }

  private sharesOfThreads(): Float64Array {
    const { samples, threads } = this.profile;
    const mask = this.threads ? this.maskOfSamples(this.filters.time, null) : this.mask;
    const weights = new Float64Array(threads.length);
    let all = 0;
    for (let i = 0; i < samples.length; i++) {
      if (mask?.[i] === 0) continue;
      const weight = samples.weight[i] as number;
      const thread = samples.thread[i] as number;
      weights[thread] = (weights[thread] as number) + weight;
      all += weight;
    }
    return all > 0 ? weights.map((weight) => weight / all) : weights;
  }

  private sharesOfDropped(): number[] {
    const { dropped } = this;
    if (dropped.length === 0) return [];
    const shape = { ...this.shape, dropped: undefined };
    const { nodeOf, total } = buildCallTree(this.profile, { shape, selected: this.mask });
    const { stacks, frames, samples } = this.profile;
    /** By stack: its outermost dropped function. */
    const by = new Int32Array(stacks.length);
    for (let s = 0; s < stacks.length; s++) {
      const above = stacks.parent[s] as number;
      const outer = above < 0 ? -1 : (by[above] as number);
      by[s] = outer >= 0 ? outer : dropped.indexOf(frames.func[stacks.frame[s] as number] as number);
    }
    const weights = dropped.map(() => 0);
    for (let i = 0; i < samples.length; i++) {
      const stack = samples.stack[i] as number;
      const at = stack < 0 ? -1 : (by[stack] as number);
      if (at < 0 || (nodeOf[stack] as number) < 0 || this.mask?.[i] === 0) continue;
      weights[at] = (weights[at] as number) + (samples.weight[i] as number);
    }
    const all = total[0] as number;
    return weights.map((weight) => (all > 0 ? weight / all : 0));
  }

  private maskOfSamples(
    time: PanelFilters['time'],
    threads: ReadonlySet<number> | null = this.threads ?? null,
  ): Uint8Array | undefined {
    const { categories, modules } = this.filters;
    const inModule = this.moduleTest(modules);
    const leaves =
      categories.length === 0 && modules.length === 0
        ? undefined
        : this.functionMask(
            (func) =>
              (categories.length === 0 ||
                categories.includes(this.data.categoryName(this.data.categoryOf(func)))) &&
              (modules.length === 0 || inModule(func)),
          );
    const event = this.profile.events.length > 1 ? this.event : undefined;
    return sampleMask(this.profile, { event, leaves, ...(threads ? { threads } : {}), ...(time ?? {}) });
  }

  private shapeOfStacks(): StackShape {
    const { hiddenModules, merged, focus, collapseRecursion } = this.filters;
    const excluded = new Set(this.dropped);
    const into = new Set(merged.map((name) => this.data.find(name)));
    const inModule = this.moduleTest(hiddenModules);
    const hides = hiddenModules.length > 0 || merged.length > 0;
    const hidden = hides ? this.functionMask((func) => into.has(func) || inModule(func)) : undefined;
    return {
      collapseRecursion,
      focus: focus === null ? -1 : this.data.find(focus),
      hidden,
      dropped: excluded.size === 0 ? undefined : this.functionMask((func) => excluded.has(func)),
      subtree: this.subtreeWithout(hidden),
    };
  }

  /** Modules are few: each is looked up once, not once for each of its functions. */
  private moduleTest(wanted: readonly string[]): (func: number) => boolean {
    const known = new Map<number, boolean>();
    const { module } = this.profile.functions;
    return (func) => {
      const index = module[func] ?? -1;
      let answer = known.get(index);
      if (answer === undefined) {
        answer = wanted.includes(this.data.moduleName(func));
        known.set(index, answer);
      }
      return answer;
    };
  }

  private functionMask(wanted: (func: number) => boolean): Uint8Array {
    return Uint8Array.from({ length: this.data.functionCount }, (_, func) => (wanted(func) ? 1 : 0));
  }
}
