import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/core/labError.js';
import { readPerfData, type PerfRecording } from '../../../src/core/perfData/reader.js';
import { timeOrder } from '../../../src/core/perfData/sampleColumns.js';
import { AddressSpace } from '../../../src/core/perfData/addressSpace.js';
import { UnwoundChains } from '../../../src/core/perfData/unwind.js';
import { fixture, fixtureText } from '../support/fixtures.js';

interface Sample {
  readonly who: string;
  readonly nanoseconds: number;
  readonly period: number;
  readonly event: string;
  /** `offset file` of each frame, innermost first. */
  readonly frames: readonly string[];
}

/** What `perf script` printed; files by their last name, since the program was recorded in a folder of its own. */
function expected(name: string): Sample[] {
  return fixtureText(name)
    .trim()
    .split('\n\n')
    .map((block) => {
      const [header = '', ...lines] = block.split('\n');
      const found = /^(.*?)\s*(\d+)\/(\d+)\s+(\d+)\.(\d{9}):\s+(\d+)\s+(\S+):\s*$/.exec(header);
      const [, comm = '', pid, tid, seconds, rest, period, event = ''] = found ?? [];
      return {
        who: `${comm} ${pid}/${tid}`.trim(),
        nanoseconds: Number(seconds) * 1e9 + Number(rest),
        period: Number(period),
        event,
        frames: lines.flatMap((line) => {
          const [, offset = '', file = ''] = /^\s+([0-9a-f]+) (?:\S+ )?\((.*)\)$/.exec(line) ?? [];
          return file === '[unknown]' ? [] : [`${offset} ${file.split('/').at(-1)}`];
        }),
      };
    });
}

/** @param back bytes by which callers are before the address that perf prints */
function actual(recording: PerfRecording, back: number, start: number, named = true): Sample[] {
  const { samples, stacks, locations, threads, events } = recording;
  return Array.from({ length: samples.length }, (_, i) => {
    const thread = threads[samples.thread[i] as number];
    const frames: string[] = [];
    for (let at = samples.stack[i] as number; at >= 0; at = stacks.parent[at] as number) {
      const location = locations[stacks.location[at] as number];
      const offset = (location?.offset ?? 0) + (at === samples.stack[i] ? 0 : back);
      if (location?.module) frames.push(`${offset.toString(16)} ${location.module.split('/').at(-1)}`);
    }
    return {
      who: `${named ? thread?.name : ''} ${thread?.pid}/${thread?.tid}`.trim(),
      nanoseconds: start + Math.round((samples.time[i] as number) * 1e9),
      period: samples.weight[i] as number,
      event: events[samples.event[i] as number] as string,
      frames,
    };
  });
}

describe('kinds of perf.data', () => {
  it.each(['kinds', 'kinds.zstd', 'kinds.pipe'])(
    '%s: every sample is as perf script prints it',
    async (name) => {
      const want = expected(`${name}.script.txt`);
      const recording = await readPerfData(fixture(`${name}.perf.data`));
      expect(want.length).toBeGreaterThan(10);
      expect(recording.events).toEqual(['cpu-clock:u', 'task-clock:u']);
      expect(recording.notes).toEqual([]);
      const key = (s: Sample) => JSON.stringify(s);
      // Events that fire at the same time are in either order.
      expect(
        actual(recording, 1, want[0]?.nanoseconds ?? 0)
          .map(key)
          .sort(),
      ).toEqual(want.map(key).sort());
    },
  );

  it('stacks that perf script unwound take the place of the recorded addresses', async () => {
    const want = expected('dwarf.script.txt');
    const recording = await readPerfData(fixture('dwarf.perf.data'), {
      unwind: (reader) => {
        const chains = new UnwoundChains(reader);
        for (const line of fixtureText('dwarf.script.txt').split('\n')) chains.line(line);
        return Promise.resolve(chains.finish());
      },
    });
    expect(want.length).toBeGreaterThan(10);
    expect(Math.max(...want.map((s) => s.frames.length))).toBeGreaterThan(3);
    expect(recording.notes).toEqual([]);
    expect(actual(recording, 0, want[0]?.nanoseconds ?? 0, false)).toEqual(want);
  });

  it('refuses the first version of the format and big-endian machines by name', async () => {
    for (const [magic, reason] of [
      ['PERFFILE', /first version/],
      ['2ELIFREP', /big-endian/],
    ] as const) {
      const bytes = Buffer.from(fixture('calls.perf.data'));
      bytes.write(magic, 'latin1');
      const error = await readPerfData(bytes).catch((e: unknown) => e as LabError);
      expect(error).toBeInstanceOf(LabError);
      expect((error as LabError).detail).toMatch(reason);
      expect((error as LabError).remedy?.text).toMatch(/perf script/);
    }
  });

  it('says that a pipe was cut off, and shows what came before', async () => {
    const data = fixture('kinds.pipe.perf.data');
    const { samples, notes } = await readPerfData(data.subarray(0, data.length - 9));
    expect(samples.length).toBeGreaterThan(5);
    expect(notes.join()).toMatch(/ends within a record/);
  });

  it.each(['kinds', 'kinds.zstd', 'kinds.pipe', 'dwarf'])(
    '%s: damaged, it is read or refused',
    async (name) => {
      const data = fixture(`${name}.perf.data`);
      const lie = fc.oneof(fc.constantFrom(0, 1, 0xffff, 0x7fff_ffff, 0xffff_ffff), fc.nat(0xffff_ffff));
      const damage = fc.array(fc.tuple(fc.nat(data.length - 4), lie), { minLength: 1, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(
          damage,
          fc.integer({ min: data.length >> 1, max: data.length * 2 }),
          async (lies, end) => {
            const damaged = Buffer.from(data);
            for (const [at, value] of lies) damaged.writeUInt32LE(value, at);
            try {
              await readPerfData(damaged.subarray(0, end));
            } catch (error) {
              if (!(error instanceof LabError)) throw error;
              expect(error.detail).toMatch(/at byte \d+|big-endian|first version|256 events|deferred/);
            }
          },
        ),
        { numRuns: 200 },
      );
    },
  );
});

describe('what reading rests on', () => {
  it('orders times as a stable sort does', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (times) => {
        const order = times
          .map((_, i) => i)
          .sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
        expect(Array.from(timeOrder(Float64Array.from(times), times.length))).toEqual(order);
      }),
    );
  });

  it('finds the mapping that was made last, and forgets what was removed', () => {
    const change = fc.tuple(fc.nat(60), fc.nat(20), fc.boolean());
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const space = new AddressSpace();
        const bytes: (string | undefined)[] = [];
        changes.forEach(([start, length, remove], i) => {
          const before = space.clone(space.version);
          if (remove) space.remove(start, start + length);
          else space.add({ start, end: start + length, fileOffset: 0, file: String(i) });
          // What was copied before the change does not see it.
          for (let at = 0; at < 90; at++) expect(before.find(at)?.file).toBe(bytes[at]);
          for (let at = start; at < start + length; at++) bytes[at] = remove ? undefined : String(i);
        });
        for (let at = 0; at < 90; at++) expect(space.find(at)?.file).toBe(bytes[at]);
      }),
    );
  });
});
