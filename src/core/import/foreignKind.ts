import type { ImportFormat } from './detect.js';

/** A format of another tool: what it is, and how to convert it to one that can be imported. */
export interface Foreign {
  /** It can be imported, unless the file turns out to have no samples. */
  readonly format?: ImportFormat;
  readonly what: string;
  readonly remedy: string;
  /** With 'FILE' in place of the file's name. */
  readonly command?: string;
}

/** By the text of the head, all of which must match. */
export type Rule = readonly [pattern: RegExp, foreign: Foreign, also?: RegExp];

export const fold = (tool: string) => `Fold it with ${tool} of the FlameGraph scripts and import the output.`;

export const viaPerf = 'Record the program with perf record -g and import perf.data.';

export const notTime =
  "Events don't show where time is spent. Record with perf record -g and import perf.data.";

export const viaPprof =
  'Convert it to the current pprof format with the pprof tool, which requires the profiled program.';

/** profiler.firefox.com reads more formats than can be imported, and saves them in one that can. */
export const viaFirefox = 'Open it in profiler.firefox.com, save it there, and import that file.';

export const ctf: Foreign = {
  what: 'a trace in the Common Trace Format (LTTng)',
  remedy: notTime,
};
