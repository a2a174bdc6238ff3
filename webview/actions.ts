/** What the views can ask for; the composition in main.ts carries it out. */
import type { Place } from './model.js';

export interface Actions {
  openSource(place: Place | undefined): void;
  /** Marks the function in every view. */
  selectFunction(func: number): void;
  /** Switches to the flame graph, with every frame of the function found. */
  showInFlameGraph(func: number): void;
}
