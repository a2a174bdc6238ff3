/** What the views can ask for; the composition in main.ts carries it out. */
import type { WebviewMessage } from '../../src/wire/protocol.js';
import type { Place } from '../store/panelModel.js';

export interface Actions {
  /** The function's definition, or a place in it. */
  openSource(func: number, place?: Place): void;
  /** Marks the function in every view and in the editor; with a path, that frame of it. */
  selectFunction(func: number, path?: readonly string[]): void;
  /** Switches to the flame graph, with every frame of the function found. */
  showInFlameGraph(func: number): void;
  copy(text: string, what: string): void;
  /** Says something to a screen reader, and shows it for a moment. */
  announce(text: string): void;
  post(message: WebviewMessage): void;
}
