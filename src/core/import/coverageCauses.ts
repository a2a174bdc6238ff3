import type { EventProfile } from '../../model/profile.js';
import type { ImportFormat } from './detect.js';
import type { Reading } from './plausibility.js';

/** Why a format lacks something, as a phrase after a colon, and what to do. */
export type Cause = readonly [why: string, remedy: string];

export interface Causes {
  readonly names: Cause;
  readonly lines: Cause;
  /** Of functions of which only the declaration is known. */
  readonly linesThatRan: Cause;
}

const original =
  'Import the recording that it was made of, such as perf.data, on the machine with its programs.';
const noLines = 'the file has no lines of samples';

/** Stacks as text: nothing but names. */
const folded: Causes = {
  names: ['the tool that wrote the stacks found none', original],
  lines: ['folded stacks have names only', original],
  linesThatRan: [noLines, original],
};

/** py-spy writes `work (job.py:12)`, Austin `job.py:work:12`, rbspy `work - job.rb:12`. */
const nameWithLine = /^\S.*( \(.+:\d+\)|:[^:]+:\d+| - \S.*:\d+)$/;

const linesInNames: Cause = [
  'they are part of the names',
  'Use a format that keeps them apart: --format speedscope of py-spy and rbspy, or austin2speedscope.',
];

const ofRuntime =
  'Record the runtime with perf record -g to see its own code (Node.js: with --perf-basic-prof).';
const v8: Causes = {
  names: ['the profiler knew none', ofRuntime],
  lines: ["they are part of the runtime, or the profiler doesn't know their source", ofRuntime],
  linesThatRan: [noLines, 'Record them with perf: $ perf record -g -k mono node --perf-prof PROGRAM'],
};

const byFormat: Readonly<Record<Exclude<ImportFormat, 'perf.data'>, Causes>> = {
  folded,
  difffolded: folded,
  'perf-script': {
    names: ['perf script found no symbols', 'Import perf.data itself, or install the debug symbols.'],
    lines: [
      "perf script didn't print them",
      'Import perf.data itself, or print them with perf script -F +srcline.',
    ],
    linesThatRan: [noLines, 'Import perf.data itself.'],
  },
  'perf-report': {
    names: ['perf report found no symbols', 'Import perf.data itself, or install the debug symbols.'],
    lines: ["perf report doesn't print them", 'Import perf.data itself.'],
    linesThatRan: [noLines, 'Import perf.data itself.'],
  },
  speedscope: {
    names: ['the file has none', original],
    lines: ["the file doesn't say where they are", original],
    linesThatRan: [noLines, original],
  },
  pprof: {
    names: [
      'the profile has addresses only',
      'Symbolize it where the program is: $ pprof -proto -output=symbolized.pb.gz PROGRAM PROFILE',
    ],
    lines: ['the profile has none', 'Compile with -g (Go: without -ldflags=-w), and symbolize it again.'],
    linesThatRan: [noLines, 'Compile with -g (Go: without -ldflags=-w), and symbolize it again.'],
  },
  callgrind: {
    names: ['callgrind found no symbols', 'Run callgrind again with a program that is not stripped.'],
    lines: ['they were compiled without debug information', 'Compile with -g and run callgrind again.'],
    linesThatRan: [noLines, 'Run callgrind again with --dump-line=yes.'],
  },
  cpuprofile: v8,
  'chrome-trace': { ...v8, linesThatRan: [noLines, 'Record it with Chrome 85 or later.'] },
  firefox: {
    names: [
      'the profile has addresses only',
      'Open it in profiler.firefox.com, which symbolicates, and save it again.',
    ],
    lines: [
      "they are part of the runtime, or the profiler doesn't know their source",
      'Open it in profiler.firefox.com where the debug information is, and save it again.',
    ],
    linesThatRan: [noLines, 'Record with a tool that saves them, such as samply.'],
  },
};

export function causesOf(profile: EventProfile, { format, head }: Reading): Causes {
  const causes = byFormat[format as Exclude<ImportFormat, 'perf.data'>];
  if (format === 'callgrind' && /^creator: *xdebug/im.test(head.toString('latin1'))) {
    const php = 'Record PHP with perf record -g to see its own code.';
    return { ...causes, lines: ['they are built into PHP', php] };
  }
  if (causes === folded && haveLines(profile)) return { ...causes, lines: linesInNames };
  return causes;
}

/** Of most of the functions that were sampled. */
function haveLines({ samples, stacks, frames, functions, strings }: EventProfile): boolean {
  const named = samples.stack.filter((stack) => {
    const func = frames.func[stacks.frame[stack] as number] as number;
    return nameWithLine.test(strings[functions.name[func] as number] ?? '');
  });
  return named.length > samples.length / 2;
}
