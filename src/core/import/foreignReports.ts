import { fold, viaPerf, type Rule } from './foreignKind.js';

const oneMoment = 'It shows one moment only.';
const viaPySpy = 'Record with py-spy record --format speedscope and import that.';

/** What profilers and debuggers print for people to read, by the text of the head. */
export const reports: readonly Rule[] = [
  [
    /^(Sampling at \d+ Hertz of |Tracing off-CPU time \(us\) of )/,
    {
      what: 'output of profile or offcputime of BCC',
      remedy: 'Run it with -f, which folds the stacks, and import the output.',
    },
  ],
  [
    /^--- Execution profile ---/,
    {
      what: 'text output of async-profiler',
      remedy: 'Write it with -o collapsed and import that.',
    },
  ],
  [
    /^Full thread dump |^"[^"\n]{1,200}" (#\d+ )?([^\n]{0,100} )?(prio|tid)=\S+ /m,
    {
      what: 'a thread dump of Java',
      remedy: `${oneMoment} Record with async-profiler -o collapsed and import that.`,
    },
  ],
  [
    /^goroutine \d+ \[[^\]\n]+\]:\n/m,
    {
      what: 'a dump of the goroutines of Go',
      remedy: 'Save it with debug=0 instead of debug=2 and import that.',
    },
  ],
  [/^CPU: [^\n]*\n(Counted|Profiling) /, { what: 'a report of OProfile', remedy: viaPerf }],
  [
    /^Profile data file '|^-{20,}\n(-- )?(Profile data file|Metadata|Command: )/m,
    {
      what: 'a report of callgrind_annotate, cg_annotate, or ms_print',
      remedy: 'Import the file that it was printed from, such as callgrind.out.PID.',
    },
  ],
  [
    /^\d+ function calls (\(\d+ primitive calls\) )?in [\d.]+ (CPU )?seconds$/m,
    { what: 'a report of cProfile', remedy: viaPySpy },
  ],
  [/^Process \d+: [^\n]*\nPython v\d/, { what: 'output of py-spy dump', remedy: `${oneMoment} ${viaPySpy}` }],
  [
    /^(PID \d+ - [^\n]*\n)?TID \d+:\n#0 |^Thread \d+ \((Thread 0x|LWP )[^\n]*:\n#0 /m,
    {
      what: 'stacks that a debugger printed',
      remedy: fold('stackcollapse-gdb.pl'),
    },
  ],
  [
    /^Total: \d+ samples\n *\d+ +[\d.]+% /m,
    {
      what: 'a report of google-pprof',
      remedy: 'Fold the profile that it was printed from, and import the output.',
      command: "google-pprof --collapsed PROGRAM 'FILE' >profile.folded",
    },
  ],
  [
    /^reading file "[^"\n]*" - please wait/,
    {
      what: 'a report of heaptrack',
      remedy: 'Print folded stacks of the recording instead, and import them.',
      command: 'heaptrack_print --print-peaks=0 --print-flamegraph=profile.folded RECORDING',
    },
  ],
  [
    /^Measure Mode: \w+\nThread ID: /,
    {
      what: 'a report of ruby-prof',
      remedy:
        'Print it with RubyProf::CallTreePrinter, which writes the format of callgrind, and import that.',
    },
  ],
  [
    /^Statistical profiling result from /,
    {
      what: 'a report of node --prof-process',
      remedy: 'Record with node --cpu-prof and import that.',
    },
  ],
  [
    /^NYTProf \d+ \d+\n/,
    {
      what: 'a profile of Devel::NYTProf',
      remedy: 'Convert it to the format of callgrind, and import that.',
      command: "nytprofcg --file 'FILE' --out profile.callgrind",
    },
  ],
  [
    /^0 \S+ \S+:-?\d+\n(\d+ \S+ \S+:-?\d+\n)*(# [^\n]*\n)*\n/,
    { what: 'output of phpspy', remedy: 'Fold it with stackcollapse-phpspy.pl and import the output.' },
  ],
  [
    /^(execve\("|\d+ +(\d\S+ )?execve\(")|^% time +seconds +usecs\/call +calls /,
    {
      what: 'output of strace',
      remedy: "System calls don't show where time is spent. Record with perf record -g and import perf.data.",
    },
  ],
  [
    /^==\d+== (Memcheck|Massif|Cachegrind|Callgrind|Helgrind|DHAT)/,
    {
      what: 'messages of valgrind',
      remedy: 'Import the file that valgrind --tool=callgrind writes, callgrind.out.PID.',
    },
  ],
];
