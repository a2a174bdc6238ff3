/** The contract of `profile --json` and `import --json`. Percentages are of all samples; self shares sum to 100. */
export interface ProfileDocument {
  readonly event: string;
  /** The names of all events of the profile, the shown one among them. */
  readonly events: readonly string[];
  readonly fallback?: { readonly requested: string; readonly reason: string };
  /** The weights are complete counts, not samples: then `samples` is the number of places. */
  readonly exact?: boolean;
  readonly samples: number;
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
  /** Of an exact count over known operations: the event's own count per operation. */
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

/** What `perf stat` counted. A counter the machine cannot count is listed in `unavailable`, never given a value. */
export interface StatDocument {
  readonly counters: readonly StatCounter[];
  readonly unavailable: readonly { readonly event: string; readonly reason: string }[];
  /** Only where both were counted. */
  readonly derived: {
    readonly ipc?: number;
    readonly cyclesPerOp?: number;
    readonly instructionsPerOp?: number;
    /** What counted them, and whether the program's start-up is among them. */
    readonly instructionsPerOpSource?: string;
  };
  /** Allocator operations (threads x iterations) of the counted run, where the program reports them. */
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
