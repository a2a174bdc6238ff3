/** A format that can't be imported: what it is, and how to convert it to one that can. */
interface Foreign {
  readonly what: string;
  readonly remedy: string;
  /** With 'FILE' in place of the file's name. */
  readonly command?: string;
}

type Rule = readonly [pattern: RegExp, foreign: Foreign, also?: RegExp];

const viaSpeedscope = 'Open it in speedscope (speedscope.app), export it there, and import that file.';
const viaPprof =
  'Convert it to the current pprof format with the pprof tool, which requires the profiled program.';
const fold = (tool: string) => `Fold it with ${tool} of the FlameGraph scripts and import the output.`;

const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex');

const oldPprof = (what: string): Foreign => ({
  what,
  remedy: viaPprof,
  command: "pprof -proto PROGRAM 'FILE' >profile.pb.gz",
});

const packed = (what: string, command: string): Foreign => ({
  what: `a file compressed with ${what}`,
  remedy: 'Decompress it and import the content.',
  command,
});

/** By hexadecimal bytes at an offset. */
const magics: readonly (readonly [at: number, hex: string, foreign: Foreign])[] = [
  [0, 'fd377a585a00', packed('xz', "unxz --keep 'FILE'")],
  [0, '425a68', packed('bzip2', "bunzip2 --keep 'FILE'")],
  [0, '28b52ffd', packed('zstd', "unzstd 'FILE'")],
  [0, '04224d18', packed('lz4', "unlz4 'FILE'")],
  [0, '504b0304', packed('zip', "unzip 'FILE'")],
  [0, '377abcaf271c', packed('7-Zip', "7z x 'FILE'")],
  [257, hex('ustar'), packed('tar', "tar -xf 'FILE'")],
  [
    0,
    `7f${hex('ELF')}`,
    {
      what: 'a program or library',
      remedy: 'Record it, then import perf.data.',
      command: "perf record -g -- 'FILE'",
    },
  ],
  [
    4,
    hex('QPERFSTREAM'),
    { what: 'a file of Hotspot', remedy: 'Import the perf.data file it was created from.' },
  ],
  [
    0,
    hex('SIMPLEPERF'),
    {
      what: 'a protobuf file of simpleperf',
      remedy: 'Convert it to text with report_sample.py of simpleperf and import that.',
    },
  ],
  [
    0,
    `${hex('FLR')}00`,
    {
      what: 'a Java Flight Recorder file',
      remedy: 'Fold it with the converter of async-profiler and import that.',
      command: "jfrconv --cpu -o collapsed 'FILE' profile.folded",
    },
  ],
  // A header of five words: 0, 3, 0, the period, 0; of 32 bits or of 64.
  [0, '0000000003000000', oldPprof('a CPU profile in the legacy format of gperftools')],
  [0, '00000000000000000300000000000000', oldPprof('a CPU profile in the legacy format of gperftools')],
];

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
    /^(PeriodType: |File: .*\n(.*\n){0,4}Showing nodes accounting for |Showing nodes accounting for )/,
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
  [/^"?(Function Stack|Function),/m, { what: 'a table of VTune', remedy: fold('stackcollapse-vtune.pl') }],
  [
    /^Analysis of sampling /m,
    { what: 'output of sample on macOS', remedy: fold('stackcollapse-sample.awk') },
  ],
  [/^@\w*\[\n/m, { what: 'output of bpftrace', remedy: fold('stackcollapse-bpftrace.pl') }],
  [
    /^CPU +ID +FUNCTION:NAME|^ +[^\s`]+`[^\s`]+\n/m,
    { what: 'output of DTrace', remedy: fold('stackcollapse.pl') },
  ],
  [
    /^(Weight\tSelf Weight\t|Bytes Used\t|Running Time\tSelf )/,
    { what: 'a call tree copied from Instruments', remedy: viaSpeedscope },
  ],
  [
    /^Flat profile:\n/m,
    { what: 'a report of gprof', remedy: 'Record the program with perf record -g and import perf.data.' },
  ],
  [
    /^ ?Performance counter stats for /m,
    { what: 'output of perf stat', remedy: "Counts don't contain functions. Record with perf record -g." },
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

/** By the keys in the head of a JSON file. */
const jsons: readonly Rule[] = [
  [
    /"linux-perf-json-version"/,
    { what: 'a recording that perf converted to JSON', remedy: 'Import the perf.data file itself.' },
  ],
  [/"dhatFileVersion"/, { what: 'a heap profile of DHAT', remedy: 'Open it in dh_view.html of valgrind.' }],
  [
    /"traceEvents"|^\[\s*\{[^}]*"ph" ?:|"ph" ?: ?"[BEXMbe]"/,
    { what: 'a Chrome trace', remedy: viaSpeedscope },
  ],
  [/"head" ?:/, { what: 'a heap profile of V8', remedy: viaSpeedscope }, /"selfSize"/],
  [/"nodes" ?:|"head" ?:/, { what: 'a CPU profile of V8', remedy: viaSpeedscope }, /"(callFrame|callUID)"/],
  [
    /"(preprocessedProfileVersion|processType|stackTable|profileJSON)" ?:|"meta" ?: ?\{\s*"(interval|startTime|version)"/,
    {
      what: 'a profile of the Firefox Profiler',
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
  const magic = magics.find(([at, bytes]) => head.toString('hex', at, at + bytes.length / 2) === bytes);
  if (magic) return magic[2];
  const text = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .replaceAll('\r\n', '\n');
  if (text.includes('\0')) return undefined;
  const start = text.trimStart();
  const rules = start.startsWith('{') || start.startsWith('[') ? (isSpeedscope(start) ? [] : jsons) : texts;
  return rules.find(([pattern, , also]) => pattern.test(start) && (also?.test(start) ?? true))?.[1];
}

function isSpeedscope(text: string): boolean {
  return /speedscope\.app\/file-format-schema|"profiles" ?: ?\[/.test(text);
}
