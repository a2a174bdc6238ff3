/**
 * The fuzzer's child: reads one damaged file after the other as the lab does. Each is refused by a LabError that says
 * where, or gives a profile that holds what the model promises. Everything else is a finding.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { importPerfScript } from '../unit/support/importBytes.js';
import { builtinCategories } from '../../src/core/categories/categories.js';
import { Classifier } from '../../src/core/categories/classifier.js';
import { exportFormats, exportProfile } from '../../src/core/export/exportProfile.js';
import { detectFormat } from '../../src/core/import/detect.js';
import { checked } from '../../src/core/import/events.js';
import { foreignFormat } from '../../src/core/import/foreign.js';
import { importers } from '../../src/core/import/importProfile.js';
import { MemoryLimit } from '../../src/core/memoryLimit.js';
import { LabError } from '../../src/core/labError.js';
import { parseLab } from '../../src/core/lab/loadLab.js';
import { SampleType } from '../../src/core/perfData/format.js';
import { readPerfData } from '../../src/core/perfData/reader.js';
import { toProfile } from '../../src/core/perfData/toProfile.js';
import { encodeProfile } from '../../src/model/binary.js';
import type { Profile } from '../../src/model/profile.js';
import { toDocument } from '../../src/views/toDocument.js';
import { ofEvent } from '../../src/views/sampleFilter.js';
import { unpackProfile } from '../../src/core/store/profileFile.js';
import { mapping, pair, perfDataFile, record, words } from '../unit/support/perfDataBytes.js';
import { mutate, random, type Kind } from './mutate.js';
import { SavedFiles, savedFileSeeds } from './savedFiles.js';

/** Deferred and last-branch call chains, and counters read with a sample: nothing here records them. */
const built = (() => {
  const { IP, TID, TIME, READ, CALLCHAIN, BRANCH_STACK, ID } = SampleType;
  const attribute = {
    sampleType: IP | TID | TIME | READ | CALLCHAIN | BRANCH_STACK | ID,
    readFormat: 4 | 8,
    flags: 1 << 18,
    branchSampleType: 1 << 11,
    ids: [1, 2],
  };
  const sample = (time: number, ...chain: number[]) =>
    record(
      9,
      1,
      chain[1] ?? 0,
      pair(7, 7),
      time,
      1,
      words(2, time, 1, time * 2, 2),
      words(chain.length, ...chain),
      words(1, 0x40_0200, 0x40_0100, 0),
    );
  return perfDataFile(
    [attribute],
    mapping(7, 0x40_0000, 0x1000, '/bin/app'),
    mapping(-1, -0x7f00_0000, 0x1000, '[kernel.kallsyms]_text', 1),
    ...[100, 110, 120].map((time) => sample(time, -128, -0x7eff_fff0, -640, time)),
    sample(130, -512, 0x40_0100, 0x40_0200),
    ...[100, 120].map((cookie) => record(22, 2, cookie, 2, 0x40_0100, 0x40_0200, pair(7, 7), 140, 1)),
  );
})();

interface Format {
  readonly kind: Kind;
  readonly seeds: readonly Buffer[];
  /** Undone before damage and done again after it. */
  readonly packed?: boolean;
  readonly read: (data: Buffer) => Profile | undefined | Promise<Profile | undefined>;
}

const root = process.env.HAKMEM_LAB_ROOT ?? process.cwd();
const file = (name: string) => readFileSync(path.join(root, name));
const fixture = (name: string) => file(path.join('test/fixtures', name));
const classifier = new Classifier(builtinCategories);

const recorded = importPerfScript(fixture('variants.srcline.txt'));
const several = importPerfScript(fixture('events.script.txt'));
const made = (profile: Profile, format: 'speedscope' | 'pprof') =>
  Buffer.from(exportProfile({ profile: ofEvent(profile), all: profile, classifier, title: 'seed' }, format));
const evented = Buffer.from(
  '{"shared":{"frames":[{"name":"a"},{"name":"b"}]},"profiles":[{"type":"evented","name":"p","unit":"seconds","startValue":0,"endValue":9,"events":[{"type":"O","frame":0,"at":0},{"type":"O","frame":1,"at":2},{"type":"C","frame":1,"at":5},{"type":"C","frame":0,"at":9}]}]}',
);

const callFrame = (functionName: string, lineNumber: number) => ({
  functionName,
  url: 'file:///srv/a.js',
  lineNumber,
});
const nodes = [
  { id: 1, callFrame: callFrame('(root)', -1), children: [2, 4] },
  { id: 2, callFrame: callFrame('f', 4), children: [3] },
  { id: 3, callFrame: callFrame('g', 8) },
  { id: 4, callFrame: callFrame('(idle)', -1) },
];
const json = (value: object) => Buffer.from(JSON.stringify(value));
/** What V8 and the Firefox Profiler write, in small. */
const cpuProfile = json({
  nodes,
  startTime: 0,
  endTime: 60,
  samples: [2, 3, 4, 3],
  timeDeltas: [10, 20, 10, 20],
});
const chromeTrace = json({
  traceEvents: [
    { name: 'thread_name', pid: 1, tid: 2, args: { name: 'Main' } },
    { name: 'Profile', pid: 1, tid: 2, id: '0x1', args: { data: { startTime: 0 } } },
    {
      name: 'ProfileChunk',
      pid: 1,
      tid: 3,
      id: '0x1',
      args: { data: { cpuProfile: { nodes, samples: [2, 3] }, timeDeltas: [10, 20] } },
    },
  ],
});
const firefox = json({
  meta: { interval: 1, version: 27, preprocessedProfileVersion: 47 },
  libs: [{ path: '/bin/app' }],
  threads: [
    {
      name: 'Main',
      pid: '7',
      tid: 8,
      samples: { stack: [0, 1, 1], time: [0, 1, 2], weight: [1, 2, 1], weightType: 'samples', length: 3 },
      stackTable: { frame: [0, 1], prefix: [null, 0], length: 2 },
      frameTable: { func: [0, 1], line: [1, 2], inlineDepth: [0, 0], length: 2 },
      funcTable: { name: [0, 1], fileName: [2, 2], lineNumber: [1, 2], resource: [0, 0], length: 2 },
      resourceTable: { lib: [0], name: [0], length: 1 },
      stringArray: ['main', 'work', 'a.c'],
    },
  ],
});

function textFormat(
  name: keyof typeof importers,
  kind: Kind,
  seeds: readonly Buffer[],
  packed = false,
): Format {
  return {
    kind,
    seeds,
    packed,
    read(data) {
      const importer = importers[name](new MemoryLimit());
      const size = Math.max(1, data.length >> 1);
      for (let at = 0; at < data.length; at += size) importer.write(data.subarray(at, at + size));
      return checked(importer.finish(), 'input');
    },
  };
}

const fixtures = (...names: string[]) => names.map(fixture);

const savedFiles = new SavedFiles(process.env.HAKMEM_LAB_FUZZ_CHILD ?? '', recorded);
const savedFile = (name: keyof typeof savedFileSeeds): Format => ({
  kind: 'json',
  seeds: savedFileSeeds[name],
  read: (data) => savedFiles.read(name, data),
});

export const formats: Readonly<Record<string, Format>> = {
  'perf.data': {
    kind: 'binary',
    seeds: [...fixtures('calls.perf.data'), built],
    async read(data) {
      const recording = await readPerfData(data);
      const symbols = { frames: recording.locations.map(() => []), notes: [] };
      return checked(toProfile(recording, symbols, { inline: true }), 'input');
    },
  },
  'perf-script': textFormat(
    'perf-script',
    'text',
    fixtures(
      'variants.default.txt',
      'variants.srcline.txt',
      'variants.notime.txt',
      'flat.script.txt',
      'events.script.txt',
    ),
  ),
  'perf-report': textFormat(
    'perf-report',
    'text',
    fixtures('variants.report.txt', 'reference.report.txt', 'calls.children.txt'),
  ),
  folded: textFormat('folded', 'text', [...fixtures('calls.folded'), Buffer.from('a;b 1 2\na;c 3 4\n')]),
  callgrind: textFormat('callgrind', 'text', fixtures('calls.callgrind.no', 'calls.callgrind.yes')),
  speedscope: textFormat('speedscope', 'json', [made(recorded, 'speedscope'), evented]),
  pprof: textFormat(
    'pprof',
    'binary',
    [made(recorded, 'pprof'), made(several, 'pprof')].map((data) => gunzipSync(data)),
  ),
  difffolded: textFormat('difffolded', 'text', [Buffer.from('a;b 1 2\na;c 3 4\na 0 1\n')]),
  cpuprofile: textFormat('cpuprofile', 'json', [cpuProfile]),
  'chrome-trace': textFormat('chrome-trace', 'json', [chromeTrace]),
  firefox: textFormat('firefox', 'json', [firefox]),
  saved: {
    kind: 'binary',
    seeds: [recorded, several].map((profile) => Buffer.from(encodeProfile(profile))),
    packed: true,
    read: (data) => unpackProfile(data, 'input'),
  },
  lab: {
    kind: 'json',
    seeds: [file('native/hakmem-lab.json')],
    read(data) {
      const lab = parseLab(data.toString('utf8'), 'input');
      new Classifier(lab.categories).classifyAll(recorded);
      return undefined;
    },
  },
  run: savedFile('run'),
  comparison: savedFile('comparison'),
  matrix: savedFile('matrix'),
  gate: savedFile('gate'),
};

/** The input of a number: the same for the same seed. */
export function inputOf(format: string, seed: number, index: number): Buffer {
  const { kind, seeds, packed } = formats[format] as Format;
  const r = random(seed * 0x9e3779b1 + index);
  const start = seeds[Math.floor(r() * seeds.length)] as Buffer;
  const damaged = mutate(r, start, kind, seeds);
  return packed ? gzipSync(damaged, { level: 1 }) : damaged;
}

/** @returns whether the input was read, not refused. Throws what is wrong. */
export async function attempt(format: string, data: Buffer, exporting: boolean): Promise<boolean> {
  detectFormat(data, 'input');
  foreignFormat(data);
  try {
    const profile = await (formats[format] as Format).read(data);
    if (profile) valid(profile, exporting);
    return true;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    if (error.detail === '') throw new Error(`It does not say where: ${error.message}`, { cause: error });
    return false;
  }
}

function valid(profile: Profile, exporting: boolean): void {
  const { stacks, frames, functions, samples, events, strings } = profile;
  const within = (what: string, column: ArrayLike<number>, low: number, high: number) => {
    for (let i = 0; i < column.length; i++) {
      const value = column[i] as number;
      if (!(value >= low && value < high)) throw new Error(`${what}[${i}] is ${value}, not below ${high}`);
    }
  };
  within('samples.stack', samples.stack, -1, stacks.length);
  within('samples.event', samples.event, 0, events.length);
  within('samples.thread', samples.thread, 0, profile.threads.length);
  within('samples.weight', samples.weight, 0, Infinity);
  within('stacks.frame', stacks.frame, 0, frames.length);
  within('frames.func', frames.func, 0, functions.length);
  within('functions.name', functions.name, -1, strings.length);
  for (let s = 0; s < stacks.length; s++)
    if (!((stacks.parent[s] as number) < s)) throw new Error(`stack ${s} has its parent behind it`);
  events.forEach((event, index) => {
    const view = ofEvent(profile, index);
    const document = toDocument(view, classifier, null);
    const sums = [document.functions, document.categories].map((list) =>
      list.reduce((sum, entry) => sum + entry.selfPercent, 0),
    );
    const stackless = view.samples.length === 0 || view.samples.stack.includes(-1);
    for (const sum of sums)
      if (!stackless && Math.abs(sum - 100) > 1e-4 && view.samples.weight.some((w) => w > 0))
        throw new Error(`the shares of ${event.name} add up to ${sum}`);
    if (!exporting || index > 0) return;
    for (const format of exportFormats)
      exportProfile({ profile: view, all: profile, classifier, title: 'fuzz' }, format);
  });
}

if (process.env.HAKMEM_LAB_FUZZ_CHILD && process.send) {
  process.on('message', (job: { format: string; seed: number; index: number }) => {
    const { format, seed, index } = job;
    const start = process.cpuUsage();
    const exporting = index % 8 === 0;
    const data = inputOf(format, seed, index);
    attempt(format, data, exporting).then(
      (read) => answer({ read, bytes: data.length }),
      (error: unknown) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        answer({ read: false, bytes: data.length, wrong: text });
      },
    );
    const answer = (result: object) => {
      const { rss } = process.memoryUsage();
      const { user, system } = process.cpuUsage(start);
      // Of the processor, not of the clock: other programs may be running.
      const milliseconds = (user + system) / 1000;
      process.send?.({ ...result, index, milliseconds, rss });
    };
  });
  process.send({ formats: Object.keys(formats) });
}
