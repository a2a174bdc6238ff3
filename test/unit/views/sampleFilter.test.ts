import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProfileBuilder } from '../../../src/model/builder.js';
import { functionCosts } from '../../../src/views/costs.js';
import type { Profile } from '../../../src/model/profile.js';
import { ofEvent, selectSamples } from '../../../src/views/sampleFilter.js';

/** Samples of two functions on three threads, of two events. */
function build(samples: readonly { func: number; thread: number; event: number; weight: number }[]): Profile {
  const builder = new ProfileBuilder();
  samples.forEach(({ func, thread, event, weight }, i) => {
    const index = builder.func({ name: `f${func}`, module: '', file: '', line: 0 });
    const stack = builder.stack(-1, builder.frame(index, '', 0, false));
    builder.sample(stack, builder.thread(1, thread, new Map()), i, weight, event);
  });
  return builder.finish([{ name: 'cycles' }, { name: 'instructions' }], []);
}

const sample = fc.record({
  func: fc.nat(1),
  thread: fc.nat(2),
  event: fc.nat(1),
  weight: fc.integer({ min: 1, max: 1000 }),
});

const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);

describe('views of a profile', () => {
  it('split the samples by event and lose none', () => {
    fc.assert(
      fc.property(fc.array(sample), (samples) => {
        const profile = build(samples);
        const views = profile.events.map((_, e) => ofEvent(profile, e));
        const all = views.map((view) => functionCosts(view).all);
        expect(all[0]).toBe(samples.filter((s) => s.event === 0).reduce((a, s) => a + s.weight, 0));
        expect((all[0] ?? 0) + (all[1] ?? 0)).toBe(sum(profile.samples.weight));
        expect(views.map((view) => view.event.name)).toEqual(['cycles', 'instructions']);
      }),
    );
  });

  it('select threads and a time range, the end not included', () => {
    fc.assert(
      fc.property(fc.array(sample, { minLength: 1 }), fc.nat(), (samples, cut) => {
        const profile = ofEvent(build(samples.map((s) => ({ ...s, event: 0 }))));
        const at = cut % samples.length;
        const parts = [selectSamples(profile, { to: at }), selectSamples(profile, { from: at })];
        expect(parts.map((p) => p.samples.length)).toEqual([at, samples.length - at]);
        const threads = profile.threads.map((_, t) =>
          sum(selectSamples(profile, { threads: new Set([t]) }).samples.weight),
        );
        expect(threads.reduce((a, b) => a + b)).toBe(sum(profile.samples.weight));
      }),
    );
    const profile = ofEvent(build([{ func: 0, thread: 0, event: 0, weight: 1 }]));
    expect(selectSamples(profile, {})).toBe(profile);
  });

  it('refuse an event that there is not', () => {
    expect(() => ofEvent(build([]), 2)).toThrow(RangeError);
  });
});
