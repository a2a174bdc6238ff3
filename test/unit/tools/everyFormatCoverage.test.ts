import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { exportProfile } from '../../../src/core/export/exportProfile.js';
import { importProfile } from '../../../src/core/import/importProfile.js';
import { LabError } from '../../../src/core/labError.js';
import { coverage } from '../../../src/views/coverage.js';
import { cutStacks } from '../../../src/views/cutStacks.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { recordingContext, root } from '../support/fixtures.js';

const fixtures = path.join(root, 'test/fixtures');
const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-every-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const chain = (...names: readonly string[]) => names.join(';');
const deep = (frames: number, first: number) =>
  Array.from({ length: frames }, (_, i) => `f${(first + i) % 9}`);
const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
  id,
  callFrame: { functionName, url, lineNumber: url === '' ? -1 : 3 },
  children,
});
const v8 = (url: string) => ({
  nodes: [node(1, '(root)', '', [2]), node(2, 'work', url)],
  samples: [2, 2, 2],
  timeDeltas: [10, 10, 10],
});
const firefox = (name: string, fileName: number | null, lineNumber: number | null) => ({
  meta: { interval: 1, startTime: 0, preprocessedProfileVersion: 55 },
  libs: [{ path: '/srv/a' }],
  threads: [
    {
      stackTable: { frame: [0], prefix: [null], length: 1 },
      frameTable: { func: [0], line: [null], inlineDepth: [0], length: 1 },
      funcTable: { name: [0], fileName: [fileName], lineNumber: [lineNumber], resource: [0] },
      resourceTable: { lib: [0], name: [0] },
      samples: { stack: [0, 0], time: [0, 1], weight: null, length: 2 },
      stringArray: [name, '/srv/a.js'],
      name: 'T',
      pid: '5',
      tid: 6,
    },
  ],
});
const speedscope = (stacks: readonly (readonly string[])[]) => {
  const names = [...new Set(stacks.flat())];
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    shared: { frames: names.map((name) => ({ name })) },
    profiles: [
      {
        type: 'sampled',
        name: 'a',
        unit: 'none',
        startValue: 0,
        endValue: stacks.length,
        samples: stacks.map((stack) => stack.map((name) => names.indexOf(name))),
        weights: stacks.map(() => 1),
      },
    ],
  };
};

/** Files of each format, and what each lacks, as its notes must say it. */
/** Two functions call the same two, which call the same two, and so on: each layer doubles the paths to the last one. */
function manyPaths(layers: number): string {
  const call = (name: string) => `cfn=${name}\ncalls=1 1\n1 500000\n`;
  const func = (name: string, self: number, next: number) =>
    `\nfn=${name}\n1 ${self}\n${next < layers ? call(`a${next}`) + call(`b${next}`) : ''}`;
  const pairs = Array.from({ length: layers }, (_, i) => {
    const self = i + 1 < layers ? 0 : 1_000_000;
    return func(`a${i}`, self, i + 1) + func(`b${i}`, self, i + 1);
  });
  return `events: Ir\n${func('main', 500_000, 0)}${pairs.join('')}`;
}

const made: readonly (readonly [name: string, content: string | object, expected: RegExp])[] = [
  ['names.folded', 'main;[unknown] 3\nmain;0x7f12 1\nmain;work 6\n', /no names: .*perf\.data/],
  [
    'callgrind.out.paths',
    manyPaths(40),
    /Callers are missing for \d+\.\d% of the costs: .*too many paths.*record with perf/,
  ],
  ['py-spy.folded', 'main (a.py:3);work (a.py:9) 8\n', /they are part of the names .*--format speedscope/],
  ['rbspy.folded', '<main> - a.rb:10;work - lib/a.rb:3 8\n'.repeat(2), /part of the names.*rbspy/],
  ['austin.folded', 'P1;T1;/a.py:<module>:3;/a.py:work:9 8\n'.repeat(2), /austin2speedscope/],
  [
    'limit.folded',
    [0, 1, 2, 3].map((i) => `${chain('app', ...deep(127, i))} 5\n`).join('') + 'app;main;f1 3\n',
    /Callers are missing for 87\.0% .*cut at 127 frames\. Raise the limit/,
  ],
  [
    'start.folded',
    'app;_start;main;work;leaf 60\napp;leaf 20\napp;[unknown];leaf 20\n',
    /Callers are missing for 40\.0% of the samples: stacks end early\. Record with --call-graph dwarf/,
  ],
  ['flat.folded', 'work 3\nleaf 4\n', /Callers are missing for 100% .*one frame each\. Record with stacks/],
  ['limit.speedscope.json', speedscope([0, 1, 2].map((i) => deep(128, i))), /cut at 128 frames/],
  ['lines.speedscope.json', speedscope([['main', 'work']]), /no source lines: .*perf\.data/],
  ['declared.cpuprofile', v8('file:///x.js'), /not which of their lines ran \(100% .*--perf-prof/],
  ['native.cpuprofile', v8(''), /no source lines: they are part of the runtime.*perf record -g/],
  [
    'trace.json',
    [
      {
        name: 'ProfileChunk',
        ph: 'P',
        id: 1,
        pid: 1,
        tid: 1,
        args: { data: { cpuProfile: v8('a.js'), timeDeltas: [1, 2, 3] } },
      },
    ],
    /not which of their lines ran .*Chrome 85/,
  ],
  ['addresses.firefox.json', firefox('0x1f00', null, null), /in \/srv\/a have no names: .*symbolicates/],
  ['native.firefox.json', firefox('f', null, null), /in \/srv\/a have no source lines: .*save it again/],
  ['declared.firefox.json', firefox('f', 1, 3), /not which of their lines ran .*samply/],
  [
    'callgrind.out.xdebug',
    'version: 1\ncreator: xdebug 3.1.6 (PHP 8.1)\ncmd: /a.php\npositions: line\nevents: Time\n\nfl=(1) php:internal\nfn=(1) php::sleep\n0 900\n\nfl=(2) /a.php\nfn=(2) {main}\n3 10\ncfl=(1)\ncfn=(1)\ncalls=1 0 0\n3 900\n',
    /no source lines: they are built into PHP .*perf record/,
  ],
  [
    'cachegrind.out',
    'desc: I1 cache\ncmd: ./a\nevents: Ir\nfl=/a.c\nfn=work\n3 10\n',
    /one frame each\. Write the file with calls/,
  ],
];

/** How much, why, and what to do. */
const complete = (what: string) =>
  new RegExp(
    `^(Functions( of the kernel)?|Some addresses|Code) .*have no ${what}: .+ \\(\\d.*% of the .+\\)\\. [A-Z].+\\.?$`,
    'm',
  );

async function check(file: string): Promise<string> {
  const profile = ofEvent(await importProfile(file, {}, recordingContext()));
  const notes = profile.notes.join('\n');
  const sum = (shares: ReadonlyMap<string, number>) => [...shares.values()].reduce((a, b) => a + b, 0);
  const found = coverage(profile);
  if (sum(found.unnamed) > 0.05) expect(notes, file).toMatch(complete('names'));
  if (sum(found.withoutLines) > 0.05) {
    const declared = /^Where functions begin is known, .+ \(\d.*% of the .+\): .+\. [A-Z].+/m;
    expect(notes, file).toMatch(new RegExp(`${complete('source lines').source}|${declared.source}`, 'm'));
  }
  const perf = /script|perf\.data/.test(file);
  const cut = perf ? sum(found.cut) : cutStacks(profile).share;
  if (cut > 0.05 && !/Recorded without call stacks/.test(notes))
    expect(notes, file).toMatch(/^Callers are missing for \d.*% of the (?:samples|costs): .+\. [A-Z].+/m);
  return notes;
}

describe('a profile that lacks more than 5% of names, lines, or callers says how much, why, and what to do', () => {
  it.each(readdirSync(fixtures, { withFileTypes: true }).filter((entry) => entry.isFile()))(
    '$name',
    async ({ name }) => {
      try {
        await check(path.join(fixtures, name));
      } catch (error) {
        // Fixtures that aren't profiles.
        if (!(error instanceof LabError)) throw error;
        expect(error.code).toMatch(/format-unsupported|no-samples|profile-corrupt/);
      }
    },
  );

  it.each(made)('%s', async (name, content, expected) => {
    const file = path.join(folder, name);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    expect(await check(file)).toMatch(expected);
  });

  it('pprof without lines', async () => {
    const folded = await importProfile(path.join(fixtures, 'calls.folded'), {}, recordingContext());
    const file = path.join(folder, 'a.pb.gz');
    writeFileSync(
      file,
      exportProfile({ profile: ofEvent(folded), classifier: new Classifier([]), title: 't' }, 'pprof'),
    );
    expect(await check(file)).toMatch(/no source lines: the profile has none .*Compile with -g/);
  });

  it('of the event that is shown, where others are empty', async () => {
    const file = path.join(folder, 'second.speedscope.json');
    const { shared, profiles, ...rest } = speedscope([['main', 'work']]);
    const empty = { ...profiles[0], name: 'empty', samples: [], weights: [] };
    writeFileSync(file, JSON.stringify({ ...rest, shared, profiles: [empty, ...profiles] }));
    expect(await check(file)).toMatch(/no source lines: .* \(100% of the samples\)/);
  });

  it('but not of what lacks none', async () => {
    const file = path.join(folder, 'whole.folded');
    const recursion = chain('main', ...Array.from({ length: 126 }, () => 'f'), 'leaf');
    writeFileSync(file, `${recursion} 50\nmain;g;f 5\nstart_thread;f 3\nruntime.goexit;f 3\n`);
    expect(await check(file)).not.toMatch(/Callers/);
  });
});
