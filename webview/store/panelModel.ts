/**
 * The panel's one store: the profile, the runs beside it, what of it is shown, and what is selected. Views read from
 * it, change it through its methods and are notified of changes; they keep no copies.
 */
import { threadOfFrame } from '../../src/views/frameTree.js';
import type {
  ComparedRun,
  FollowingSamples,
  PanelProfile,
  SentProfile,
  SourcePlace,
} from '../../src/wire/protocol.js';
import { FilteredProfile } from './filteredProfile.js';
import { noFilters, type PanelFilters, type PanelState } from './panelState.js';
import { ProfileData } from './profileData.js';

export type Place = SourcePlace;

/**
 * `profile`: another profile is shown; `shown`: other samples or stacks of it, so trees and costs are new; `compared`:
 * other runs beside it; `selection`: another function or frame; `state`: anything else that is kept (search, colors,
 * tab, zoom).
 */
export type Change = 'profile' | 'shown' | 'compared' | 'selection' | 'state';

/** A run that the shown one is compared with. */
export interface OtherRun extends Pick<ComparedRun, 'slot' | 'differences'> {
  readonly data: ProfileData;
}

export class PanelModel {
  private readonly listeners: ((change: Change) => void)[] = [];
  private current: ProfileData | undefined;
  private others: readonly OtherRun[] = [];
  private filtered: FilteredProfile | undefined;
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

  /** The profile under the present filters. */
  get shown(): FilteredProfile {
    return (this.filtered ??= new FilteredProfile(this.data, this.panelState.filters));
  }

  get compared(): readonly OtherRun[] {
    return this.others;
  }

  show(profile: SentProfile): void {
    const sameRun = this.panelState.runId === profile.runId;
    this.current = new ProfileData(profile);
    this.filtered = undefined;
    this.selectedFunc = this.panelState.selected === null ? -1 : this.data.find(this.panelState.selected);
    // Everything is shown at once where a remembered time belongs to another recording.
    const filters = sameRun ? this.panelState.filters : { ...this.panelState.filters, time: null };
    // The same goes for the scrolling: rows of another run stand elsewhere.
    this.keep({ runId: profile.runId, filters, ...(sameRun ? {} : { scroll: {} }) });
    this.tell('profile');
  }

  /** The samples of the profile have followed. */
  complete(columns: FollowingSamples): void {
    this.current = this.data.completed(columns);
    this.filtered = undefined;
    this.tell('shown');
  }

  compare(runs: readonly ComparedRun[]): void {
    this.others = runs.map(({ slot, differences, profile }) => ({
      slot,
      differences,
      data: new ProfileData(profile),
    }));
    this.tell('compared');
  }

  /** Changes what is kept; `filters` through `filter` and the selection through `select`. */
  update(change: Partial<Omit<PanelState, 'filters' | 'selected' | 'runId'>>): void {
    this.keep(change);
    this.tell('state');
  }

  /** Keeps what the views already show, without notifying anyone. */
  remember(change: Partial<Pick<PanelState, 'search' | 'zoom' | 'scroll' | 'tabs'>>): void {
    this.keep(change);
  }

  filter(change: Partial<PanelFilters>): void {
    this.filtered = undefined;
    const { filters } = this.panelState;
    const place = losesPlace(filters, change) ? { subtree: null } : {};
    this.keep({ filters: { ...filters, ...place, ...change } });
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

  /** -1 for none. */
  get selectedFunction(): number {
    return this.selectedFunc;
  }

  /** The name to show: shortened unless the user wants full names. */
  functionName(func: number): string {
    return this.panelState.fullNames ? this.data.fullName(func) : this.data.shortName(func);
  }

  /** A step of a saved path: the recorded name, or the thread's. */
  stepName(func: number): string {
    return func >= 0 ? this.data.rawName(func) : this.data.threadName(threadOfFrame(func));
  }

  private keep(change: Partial<PanelState>): void {
    this.panelState = { ...this.panelState, ...change };
    this.save(this.panelState);
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}

/** Whether stacks get frames, or begin elsewhere, so that the path of a subtree leads nowhere. */
function losesPlace(filters: PanelFilters, change: Partial<PanelFilters>): boolean {
  const fewer = (['merged', 'hiddenModules'] as const).some(
    (list) => (change[list] ?? filters[list]).length < filters[list].length,
  );
  return fewer || 'focus' in change || 'collapseRecursion' in change;
}
