/** What views can request; main.ts carries it out. */
import type { WebviewMessage } from '../../src/wire/protocol.js';
import type { Place } from '../store/panelModel.js';

export interface Actions {
  /** The function's definition, or a place in it. */
  openSource(func: number, place?: Place): void;
  /** Marks the function in every view and in the editor; with a path, that frame of it. */
  selectFunction(func: number, path?: readonly string[]): void;
  /** Switches to the flame graph and searches for the function. */
  showInFlameGraph(func: number): void;
  /** @param done what to announce once it is copied */
  copy(text: string, done: string): void;
  /** To screen readers. */
  announce(text: string): void;
  post(message: WebviewMessage): void;
}
