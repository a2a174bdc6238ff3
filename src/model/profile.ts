/**
 * The profile model: the samples of one recording, immutable and columnar.
 *
 * Tables are struct-of-arrays and refer to one another by index; -1 stands for "none". Names are interned
 * in `strings`. Only `ProfileBuilder` makes one. Views (hotspots, call tree, categories) are computed from it
 * and never stored in it.
 */
export interface Profile {
  /** At least one. Weights of different events do not add up: sums are made over an `EventProfile`. */
  readonly events: readonly ProfileEvent[];
  readonly strings: readonly string[];
  readonly functions: FunctionTable;
  readonly frames: FrameTable;
  readonly stacks: StackTable;
  readonly samples: SampleTable;
  readonly threads: readonly ProfileThread[];
  /** Absent where the profile's source has no addresses. */
  readonly addresses?: AddressTable;
  /** Limitations, for the user: unresolved modules, lost samples. */
  readonly notes: readonly string[];
}

/** A view of a profile with the samples of one of its events only: what shares and sums are computed from. */
export interface EventProfile extends Profile {
  /** The event of all its samples. */
  readonly event: ProfileEvent;
}

export interface ProfileEvent {
  /** As perf names it, e.g. `cpu-clock:u`. */
  readonly name: string;
  /** Weights are complete counts: a sample is a location with its count, not a point in time. */
  readonly exact?: boolean;
  /**
   * How many samples the weights were summed of, where the profile's samples are such sums; null where that is unknown.
   * Absent where each of the profile's samples is one.
   */
  readonly taken?: number | null;
  /** Unit of the weights, e.g. `bytes`, if known; otherwise they are counts of the event. */
  readonly unit?: string;
  /** The event that was requested but couldn't be counted on the machine, and why. */
  readonly fallback?: { readonly requested: string; readonly reason: string };
}

export interface ProfileThread {
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
}

export interface FunctionTable {
  readonly length: number;
  /** String indices. */
  readonly name: Int32Array;
  /** String index of the module's path, -1 if unknown. */
  readonly module: Int32Array;
  /** String index of the file that defines it, -1 if unknown. */
  readonly file: Int32Array;
  /** 1-based line of the definition, 0 if unknown. */
  readonly line: Int32Array;
}

/** A line of a function, and whether the compiler inlined the function into the frame outside it. */
export interface FrameTable {
  readonly length: number;
  readonly func: Int32Array;
  /** String index of the file the line is in, -1 if unknown. */
  readonly file: Int32Array;
  /** 1-based, 0 if unknown. */
  readonly line: Int32Array;
  readonly inlined: Uint8Array;
}

/** A tree of frames. Invariant: a stack's parent has a smaller index than the stack, so one pass can sum. */
export interface StackTable {
  readonly length: number;
  /** The stack of the caller, -1 at the root. */
  readonly parent: Int32Array;
  readonly frame: Int32Array;
}

export interface SampleTable {
  readonly length: number;
  /** The innermost stack, -1 if the sample has no frame at all. */
  readonly stack: Int32Array;
  readonly thread: Int32Array;
  /** Index into `events`. */
  readonly event: Uint8Array;
  /** Seconds since the first sample. */
  readonly time: Float64Array;
  /** The sample's period: what `perf report` sums for its percentages. */
  readonly weight: Float64Array;
  /** Index into `addresses` of the instruction that ran, -1 if it isn't in a file. */
  readonly address?: Int32Array;
}

/** Instructions in files, as the symbols of the file number them: what a disassembler prints. */
export interface AddressTable {
  readonly length: number;
  /** String index of the file's path. */
  readonly module: Int32Array;
  /** String index of the file's build ID, hexadecimal, -1 if unknown. */
  readonly buildId: Int32Array;
  readonly address: Float64Array;
  /** A stack of only the function and of those inlined into it at the address, -1 if unknown. */
  readonly stack: Int32Array;
  /** Of an exact count, whose samples are lines: how often each instruction was counted. */
  readonly count?: Float64Array;
}
