import type { LabError } from './labError.js';

/** How an operation reports progress and is canceled. Passed down from the editor or terminal. */
export interface TaskContext {
  readonly signal?: AbortSignal | undefined;
  /** The current step, for the user: `Saving run…`. */
  readonly progress: (message: string) => void;
  /** Raw output lines of tools, for a log. */
  readonly log: (line: string) => void;
  /** What failed without ending the operation, such as saving its result. */
  readonly problem: (error: LabError) => void;
}
