/**
 * Everything that passes between the extension host and the panel's webview, both directions.
 *
 * Arrays of numbers are typed arrays: VS Code hands them over as binary, without a detour through JSON. The
 * tables are those of the core's `Profile`; the webview computes its trees and sums from them.
 */
import type { BenchResult } from '../model/benchResult.js';
import type {
  ComparedRun,
  PageMessage,
  PanelProfile,
  PanelScenario,
  RunDifference,
  SentProfile,
} from './panelData.js';
import type { StatDocument } from '../model/profileDocument.js';

export type {
  BenchResult,
  ComparedRun,
  PanelProfile,
  PanelScenario,
  RunDifference,
  SentProfile,
  StatDocument,
};

/** A function by what it is called, so that it is found again in another run's profile. */
export interface FunctionName {
  readonly name: string;
  readonly module: string;
}

export type FlameKind = 'aggregated' | 'time' | 'inverted' | 'sandwich';

/** Which samples and frames the panel shows. Names rather than indices: they outlive the profile. */
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
  /** Modules whose frames are left out of the stacks, their weight given to the caller. */
  readonly hiddenModules: readonly string[];
  readonly collapseRecursion: boolean;
  /** Stacks begin at this function; samples without it are left out. */
  readonly focus: FunctionName | null;
  /** Samples with one of these anywhere on the stack are left out. */
  readonly dropped: readonly FunctionName[];
}

/** What part of the graph is seen. The path survives a change of profile, the range does not. */
export interface ZoomState {
  /** Function names from the root to the zoomed frame; empty when the whole is seen. */
  readonly path: readonly string[];
  /** Of the axis of weights, 0..1. */
  readonly from: number;
  readonly to: number;
}

/** What the panel keeps across hiding and reloading (webview state), so that everything comes back as it was. */
export interface PanelState {
  readonly runId: string;
  /** Id of a registered tab. */
  readonly tab: string;
  readonly view: FlameKind;
  readonly orientation: 'icicle' | 'flame';
  readonly colourBy: 'category' | 'module';
  /** Names with their templates and arguments. */
  readonly fullNames: boolean;
  /** In time order: a row for each thread, rather than all threads in one. */
  readonly separateThreads: boolean;
  /** The strip of activity over time. By itself it is shown in the time order only. */
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

/** Extension host to webview. */
export type HostMessage =
  | PageMessage
  /** A function was selected elsewhere: select it here too, by its index. */
  | { readonly type: 'selectFunction'; readonly func: number }
  | { readonly type: 'showTab'; readonly tab: string }
  /** Nothing to show: say why and what to do. */
  | { readonly type: 'empty'; readonly text: string };

/** Webview to extension host. */
export type WebviewMessage =
  /** The webview can receive messages now. */
  | { readonly type: 'ready' }
  /** A function was selected: the editor shows its line where the file is open, and keeps the focus where it is. */
  | { readonly type: 'selected'; readonly runId: string; readonly func: number }
  /** Open the function's definition, or a line in it. */
  | {
      readonly type: 'openSource';
      readonly runId: string;
      readonly func: number;
      readonly place?: SourcePlace;
    }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'profilePreset' }
  /** Let the user choose the run to compare with. */
  | { readonly type: 'compareWith' }
  | { readonly type: 'clearComparison' }
  /** Let the user choose a format, and export the shown profile. */
  | { readonly type: 'export' }
  /** Save the flame graph as it is drawn now: a PNG file. */
  | { readonly type: 'savePng'; readonly bytes: Uint8Array }
  | { readonly type: 'failed'; readonly text: string };

export interface SourcePlace {
  readonly file: string;
  /** 1-based; 0 when only the file is known. */
  readonly line: number;
}
