/**
 * The panel's one store: the profile, what of it is shown, and what is selected. Views read from it, change it
 * through its methods, and are told of changes; they hold no copy of it.
 */
import { buildCallTree, type CallTree, type StackShape } from '../../src/views/callTree.js';
import { unpackTree } from '../../src/wire/packedTree.js';
import { threadOfFrame } from '../../src/views/frameTree.js';
import { functionCosts, type FunctionCosts } from '../../src/views/costs.js';
import { sampleMask } from '../../src/views/sampleFilter.js';
import type {
  PanelFilters,
  PanelProfile,
  PanelState,
  SentProfile,
  SourcePlace,
} from '../../src/wire/protocol.js';
import { shareOf } from '../text/format.js';
import { ProfileData } from './profileData.js';
import { noFilters } from './panelState.js';

export type Place = SourcePlace;

/**
 * `profile`: another profile is shown; `shown`: other samples or stacks of it, so trees and costs are new;
 * `selection`: another function or frame; `state`: anything else that is kept (search, colours, tab, zoom).
 */
export type Change = 'profile' | 'shown' | 'selection' | 'state';

/** What is computed from the profile under the present filters. */
interface Shown {
  readonly mask: Uint8Array | undefined;
  readonly shape: StackShape;
  readonly tree: CallTree;
  costs?: FunctionCosts;
}

export class PanelModel {
  private readonly listeners: ((change: Change) => void)[] = [];
  private current: ProfileData | undefined;
  private shownCache: Shown | undefined;
  private selectedFunc = -1;

  /** @param save keeps the state across hiding and reloading */
  constructor(
    private panelState: PanelState,
    private readonly save: (state: PanelState) => void,
  ) {}

  /** In the order of registration, after the change. */
  onChange(listener: (change: Change) => void): void {
    this.listeners.push(listener);
  }

  get state(): PanelState {
    return this.panelState;
  }

  /** @throws Error while no profile is shown: views are asked for nothing before one is */
  get data(): ProfileData {
    if (this.current === undefined) throw new Error('No profile is shown.');
    return this.current;
  }

  get hasProfile(): boolean {
    return this.current !== undefined;
  }

  get profile(): PanelProfile {
    return this.data.profile;
  }

  show(profile: SentProfile): void {
    const sameRun = this.panelState.runId === profile.runId;
    this.current = new ProfileData(profile);
    this.shownCache = undefined;
    this.selectedFunc = this.panelState.selected === null ? -1 : this.data.find(this.panelState.selected);
    // The whole is shown at once where a remembered time belongs to another recording.
    const filters = sameRun ? this.panelState.filters : { ...this.panelState.filters, time: null };
    // And so is a scrolling: rows of another run stand elsewhere.
    this.keep({ runId: profile.runId, filters, ...(sameRun ? {} : { scroll: {} }) });
    this.tell('profile');
  }

  /** Changes what is kept; `filters` through `filter` and the selection through `select`. */
  update(change: Partial<Omit<PanelState, 'filters' | 'selected' | 'runId'>>): void {
    this.keep(change);
    this.tell('state');
  }

  /** Keeps what the views already show themselves: nobody is told. */
  remember(change: Partial<Pick<PanelState, 'search' | 'zoom' | 'scroll' | 'tabs'>>): void {
    this.keep(change);
  }

  filter(change: Partial<PanelFilters>): void {
    this.shownCache = undefined;
    this.keep({ filters: { ...this.panelState.filters, ...change } });
    this.tell('shown');
  }

  clearFilters(): void {
    this.filter({ ...noFilters, event: this.panelState.filters.event });
  }

  /** @param path of function names to a frame of it, where one frame was meant */
  select(func: number, path: readonly string[] = []): void {
    this.selectedFunc = func;
    this.keep({ selected: func < 0 ? null : this.data.nameOf(func), selectedPath: path });
    this.tell('selection');
  }

  /** -1 when none is. */
  get selectedFunction(): number {
    return this.selectedFunc;
  }

  /** Index into the profile's events. */
  get event(): number {
    return Math.max(
      0,
      this.profile.events.findIndex(({ name }) => name === this.panelState.filters.event),
    );
  }

  /** Indices of the threads that are shown; undefined for all. */
  get threads(): ReadonlySet<number> | undefined {
    const wanted = new Set(this.panelState.filters.threads);
    const found = this.profile.threads.flatMap(({ pid, tid }, i) =>
      wanted.has(`${String(pid)}/${String(tid)}`) ? [i] : [],
    );
    return found.length === 0 ? undefined : new Set(found);
  }

  /** 1 for the samples that are shown; undefined for all. */
  get mask(): Uint8Array | undefined {
    return this.shown.mask;
  }

  /** As `mask`, at any time of the recording: what a time is chosen from. O(samples) under a filter of time. */
  maskAtAnyTime(): Uint8Array | undefined {
    return this.panelState.filters.time === null ? this.mask : this.maskOfSamples(null);
  }

  /** What the filters do to the stacks. */
  get shape(): StackShape {
    return this.shown.shape;
  }

  /** The shown samples, aggregated. */
  get tree(): CallTree {
    return this.shown.tree;
  }

  /** Of every function, over the shown samples. */
  get costs(): FunctionCosts {
    return (this.shown.costs ??= functionCosts(this.profile, this.shown.tree));
  }

  /** Weight of the shown samples: the 100 % of every share. */
  get totalWeight(): number {
    return this.tree.total[0] ?? 0;
  }

  get sampleCount(): number {
    return this.tree.totalSamples[0] ?? 0;
  }

  share(weight: number): number {
    return shareOf(weight, this.totalWeight);
  }

  /** As it is to be shown: shortened unless the reader wants names in full. */
  functionName(func: number): string {
    return this.panelState.fullNames ? this.data.fullName(func) : this.data.shortName(func);
  }

  /** A step of a path that is kept: the name as the profile has it, or the thread's. */
  stepName(func: number): string {
    return func >= 0 ? this.data.rawName(func) : this.data.threadName(threadOfFrame(func));
  }

  private get shown(): Shown {
    if (this.shownCache === undefined) {
      const shape = this.shapeOfStacks();
      const mask = this.maskOfSamples(this.panelState.filters.time);
      const tree = this.showsAll
        ? unpackTree(this.profile.tree)
        : buildCallTree(this.profile, { shape, selected: mask });
      this.shownCache = { mask, shape, tree };
    }
    return this.shownCache;
  }

  /** Every sample and frame of the first event, for which the profile brings the tree. */
  private get showsAll(): boolean {
    const { categories, modules, time, hiddenModules, dropped, focus, collapseRecursion } =
      this.panelState.filters;
    const lists = [categories, modules, hiddenModules, dropped];
    const unrestricted = time === null && focus === null && !collapseRecursion && this.threads === undefined;
    return this.event === 0 && unrestricted && lists.every(({ length }) => length === 0);
  }

  private maskOfSamples(time: PanelFilters['time']): Uint8Array | undefined {
    const { categories, modules } = this.panelState.filters;
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
    const { threads } = this;
    const event = this.profile.events.length > 1 ? this.event : undefined;
    return sampleMask(this.profile, { event, leaves, ...(threads ? { threads } : {}), ...(time ?? {}) });
  }

  private shapeOfStacks(): StackShape {
    const { hiddenModules, dropped, focus, collapseRecursion } = this.panelState.filters;
    const lost = new Set(dropped.map((name) => this.data.find(name)));
    return {
      collapseRecursion,
      focus: focus === null ? -1 : this.data.find(focus),
      hidden: hiddenModules.length === 0 ? undefined : this.functionMask(this.moduleTest(hiddenModules)),
      dropped: lost.size === 0 ? undefined : this.functionMask((func) => lost.has(func)),
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

  private keep(change: Partial<PanelState>): void {
    this.panelState = { ...this.panelState, ...change };
    this.save(this.panelState);
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}
