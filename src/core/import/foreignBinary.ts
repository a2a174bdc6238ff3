import { ctf, notTime, viaFirefox, viaPerf, type Foreign } from './foreignKind.js';
import { foreignProtobuf } from './foreignProtobuf.js';

const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex');

/** The pprof that comes with gperftools has no -proto, and folds; that of Go converts. */
const ofGperftools: Foreign = {
  what: 'a CPU profile in the legacy format of gperftools',
  remedy:
    'Convert it with the pprof of Go (go tool pprof -proto PROGRAM PROFILE >profile.pb.gz), or fold it with that of gperftools (google-pprof on Debian).',
  command: "google-pprof --collapsed PROGRAM 'FILE' >profile.folded",
};

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
  [
    0,
    hex('hakmem-lab-run.json'),
    {
      what: 'an archive of a run',
      remedy: 'Import the file itself, under a name that ends in .hakmem-lab.tgz.',
    },
  ],
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
    0,
    hex('go 1.'),
    {
      what: 'a trace of Go',
      remedy:
        'Record a CPU profile with runtime/pprof or go test -cpuprofile, or look at it with go tool trace.',
      command: "go tool trace 'FILE'",
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
  ...['1', '2'].map(
    (last) =>
      [
        0,
        `${hex(`JAVA PROFILE 1.0.${last}`)}00`,
        {
          what: 'a heap dump of Java (hprof)',
          remedy:
            'It has objects, not samples. Record allocations with async-profiler -e alloc -o collapsed and import that.',
        },
      ] as const,
  ),
  [0, 'cffaedfe', { what: 'a program of macOS', remedy: 'Record it where it runs, and import the profile.' }],
  [
    0,
    '4d5a9000',
    { what: 'a program of Windows', remedy: 'Record it where it runs, and import the profile.' },
  ],
  [0, hex('SLOW'), { what: 'a method trace of Android', remedy: viaFirefox }],
  // Python's marshal: a dictionary whose first key is a tuple of file, line, and name.
  ...['fb2903', 'fb2803', '7b2903', '7b2803', '7ba903'].map(
    (bytes) =>
      [
        0,
        bytes,
        {
          what: 'a profile of cProfile',
          remedy: 'Record with py-spy record --format speedscope and import that.',
        },
      ] as const,
  ),
  // A header of five words: 0, 3, 0, the period, 0; of 32 bits or of 64.
  [0, '0000000003000000', ofGperftools],
  [0, '00000000000000000300000000000000', ofGperftools],
  [0, `${hex('gmon')}01`, { what: 'a profile of gprof (gmon.out)', remedy: viaPerf }],
  ...['81', '52'].map(
    (last) =>
      [0, `${last}72666f72706cff`, { what: 'a raw profile of LLVM (.profraw)', remedy: viaPerf }] as const,
  ),
  [0, 'ff6c70726f666981', { what: 'a profile of LLVM (.profdata)', remedy: viaPerf }],
  ...['adcg', 'oncg', 'gcda', 'gcno'].map(
    (magic) => [0, hex(magic), { what: 'a coverage file of GCC (gcov)', remedy: viaPerf }] as const,
  ),
  [
    0,
    '5e97cafd',
    {
      what: 'a capture of Sysprof',
      remedy: viaPerf,
    },
  ],
  [
    0,
    `170844${hex('tracing')}`,
    {
      what: 'a recording of trace-cmd',
      remedy: notTime,
    },
  ],
  ...['571dd175', '75d11d57', 'c11ffcc1', 'c1fc1fc1'].map((bytes) => [0, bytes, ctf] as const),
  [
    0,
    hex('Nettrace'),
    {
      what: 'a trace of .NET (.nettrace)',
      remedy: 'Convert it to speedscope with dotnet-trace and import that.',
      command: "dotnet-trace convert --format Speedscope 'FILE'",
    },
  ],
  ...['tlZ\x04', 'tZst', 'tracy'].map(
    (magic) => [0, hex(magic), { what: 'a trace of Tracy', remedy: viaPerf }] as const,
  ),
  [0, '1000044678541600', { what: 'a trace of Fuchsia', remedy: 'Open it in ui.perfetto.dev.' }],
  [
    0,
    hex('bplist00'),
    { what: 'a property list of macOS', remedy: 'Import the call tree that Instruments or sample exports.' },
  ],
];

/** Recognizes binary formats by the first bytes of a file. */
export function foreignBinary(head: Buffer): Foreign | undefined {
  const magic = magics.find(([at, bytes]) => head.toString('hex', at, at + bytes.length / 2) === bytes);
  return magic?.[2] ?? foreignProtobuf(head);
}
