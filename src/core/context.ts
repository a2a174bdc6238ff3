/** What an operation reports while it works, and how it is cancelled. Passed down from the editor or terminal. */
export interface TaskContext {
  readonly signal?: AbortSignal | undefined;
  /** What is happening now, for a person: `Sampling (2 of 3)`. */
  readonly progress: (message: string) => void;
  /** Raw lines of the tools that run, for a log. */
  readonly log: (line: string) => void;
}
