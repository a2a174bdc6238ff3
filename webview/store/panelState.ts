/** What the panel keeps across hiding and reloading, and how it begins. */

/** A function by name, so that it can be found in another run's profile. */
export interface FunctionName {
  readonly name: string;
  readonly module: string;
}

/** In order of preference: what people decided on, then what the source says, then what the linker knows. */
export const groupKinds = ['category', 'namespace', 'file', 'module', 'function'] as const;
export type GroupKind = (typeof groupKinds)[number];

export type FlameKind = 'aggregated' | 'time' | 'inverted' | 'sandwich';

/** Which samples and frames the panel shows. Names rather than indices, as they outlive the profile. */
export interface PanelFilters {
  /** Name of the event; the profile's first one when empty. */
  readonly event: string;
  /** `pid/tid`; all threads when empty. */
  readonly threads: readonly string[];
  /** Seconds since the first sample; `from` belongs to the range, `to` does not. */
  readonly time: { readonly from: number; readonly to: number } | null;
  /** Samples in a function of one of these categories, or modules; of any when empty. */
  readonly categories: readonly string[];
  readonly modules: readonly string[];
  /** Modules whose frames are removed from the stacks; their weight goes to the caller. */
  readonly hiddenModules: readonly string[];
  readonly collapseRecursion: boolean;
  /** Stacks begin at this function; samples without it are left out. */
  readonly focus: FunctionName | null;
  /** Samples with one of these anywhere on the stack are left out. */
  readonly dropped: readonly FunctionName[];
  /** Frames removed from the stacks; their weight goes to the caller. */
  readonly merged: readonly FunctionName[];
  /** Of what the rest leaves, only this place of the call tree. */
  readonly subtree: SubtreeName | null;
}

/** A place of the call tree: outermost function first, or with `inverted` the one that samples end in. */
export interface SubtreeName {
  readonly path: readonly FunctionName[];
  readonly inverted: boolean;
}

/** What part of the graph is shown. The path survives a change of profile, the range does not. */
interface ZoomState {
  /** Function names from the root to the zoomed frame; empty when everything is shown. */
  readonly path: readonly string[];
  /** Of the axis of weights, 0..1. */
  readonly from: number;
  readonly to: number;
}

/** Webview state: what the panel keeps across hiding and reloading. */
export interface PanelState {
  readonly runId: string;
  /** Id of a tab. */
  readonly tab: string;
  readonly view: FlameKind;
  readonly orientation: 'icicle' | 'flame';
  /** What frames are colored by. `auto` takes what tells most about the profile. */
  readonly colors: 'auto' | GroupKind;
  /** Names with their templates and arguments. */
  readonly fullNames: boolean;
  /** In time order: a row for each thread, rather than all threads in one. */
  readonly separateThreads: boolean;
  /** The timeline. `auto` shows it in the time order only. */
  readonly timeline: 'auto' | 'shown' | 'hidden';
  readonly search: string;
  readonly filters: PanelFilters;
  readonly zoom: ZoomState;
  readonly selected: FunctionName | null;
  /** Path of function names to the selected frame. */
  readonly selectedPath: readonly string[];
  /** Scroll offsets in pixels, by element. */
  readonly scroll: Readonly<Record<string, number>>;
  /** What a tab keeps for itself, by its id. */
  readonly tabs: Readonly<Record<string, unknown>>;
}

export const noFilters: PanelFilters = {
  event: '',
  threads: [],
  time: null,
  categories: [],
  modules: [],
  hiddenModules: [],
  collapseRecursion: false,
  focus: null,
  dropped: [],
  merged: [],
  subtree: null,
};

export const initialState: PanelState = {
  runId: '',
  tab: 'flame',
  view: 'aggregated',
  orientation: 'icicle',
  colors: 'auto',
  fullNames: false,
  separateThreads: true,
  timeline: 'auto',
  search: '',
  filters: noFilters,
  zoom: { path: [], from: 0, to: 1 },
  selected: null,
  selectedPath: [],
  scroll: {},
  tabs: {},
};
