/**
 * Everything that passes between the extension host and the panel's webview, both directions.
 *
 * Arrays of numbers are typed arrays: VS Code transfers them as binary, not as JSON. The
 * tables are those of the core's `Profile`; the webview computes its trees and sums from them.
 */
import type { BenchResult } from '../model/benchResult.js';
import type { ComparedRun, PageMessage, PanelProfile, RunDifference, SentProfile } from './panelData.js';
import type { StatDocument } from '../model/profileDocument.js';

export type { BenchResult, ComparedRun, PanelProfile, RunDifference, SentProfile, StatDocument };

/** Extension host to webview. */
export type HostMessage =
  | PageMessage
  /** A function was selected elsewhere: select it here too, by its index. */
  | { readonly type: 'selectFunction'; readonly func: number }
  | { readonly type: 'showTab'; readonly tab: string }
  /** Nothing to show; the text says why and what to do. */
  | { readonly type: 'empty'; readonly text: string };

/** Webview to extension host. */
export type WebviewMessage =
  /** The webview can receive messages now. */
  | { readonly type: 'ready' }
  /** A function was selected: the editor reveals its line if the file is open, without moving the focus. */
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
  /** 1-based; 0 if only the file is known. */
  readonly line: number;
}
