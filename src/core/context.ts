/** How an operation reports progress and is canceled. Passed down from the editor or terminal. */
export interface TaskContext {
  readonly signal?: AbortSignal | undefined;
  /** The current step, for the user: `Saving run…`. */
  readonly progress: (message: string) => void;
  /** Raw output lines of tools, for a log. */
  readonly log: (line: string) => void;
}
