/**
 * Everything that passes between the extension host and the panel's webview, both directions.
 *
 * Arrays of numbers are typed arrays: VS Code hands them over as binary, without a detour through JSON.
 * A table's columns all have `length` entries; indices of -1 stand for "none".
 */
import type { BenchResult } from './core/bench/benchResult.js';
import type { StatDocument } from './core/profile/document.js';

export type { BenchResult, StatDocument };

/** A profile as the panel draws it: functions, and the tree of calls aggregated by function. */
export interface PanelProfile {
  readonly runId: string;
  readonly preset: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly event: string;
  /** Set when the machine could not count what was asked for. */
  readonly fallback?: { readonly requested: string; readonly reason: string };
  readonly sampleCount: number;
  /** Sum of all samples' weights: the 100 % of every share. */
  readonly totalWeight: number;
  readonly strings: readonly string[];
  readonly functions: PanelFunctions;
  readonly tree: PanelTree;
  /** In the order of the rules; "Other" last. Colours follow the index. */
  readonly categories: readonly PanelCategory[];
  readonly results: readonly BenchResult[];
  readonly stat: StatDocument | null;
  readonly notes: readonly string[];
}

export interface PanelFunctions {
  readonly length: number;
  /** String indices. */
  readonly name: Int32Array;
  readonly module: Int32Array;
  readonly file: Int32Array;
  /** 1-based line of the definition, 0 when unknown. */
  readonly line: Int32Array;
  /** Index into `categories`. */
  readonly category: Int32Array;
  /** Weights, not percentages; recursion counts a sample once in `total`. */
  readonly self: Float64Array;
  readonly total: Float64Array;
}

/** The call tree. Invariant: a node's parent has a smaller index; siblings stand in falling order of `total`. */
export interface PanelTree {
  readonly length: number;
  readonly parent: Int32Array;
  readonly func: Int32Array;
  /** 1 where the compiler inlined this function into its parent. */
  readonly inlined: Uint8Array;
  readonly self: Float64Array;
  readonly total: Float64Array;
  /** The node's hottest place: string index of the file (-1 unknown) and 1-based line (0 unknown). */
  readonly file: Int32Array;
  readonly line: Int32Array;
}

export interface PanelCategory {
  readonly name: string;
  readonly self: number;
}

/** What the panel keeps across hiding and reloading (webview state), so that the view comes back as it was. */
export interface PanelState {
  readonly tab: PanelTab;
  readonly search: string;
  /** Function names from the root to the zoomed node; empty when not zoomed. */
  readonly zoomPath: readonly string[];
  readonly runId?: string;
}

export type PanelTab = 'flame' | 'categories' | 'functions';

/** Extension host to webview. */
export type HostMessage =
  | { readonly type: 'profile'; readonly profile: PanelProfile }
  /** A function was selected elsewhere: highlight it, by its index. */
  | { readonly type: 'selectFunction'; readonly func: number }
  | { readonly type: 'showTab'; readonly tab: PanelTab }
  /** Nothing to show: say why and what to do. */
  | { readonly type: 'empty'; readonly text: string };

/** Webview to extension host. */
export type WebviewMessage =
  /** The webview can receive messages now. */
  | { readonly type: 'ready' }
  | { readonly type: 'openSource'; readonly file: string; readonly line: number }
  | { readonly type: 'profilePreset' }
  | { readonly type: 'failed'; readonly text: string };
