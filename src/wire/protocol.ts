/**
 * Everything that passes between the extension host and the panel's webview, both directions.
 *
 * Arrays of numbers are typed arrays: VS Code transfers them as binary, not as JSON. The
 * tables are those of the core's `Profile`; the webview computes its trees and sums from them.
 */
import type { BenchResult } from '../model/benchResult.js';
import type { ComparedRun, PageMessage, PanelProfile, RunDifference, SentProfile } from './panelData.js';
import type { FollowingSamples } from './followingSamples.js';
import type { StatDocument } from '../model/profileDocument.js';

export type {
  BenchResult,
  ComparedRun,
  FollowingSamples,
  PanelProfile,
  RunDifference,
  SentProfile,
  StatDocument,
};

/** What VS Code calls a row of the list of hotspots while it is dragged; what it is of, only the extension knows. */
export const hotspotDragType = 'application/vnd.code.tree.hakmemlab.hotspots';

/** Extension host to webview. */
export type HostMessage =
  | PageMessage
  /** What a profile was sent without. */
  | { readonly type: 'samples'; readonly runId: string; readonly columns: FollowingSamples }
  /** A function was selected elsewhere: select it here too, by its index. */
  | { readonly type: 'selectFunction'; readonly func: number }
  | { readonly type: 'showTab'; readonly tab: string }
  /** Show all samples of the first event. */
  | { readonly type: 'clearChoice' }
  /** Nothing to show; the text says why and what to do. */
  | { readonly type: 'empty'; readonly text: string; readonly offerProfiling?: boolean };

/** Webview to extension host. */
export type WebviewMessage =
  /** The webview can receive messages now. */
  | { readonly type: 'ready' }
  /** The profile is drawn: its samples may follow. */
  | { readonly type: 'samplesWanted'; readonly runId: string }
  /** A function was selected: the editor reveals its line if the file is open, without moving the focus. */
  | { readonly type: 'selected'; readonly runId: string; readonly func: number }
  /** Which function is selected, however that came about; -1 for none. */
  | { readonly type: 'selection'; readonly runId: string; readonly func: number }
  /** The row of the list of hotspots that is dragged was dropped here. */
  | { readonly type: 'hotspotDropped' }
  /** Whether a comparison is in front: the source then shows differences, too. */
  | { readonly type: 'comparing'; readonly comparing: boolean }
  /** Open the function's definition, or a line in it. */
  | {
      readonly type: 'openSource';
      readonly runId: string;
      readonly func: number;
      readonly place?: SourcePlace;
    }
  /** Show the function's machine code. */
  | { readonly type: 'showCode'; readonly runId: string; readonly func: number }
  /** Other samples are shown: the source follows. */
  | { readonly type: 'chosen'; readonly runId: string; readonly choice: SampleChoice }
  /** What the panel keeps, whenever it changes: for a panel that is opened after this one was closed. */
  | { readonly type: 'state'; readonly state: unknown }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'profilePreset' }
  /** Record the program of the shown run once more, with callers from copies of its stack. */
  | { readonly type: 'recordWithDwarf'; readonly runId: string }
  /** Show the setting for which code is sampled. */
  | { readonly type: 'scopeSetting' }
  /** Type a note's command into a terminal, if it's one that this machine would suggest. */
  | { readonly type: 'install'; readonly command: string }
  /** Let the user choose the run to compare with. */
  | { readonly type: 'compareWith' }
  | { readonly type: 'clearComparison' }
  /** Let the user choose a format, and export the shown profile. */
  | { readonly type: 'export' }
  /** Save the flame graph as it is drawn now: a PNG file. */
  | { readonly type: 'savePng'; readonly bytes: Uint8Array }
  | { readonly type: 'failed'; readonly text: string };

/** Which samples of a profile are shown, everywhere. */
export interface SampleChoice {
  /** Index into the profile's events. */
  readonly event: number;
  /** Indices into the profile's threads; null for all. */
  readonly threads: readonly number[] | null;
  /** Seconds since the first sample: `from` belongs to the range, `to` doesn't; null for all. */
  readonly time: { readonly from: number; readonly to: number } | null;
  /** Names of categories and modules: samples in a function of one of each, of any where there are none. */
  readonly categories: readonly string[];
  readonly modules: readonly string[];
}

export interface SourcePlace {
  readonly file: string;
  /** 1-based; 0 if only the file is known. */
  readonly line: number;
}
