import { foreignBinary } from './foreignBinary.js';
import { reports } from './foreignReports.js';
import { ctf, fold, notTime, viaFirefox, viaPerf, viaPprof, type Foreign, type Rule } from './foreignKind.js';

const viaSpeedscope = 'Open it in speedscope (speedscope.app), export it there, and import that file.';

/** By the text of the head. */
const texts: readonly Rule[] = [
  [
    /^(\d+ ){0,3}0x[0-9a-f]{1,16}(@\S+)? \[0x[0-9a-f]+\]: (event: \d|PERF_RECORD_)|^\. \.\.\. raw event: size \d/m,
    {
      what: 'a raw dump of the records that perf printed (-D)',
      remedy: 'Import the perf.data file that it was printed from, or print it without -D.',
    },
  ],
  [
    /^(heap profile: *\d|--- ?(contention|heap|growth|thread|threadz|mutex)|heap_v2\/|(goroutine|threadcreate|mutex|block) profile: )/,
    {
      what: 'a profile in the legacy text format of pprof',
      remedy: viaPprof,
      command: "pprof -proto PROGRAM 'FILE' >profile.pb.gz",
    },
  ],
  [
    /^--- symbol\nbinary=/,
    {
      what: 'a profile that the pprof of gperftools wrote with --raw',
      remedy: 'Fold it, and import the output.',
      command: "google-pprof --collapsed 'FILE' >profile.folded",
    },
  ],
  [
    /^(PeriodType: |(File: .*\n|Active filters:\n)?(.*\n){0,4}Showing nodes accounting for |Total: .*\nROUTINE =|File: .*\nType: .*\n(.*\n)?-{5,}\+|digraph "[^"]*" \{\nnode \[style=filled|\w+: Total \S+ of \S+ \( *[\d.]+%\)\n)/,
    {
      what: 'text output of pprof',
      remedy: 'Import the profile it was created from (profile.pb.gz).',
    },
  ],
  [
    /^@ \S+ \[\d+ samples\]/,
    { what: 'a call graph of FreeBSD pmcstat', remedy: fold('stackcollapse-pmc.pl') },
  ],
  [
    /Time and Allocation Profiling Report/,
    {
      what: 'a cost-center profile of GHC',
      remedy: 'Fold it with ghc-prof-flamegraph or inferno-collapse-ghcprof and import that.',
    },
  ],
  [
    /^"?(Function Stack|Function),|^Index +% CPU Time:Total/m,
    { what: 'a table of VTune', remedy: fold('stackcollapse-vtune.pl') },
  ],
  [
    /^Analysis of sampling /m,
    { what: 'output of sample on macOS', remedy: fold('stackcollapse-sample.awk') },
  ],
  [
    /^@\w*\[(\S[^\n]{0,200}, ?)?\n/m,
    { what: 'output of bpftrace', remedy: fold('stackcollapse-bpftrace.pl') },
  ],
  [
    /^CPU +ID +FUNCTION:NAME|^ +[^\s`]+`[^\s`]+\n/m,
    { what: 'output of DTrace', remedy: fold('stackcollapse.pl') },
  ],
  [
    /^(Weight\tSelf Weight\t|Bytes Used\t|Running Time\tSelf )/,
    { what: 'a call tree copied from Instruments', remedy: viaSpeedscope },
  ],
  [
    /^Flat profile:\n|^index +% time +self +children +called|^call graph profile:\n/m,
    { what: 'a report of gprof', remedy: viaPerf },
  ],
  [
    /^ ?Performance counter stats for /m,
    { what: 'output of perf stat', remedy: "Counts don't contain functions. Record with perf record -g." },
  ],
  [
    /^(# started on .*\n\s*)?(<not (supported|counted)>|\d[\d.]*),[^,\n]{0,20},[^,\s]{1,100},\d+,\d+\.\d\d,/,
    { what: 'output of perf stat', remedy: "Counts don't contain functions. Record with perf record -g." },
  ],
  [
    /^ *(\?|\d+\.\d{3}) \( *(\d+\.\d{3} ms)?\): \S|^ Summary of events:\n/m,
    {
      what: 'output of perf trace',
      remedy: notTime,
    },
  ],
  [/^\/\* CTF \d/, ctf],
  [
    /^v [0-9a-f]+ [0-9a-f]+\n[A-Zsx] /,
    {
      what: 'a recording of heaptrack',
      remedy: 'Convert it to folded stacks with heaptrack_print and import them.',
      command: "heaptrack_print --print-peaks=0 --print-flamegraph=profile.folded 'FILE'",
    },
  ],
  [
    /^# tracer: |^TRACE:\n/,
    {
      what: 'a trace of ftrace',
      remedy: notTime,
    },
  ],
  [
    /^(<!doctype html|<html)[^]{0,60000}?(trace-viewer|Android System Trace|class="trace-data")/i,
    { what: 'a page of systrace', remedy: 'Open it in ui.perfetto.dev, or record with simpleperf.' },
  ],
  [
    /^(<!doctype html|<html)/i,
    { what: 'a web page', remedy: 'Import the profile that it shows, which the tool can save on its own.' },
  ],
  [
    /^(<\?xml [^>]*>\s*)?(<!DOCTYPE svg [^>]*>\s*)?<svg /,
    { what: 'a picture of a flame graph', remedy: 'Import the folded stacks that it was drawn from.' },
  ],
  [
    /^AMD ?uProf|^"?AMD uProf/i,
    {
      what: 'a report of AMD uProf',
      remedy: viaPerf,
    },
  ],
  [
    /^# Baseline +Delta/m,
    { what: 'output of perf diff', remedy: 'Import both recordings and compare them.' },
  ],
  [
    /^ ?Percent \|\s+Source code & Disassembly of/m,
    {
      what: 'output of perf annotate',
      remedy: 'Import the perf.data file, which has the cost of each line.',
    },
  ],
  [
    /^desc: .*\ncmd: .*\ntime_unit: /m,
    { what: 'a heap profile of massif', remedy: 'Open it with ms_print.' },
  ],
];

/** By the text of the head, too: other systems and languages. */
const otherTexts: readonly Rule[] = [
  [
    /^v8-version,/,
    { what: 'a log of V8 (node --prof)', remedy: 'Record with node --cpu-prof and import that.' },
  ],
  [
    /^(Version: \S+\nFile format: |TRACE START \[)/,
    {
      what: 'a function trace of Xdebug',
      remedy: 'Record with xdebug.mode=profile and import the file cachegrind.out.',
    },
  ],
  [
    /^JAVA PROFILE 1\./,
    { what: 'a profile of hprof', remedy: 'Record with async-profiler -o collapsed and import that.' },
  ],
  [/^\*version\n\d+\ndata-file-overflow=/, { what: 'a method trace of Android', remedy: viaFirefox }],
  [
    /^Level,Function Name,Number of Calls,/,
    {
      what: 'a call tree of Visual Studio',
      remedy: 'Fold it with inferno-collapse-vsprof and import the output.',
    },
  ],
  [
    /^<\?xml[^>]*>\s*<trace-query-result>/,
    { what: 'a table of xctrace', remedy: 'Fold it with inferno-collapse-xctrace and import the output.' },
  ],
  [
    /^<profile>\s*<size>/,
    {
      what: 'a profile of an old sysprof',
      remedy: viaPerf,
    },
  ],
  [
    /^Process Name, Display Name, Process, Stack,/,
    { what: 'a table of xperf', remedy: 'Open it in Windows Performance Analyzer.' },
  ],
  [
    /^(# proto-file: .*perf_data\.proto|file_attrs \{)/m,
    { what: 'a recording that quipper converted to text', remedy: 'Import the perf.data file itself.' },
  ],
  [/^\S+ log opened \(PC\)\n/, { what: 'a profile of Papyrus', remedy: viaSpeedscope }],
];

/** By the keys in the head of a JSON file. */
const jsons: readonly Rule[] = [
  [
    /^\{"counter-value" ?:/,
    { what: 'output of perf stat', remedy: "Counts don't contain functions. Record with perf record -g." },
  ],
  [
    /^\{"type": ?"(attached_probes|map|hist|printf)", ?"data"/,
    {
      what: 'output of bpftrace (JSON)',
      remedy:
        'Run bpftrace without -f json, fold the output with stackcollapse-bpftrace.pl, and import that.',
    },
  ],
  [
    /"flamebearer" ?:/,
    { what: 'a flame graph of Pyroscope', remedy: 'Export it from Pyroscope as pprof and import that.' },
  ],
  [
    /^\{\s*"label" ?:[^]{0,200}?"duration" ?:[^,]*,\s*"markers" ?:/,
    { what: 'a recording of the old Firefox developer tools', remedy: viaSpeedscope },
  ],
  [
    /"linux-perf-json-version"/,
    { what: 'a recording that perf converted to JSON', remedy: 'Import the perf.data file itself.' },
  ],
  [/"dhatFileVersion"/, { what: 'a heap profile of DHAT', remedy: 'Open it in dh_view.html of valgrind.' }],
  [
    /"traceEvents"|^\[\s*\{[^}]*"ph" ?:|"ph" ?: ?"[BEXMbe]"/,
    { what: 'a Chrome trace', format: 'chrome-trace', remedy: viaSpeedscope },
  ],
  [
    /^\{\s*"code" ?: ?\[/,
    {
      what: 'a log of V8 (node --prof)',
      remedy: 'Record with node --cpu-prof and import that, or open it in speedscope and export it there.',
    },
    /"(functions|ticks|type)" ?:/,
  ],
  [/"head" ?:/, { what: 'a heap profile of V8', remedy: viaSpeedscope }, /"selfSize"/],
  [/"nodes" ?:/, { what: 'a CPU profile of V8', format: 'cpuprofile', remedy: viaSpeedscope }, /"callFrame"/],
  [/"head" ?:/, { what: 'an old CPU profile of V8', remedy: viaSpeedscope }, /"callUID"/],
  [
    /"(preprocessedProfileVersion|processType|stackTable|profileJSON)" ?:|"meta" ?: ?\{\s*"(interval|startTime|version)"/,
    {
      what: 'a profile of the Firefox Profiler',
      format: 'firefox',
      remedy: 'Import the perf.data file or the text it was created from.',
    },
  ],
  [/"(missed_samples|gc_samples)"/, { what: 'a profile of stackprof', remedy: viaSpeedscope }],
  [/"rts_arguments"/, { what: 'a cost-center profile of GHC', remedy: viaSpeedscope }],
  [/"recording" ?:/, { what: 'a Safari timeline', remedy: viaSpeedscope }, /"displayName"/],
];

/**
 * Recognizes formats that can't be imported by the first bytes of a file, to tell the user what to do.
 * @returns undefined if no format matches
 */
export function foreignFormat(head: Buffer): Foreign | undefined {
  const binary = foreignBinary(head);
  if (binary) return binary;
  const text = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .replaceAll('\r\n', '\n');
  if (text.includes('\0')) return undefined;
  const start = text.trimStart();
  const rules =
    start.startsWith('{') || /^\[(?!\w)/.test(start)
      ? isSpeedscope(start)
        ? []
        : jsons
      : [...texts, ...otherTexts, ...reports];
  return rules.find(([pattern, , also]) => pattern.test(start) && (also?.test(start) ?? true))?.[1];
}

function isSpeedscope(text: string): boolean {
  return /speedscope\.app\/file-format-schema|"profiles" ?: ?\[/.test(text);
}
