/** The contract of `profile --json` and `import --json`. Percentages are of all samples; self shares sum to 100. */
export interface ProfileDocument {
  readonly event: string;
  /** The names of all events of the profile, including the shown one. */
  readonly events: readonly string[];
  readonly fallback?: { readonly requested: string; readonly reason: string };
  /** The weights are complete counts, not samples: then `samples` is the number of locations. */
  readonly exact?: boolean;
  /** The imported file has sums of an unknown number of samples: then `samples` is the number of its rows. */
  readonly sums?: boolean | undefined;
  readonly samples: number;
  /** What the samples stand for, of an event that measures it. */
  readonly processorSeconds?: number;
  readonly functions: readonly FunctionShare[];
  readonly lines: readonly LineShare[];
  readonly categories: readonly CategoryShare[];
  readonly stat: StatDocument | null;
  readonly notes: readonly string[];
}

export interface FunctionShare {
  readonly name: string;
  readonly module: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly selfPercent: number;
  readonly totalPercent: number;
  /** Count per operation, for an exact count of known operations. */
  readonly selfPerOp?: number;
  readonly totalPerOp?: number;
  readonly category: string;
}

export interface LineShare {
  readonly file: string;
  readonly line: number;
  readonly selfPercent: number;
  readonly selfPerOp?: number;
}

export interface CategoryShare {
  readonly name: string;
  readonly selfPercent: number;
  /** The category's functions by self share, largest first. */
  readonly functions: readonly { readonly name: string; readonly selfPercent: number }[];
}

/** What `perf stat` counted. An event that the machine can't count is listed in `unavailable` and never has a value. */
export interface StatDocument {
  readonly counters: readonly StatCounter[];
  readonly unavailable: readonly { readonly event: string; readonly reason: string }[];
  /** Only if both parts were counted. */
  readonly derived: {
    readonly ipc?: number;
    readonly cyclesPerOp?: number;
    readonly instructionsPerOp?: number;
    /** What counted them, and whether startup is included. */
    readonly instructionsPerOpSource?: string;
  };
  /** Allocator operations (threads x iterations) of the counted execution, if the program reports them. */
  readonly operations: number | null;
}

export interface StatCounter {
  readonly event: string;
  readonly value: number;
  /** E.g. `msec`; empty for a plain count. */
  readonly unit: string;
  /**
   * How much of the time it was counted, where that is less than 100: it shared the hardware with others, and the
   * value is perf's extrapolation.
   */
  readonly runningPercent?: number;
}
