import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { importProfile } from '../../../src/core/import/importProfile.js';
import type { EventProfile } from '../../../src/model/profile.js';
import { functionCosts } from '../../../src/views/costs.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { recordingContext } from '../support/fixtures.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'v8-'));

/** Imports a file with this content, and tells each function's self share. */
async function sharesOf(content: unknown, name = 'a.json') {
  const file = path.join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  const profile = ofEvent(await importProfile(file, {}, recordingContext()));
  const { self, all } = functionCosts(profile);
  const shares = Array.from(self, (weight, f) => [
    profile.strings[profile.functions.name[f] as number] as string,
    Math.round((weight / all) * 100),
  ]);
  return {
    profile,
    shares: Object.fromEntries(shares.filter(([, share]) => share !== 0)) as Record<string, number>,
  };
}

/** Percent of the samples by the place that ran. */
function linesOf({ samples, stacks, frames, strings }: EventProfile): Record<string, number> {
  const shares: Record<string, number> = {};
  const all = samples.weight.reduce((a, b) => a + b, 0);
  samples.stack.forEach((stack, i) => {
    const frame = stacks.frame[stack] as number;
    const place = `${strings[frames.file[frame] as number] ?? ''}:${frames.line[frame]}`;
    shares[place] = (shares[place] ?? 0) + ((samples.weight[i] as number) / all) * 100;
  });
  return shares;
}

it('are read from an answer of the protocol, too', async () => {
  const profile = {
    nodes: [{ id: 1, callFrame: { functionName: 'work', url: '', lineNumber: 0 } }],
    startTime: 0,
    endTime: 20,
    samples: [1, 1],
    timeDeltas: [10, 10],
  };
  for (const answer of [profile, { profile }, { id: 3, result: { profile } }])
    expect((await sharesOf(answer)).shares).toEqual({ work: 100 });
});

const call = (functionName: string, lineNumber = 0) => ({
  functionName,
  url: 'file:///srv/a.js',
  lineNumber,
});

describe('profiles of V8', () => {
  it('are read as Node.js writes them', async () => {
    const program = path.join(folder, 'hot.js');
    writeFileSync(
      program,
      'function hot(n){let s=0;for(let i=0;i<n;i++)s=(s*31+i)|0;return s}\nfunction outer(){return hot(3e6)}\nconst end=Date.now()+300;while(Date.now()<end)outer();\n',
    );
    const args = ['--cpu-prof', '--cpu-prof-dir', folder, '--cpu-prof-name', 'hot.cpuprofile', program];
    execFileSync(process.execPath, args);
    const { profile, shares } = await sharesOf(readFileSync(path.join(folder, 'hot.cpuprofile'), 'utf8'));
    expect(shares.hot).toBeGreaterThan(50);
    expect(shares).not.toHaveProperty('(idle)');
    const hot = Array.from(profile.functions.name).findIndex((name) => profile.strings[name] === 'hot');
    expect(profile.strings[profile.functions.file[hot] as number]).toBe(program);
    expect(profile.functions.line[hot]).toBe(1);
    // V8 counts the lines that ran.
    expect(linesOf(profile)[`${program}:1`]).toBeGreaterThan(50);
    expect(profile.notes).toEqual([
      expect.stringContaining('Shares of lines are those of the whole recording'),
    ]);
  });

  it.each([
    ['file:///srv/my%20app/a%23b.mjs', '/srv/my app/a#b.mjs'],
    ['/srv/50%25.js', '/srv/50%25.js'],
    ['file://host/share/a.js', 'host/share/a.js'],
    ['node:fs', 'node:fs'],
  ])('name files by their paths, as modules have URLs: %s', async (url, file) => {
    const nodes = [
      { id: 1, callFrame: { functionName: '(root)', url: '', lineNumber: -1 }, children: [2] },
      { id: 2, callFrame: { functionName: 'f', url, lineNumber: 0 } },
    ];
    const { profile } = await sharesOf(
      JSON.stringify({ nodes, startTime: 0, endTime: 2, samples: [2, 2], timeDeltas: [0, 1] }),
    );
    expect(profile.strings).toContain(file);
  });

  it('divide the samples of a function among its lines as V8 counted them', async () => {
    const ticks = [
      { line: 6, ticks: 30 },
      { line: 7, ticks: 10 },
      { line: 8, ticks: -5 },
    ];
    const { profile } = await sharesOf({
      nodes: [
        { id: 1, callFrame: call('(root)', -1), children: [2, 3] },
        { id: 2, callFrame: call('f', 4), positionTicks: ticks },
        { id: 3, callFrame: call('g', 8), positionTicks: 'none' },
      ],
      samples: [2, 2, 2, 2, 3, 2, 2, 2, 2, 1],
      timeDeltas: [0, 10, 10, 10, 10, 20, 10, 10, 10, 10],
    });
    expect(linesOf(profile)).toEqual({ '/srv/a.js:6': 60, '/srv/a.js:7': 20, ':0': 20 });
    // Evenly, so that each half of the time has both lines.
    const placed = Array.from(profile.samples.stack, (stack) => {
      return profile.frames.line[profile.stacks.frame[stack] as number];
    });
    expect(placed.slice(0, 4)).toContain(7);
    expect(placed.slice(5)).toContain(7);
  });

  it('take no longer for a node that a file has thousands of times', async () => {
    const node = { id: 2, callFrame: call('f', 4), positionTicks: [{ line: 6, ticks: 1 }] };
    const from = performance.now();
    const { profile } = await sharesOf({
      nodes: [{ id: 1, callFrame: call('(root)', -1), children: [2] }, ...Array<object>(2000).fill(node)],
      samples: Array<number>(20_000).fill(2),
      timeDeltas: Array<number>(20_000).fill(10),
    });
    expect(linesOf(profile)['/srv/a.js:6']).toBeCloseTo(100);
    expect(performance.now() - from).toBeLessThan(1500);
  });

  it('give each sample the time to the next one', async () => {
    const { profile, shares } = await sharesOf({
      nodes: [
        { id: 1, callFrame: call('(root)', -1), children: [2, 4] },
        { id: 2, callFrame: call('f', 4), children: [3] },
        { id: 3, callFrame: call('g', 8) },
        { id: 4, callFrame: call('(idle)', -1) },
      ],
      startTime: 0,
      endTime: 200,
      samples: [2, 3, 4, 3],
      timeDeltas: [0, 30, 10, 100, 60],
    });
    // 30 µs in f, 10 and 60 in g, 100 idle.
    expect(shares).toEqual({ f: 30, g: 70 });
    expect(profile.event).toMatchObject({ name: 'cpu', unit: 'microseconds' });
  });

  it('give the last sample the time to the end, also where it is the only one', async () => {
    const nodes = [
      { id: 1, callFrame: call('(root)'), children: [2, 3] },
      { id: 2, callFrame: call('f') },
      { id: 3, callFrame: call('g') },
    ];
    const one = { nodes, startTime: 500, endTime: 1500, samples: [2], timeDeltas: [200] };
    expect((await sharesOf(one)).shares).toEqual({ f: 100 });
    const two = { ...one, samples: [2, 3], timeDeltas: [0, 250] };
    expect((await sharesOf(two)).shares).toEqual({ f: 25, g: 75 });
  });

  it('count each sample once where times are missing, and say so', async () => {
    const nodes = [
      { id: 1, callFrame: call('(root)'), children: [2, 3] },
      { id: 2, callFrame: call('f') },
      { id: 3, callFrame: call('(idle)') },
    ];
    const { profile, shares } = await sharesOf({ nodes, samples: [2, 3, 2], timeDeltas: [] });
    expect(shares).toEqual({ f: 100 });
    expect(Array.from(profile.samples.weight)).toEqual([1, 1]);
    expect(profile.event).toEqual({ name: 'samples' });
    expect(profile.notes[0]).toContain("doesn't say when its samples were taken (timeDeltas)");
  });

  it('are read from counts alone, with their lines', async () => {
    const { profile, shares } = await sharesOf({
      nodes: [
        { id: 1, callFrame: call('(root)', -1), hitCount: 7, children: [2, 4] },
        // More hits than lines tell, fewer, and none.
        {
          id: 2,
          callFrame: call('f', 4),
          hitCount: 30,
          positionTicks: [{ line: 6, ticks: 20 }],
          children: [3],
        },
        { id: 3, callFrame: call('g', 8), hitCount: 10, positionTicks: [{ line: 9, ticks: 40 }] },
        { id: 4, callFrame: call('(program)', -1), hitCount: 50, children: [5] },
        { id: 5, callFrame: call('h', 11), hitCount: 0 },
        { id: 6, callFrame: call('i', 11), hitCount: -3 },
      ],
      startTime: 0,
      endTime: 1000,
    });
    expect(shares).toEqual({ f: 75, g: 25 });
    expect(linesOf(profile)).toEqual({ '/srv/a.js:6': 50, ':0': 25, '/srv/a.js:9': 25 });
    expect(profile.event).toEqual({ name: 'samples' });
    expect(profile.notes[0]).toContain('(hitCount), but has no samples with times');
    // Callers are those of the tree.
    const totals = functionCosts(profile).total;
    const f = Array.from(profile.functions.name).findIndex((name) => profile.strings[name] === 'f');
    expect(totals[f]).toBe(40);
  });

  it('are refused where there are neither samples nor counts', async () => {
    const nodes = [{ id: 1, callFrame: call('f') }];
    await expect(sharesOf({ nodes, samples: [], timeDeltas: [] })).rejects.toMatchObject({
      code: 'no-samples',
      detail: 'There are no samples.',
    });
  });

  it('are put together from the pieces of a trace', async () => {
    const chunk = (nodes: unknown[], samples: number[], timeDeltas: number[]) => ({
      ph: 'P',
      name: 'ProfileChunk',
      id: '0x1',
      pid: 7,
      tid: 9,
      args: { data: { cpuProfile: { nodes, samples }, timeDeltas } },
    });
    const traceEvents = [
      { ph: 'M', name: 'thread_name', pid: 7, tid: 8, args: { name: 'CrRendererMain' } },
      { ph: 'P', name: 'Profile', id: '0x1', pid: 7, tid: 8, args: { data: { startTime: 0 } } },
      chunk(
        [
          { id: 1, callFrame: call('(root)') },
          { id: 2, parent: 1, callFrame: call('f') },
        ],
        [2, 2],
        [0, 25],
      ),
      chunk([{ id: 3, parent: 2, callFrame: call('g') }], [3, 1], [25, 50]),
    ];
    for (const trace of [{ traceEvents }, traceEvents]) {
      const { profile, shares } = await sharesOf(trace);
      expect(shares).toEqual({ f: 50, g: 50 });
      expect(profile.threads).toEqual([{ pid: 7, tid: 8, name: 'CrRendererMain' }]);
    }
  });

  it('have the lines that ran, where a trace has them', async () => {
    const nodes = [
      { id: 1, callFrame: call('f') },
      { id: 2, parent: 1, callFrame: call('g', 8) },
    ];
    const { profile, shares } = await sharesOf([
      {
        ph: 'P',
        name: 'ProfileChunk',
        id: '0x1',
        pid: 7,
        tid: 9,
        args: {
          data: {
            cpuProfile: { nodes, samples: [2, 2, 1, 2] },
            timeDeltas: [0, 10, 20, 30],
            lines: [12, 13, 0, 0],
          },
        },
      },
    ]);
    expect(shares).toEqual({ f: 50, g: 50 });
    const lineOf = (stack: number) => profile.frames.line[profile.stacks.frame[stack] as number];
    expect(Array.from(profile.samples.stack, lineOf)).toEqual([12, 13, 0]);
    expect(profile.notes.join()).toMatch(/not which of their lines ran \(50\.0% of the samples\)/);
  });

  it('with a circle of callers end, and a trace without samples says how to get them', async () => {
    const circle = {
      nodes: [
        { id: 1, callFrame: call('f'), children: [2] },
        { id: 2, callFrame: call('g'), children: [1] },
      ],
      samples: [2, 1, 2],
      timeDeltas: [0, 50, 50],
    };
    expect(Object.keys((await sharesOf(circle)).shares).sort()).toEqual(['f', 'g']);
    await expect(sharesOf({ traceEvents: [{ ph: 'X' }] })).rejects.toMatchObject({
      code: 'no-samples',
      message: 'The Chrome trace has no samples.',
      remedy: { text: expect.stringMatching(/JavaScript samples/) as string },
    });
  });

  it('are read from a trace that was interrupted', async () => {
    const nodes = [{ id: 1, callFrame: call('f') }];
    const data = { cpuProfile: { nodes, samples: [1, 1] }, timeDeltas: [0, 10] };
    const event = JSON.stringify({ ph: 'P', name: 'ProfileChunk', pid: 7, tid: 9, args: { data } });
    for (const end of ['', ',\n ', ' ]\n'])
      expect((await sharesOf(`[\n${event}${end}`)).shares).toEqual({ f: 100 });
  });
});

describe('profiles of the Firefox Profiler', () => {
  const tables = {
    stackTable: { frame: [0, 1, 2], prefix: [null, 0, 1], length: 3 },
    frameTable: { func: [0, 1, 2], line: [null, 12, 20], inlineDepth: [0, 0, 1], length: 3 },
    funcTable: { name: [0, 1, 2], fileName: [null, 3, 3], lineNumber: [null, 10, 18], resource: [0, -1, -1] },
    resourceTable: { lib: [0], name: [0] },
  };
  const strings = ['main', 'f', 'inlined', '/srv/a.c'];
  const samples = { stack: [1, 2, 2, null], time: [0, 1, 2, 3], weight: null, length: 4 };
  const libs = [{ path: '/srv/a' }];

  it.each([
    [
      'with strings of each thread',
      { threads: [{ ...tables, samples, stringArray: strings, name: 'T', pid: '5', tid: 6 }] },
    ],
    [
      'with shared tables',
      { shared: { ...tables, stringArray: strings }, threads: [{ samples, name: 'T', pid: '5', tid: 6 }] },
    ],
  ])('are read %s', async (_, content) => {
    const meta = { interval: 1, startTime: 0, preprocessedProfileVersion: 55 };
    const { profile, shares } = await sharesOf({ meta, libs, ...content });
    expect(shares).toEqual({ f: 33, inlined: 67 });
    expect(profile.threads).toEqual([{ pid: 5, tid: 6, name: 'T' }]);
    expect(Array.from(profile.functions.line)).toEqual([0, 10, 18]);
    expect(profile.strings[profile.functions.module[0] as number]).toBe('/srv/a');
    expect(Array.from(profile.frames.inlined)).toEqual([0, 0, 1]);
  });

  it('in another form are refused in words', async () => {
    const content = { meta: { interval: 1, startTime: 0 }, threads: [{ samples: { schema: {}, data: [] } }] };
    await expect(sharesOf(content)).rejects.toMatchObject({
      code: 'format-unsupported',
      remedy: { text: expect.stringMatching(/profiler\.firefox\.com/) as string },
    });
  });
});
