import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LabError } from '../../../src/core/labError.js';
import { decodeProfile, encodeProfile } from '../../../src/model/binary.js';
import { ProfileBuilder } from '../../../src/model/builder.js';
import type { Profile } from '../../../src/model/profile.js';
import { packProfile, unpackProfile } from '../../../src/core/store/profileFile.js';
import { parseJsonProfile } from '../../../src/core/store/profileJson.js';

interface Shape {
  readonly names: readonly string[];
  readonly samples: readonly (readonly [func: number, thread: number, event: number, weight: number])[];
}

const shape: fc.Arbitrary<Shape> = fc.record({
  names: fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 8 }),
  samples: fc.array(
    fc.tuple(fc.nat(7), fc.nat(3), fc.nat(1), fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
    {
      maxLength: 40,
    },
  ),
});

function build({ names, samples }: Shape): Profile {
  const builder = new ProfileBuilder();
  let stack = -1;
  samples.forEach(([f, tid, event, weight], i) => {
    const func = builder.func({ name: names[f % names.length] as string, module: '/b', file: '', line: 0 });
    stack = builder.stack(f % 3 === 0 ? -1 : stack, builder.frame(func, 'ä.c', i + 1, f % 2 === 1));
    builder.sample(stack, builder.thread(1, tid, new Map([[1, '﻿main']])), i / 7, weight, event);
    // Counts of one address are added up, and the sum of any doubles can be infinite.
    if (weight > 1)
      builder.count(
        builder.address('/b', f % 2 === 1 ? 'abcd' : '', 2 ** 40 + f, stack),
        Math.min(weight, 2 ** 53),
      );
  });
  const fallback = { requested: 'cycles', reason: 'no PMU' };
  return builder.finish([{ name: 'cpu-clock', fallback }, { name: 'page-faults' }], ['A note: ü']);
}

const small = build({ names: ['a', 'b'], samples: [1, 2, 3, 4].map((i) => [i, i % 2, i % 2, i] as const) });

async function reason(opened: Promise<Profile>): Promise<string> {
  const error = await opened.then(
    () => undefined,
    (thrown: unknown) => thrown as LabError,
  );
  expect(error?.code).toBe('profile-corrupt');
  return error?.detail ?? '';
}

describe('a saved profile', () => {
  it('comes back as it was, whatever its names and numbers', () => {
    fc.assert(
      fc.property(shape, (s) => {
        const profile = build(s);
        expect(decodeProfile(encodeProfile(profile))).toEqual(profile);
      }),
    );
  });

  it('may start anywhere in memory', () => {
    const bytes = encodeProfile(small);
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    expect(decodeProfile(shifted)).toEqual(small);
  });

  it('that was damaged is refused, or is still a profile whose references hold', () => {
    const bytes = encodeProfile(small);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const damaged = bytes.slice();
        damaged[at] = value;
        let profile: Profile;
        try {
          profile = decodeProfile(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        // Encoding reads every string and column; decoding checks every reference again.
        expect(decodeProfile(encodeProfile(profile)).samples.length).toBe(small.samples.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('that ends early is refused at any length', () => {
    const bytes = encodeProfile(small);
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeProfile(bytes.subarray(0, length)), `${length}`).toThrow(RangeError);
  });

  it('is packed, and says what is wrong when it cannot be unpacked', async () => {
    const packed = await packProfile(small);
    expect(await unpackProfile(packed, 'x')).toEqual(small);
    expect(await reason(unpackProfile(packed.subarray(0, 40), 'x'))).toMatch(/unexpected end/);
    expect(await reason(unpackProfile(Buffer.from('{"formatVersion": 1}'), 'x'))).toMatch(/incorrect header/);
    const newer = encodeProfile(small);
    newer[8] = 99;
    expect(() => decodeProfile(newer)).toThrow(/format 99, which is newer/);
    await expect(unpackProfile(gzipSync(newer), 'x')).rejects.toMatchObject({ code: 'newer-version' });
  });
});

describe('a profile saved by the first version', () => {
  const first = {
    formatVersion: 1,
    event: { name: 'cpu-clock:u' },
    strings: ['main', '/bin/x', 'x.c', 'leaf'],
    functions: { name: [0, 3], module: [1, 1], file: [2, -1], line: [3, 0] },
    frames: { func: [0, 1], file: [2, -1], line: [5, 0], inlined: [0, 0] },
    stacks: { parent: [-1, 0], frame: [0, 1] },
    samples: { stack: [1, 0], thread: [0, 0], time: [0, 0.5], weight: [3, 4] },
    threads: [{ pid: 1, tid: 1, name: 'x' }],
    notes: [],
  };

  it('opens', () => {
    const profile = parseJsonProfile(JSON.stringify(first), 'x');
    expect(profile.events).toEqual([{ name: 'cpu-clock:u' }]);
    expect([...profile.samples.event]).toEqual([0, 0]);
    expect(decodeProfile(encodeProfile(profile))).toEqual(profile);
  });

  it.each([
    ['{', /JSON/],
    [JSON.stringify({ ...first, formatVersion: 99 }), /format 99, which this version doesn't support/],
    [JSON.stringify({ ...first, stacks: { parent: [0, 0], frame: [0, 1] } }), /precedes its caller/],
    [
      JSON.stringify({ ...first, frames: { ...first.frames, func: [0, 7] } }),
      /frames\.func has the invalid value 7/,
    ],
    [JSON.stringify({ ...first, functions: { ...first.functions, line: [1] } }), /line has 1 entries/],
    [JSON.stringify({ ...first, samples: { ...first.samples, time: [] } }), /differ in length/],
    [JSON.stringify({ ...first, strings: 'no' }), /strings/],
  ])('is refused with a reason when it is damaged', (text, detail) => {
    try {
      parseJsonProfile(text, 'x');
      expect.unreachable();
    } catch (error) {
      expect((error as LabError).detail).toMatch(detail);
    }
  });
});
