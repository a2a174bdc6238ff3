import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useLanguage } from '../../../src/text/language.js';
import { TimeOrder } from '../../../src/views/timeOrder.js';
import {
  Binning,
  binCount,
  hasTimes,
  leftOut,
  stackSlots,
  stacksWith,
} from '../../../webview/timeline/activity.js';
import {
  brushKey,
  filterOf,
  moveEdge,
  moveSpan,
  spanBetween,
  spanOf,
} from '../../../webview/timeline/brush.js';
import { layoutFlame } from '../../../webview/graph/layout.js';
import { stripTexture } from '../../../webview/graph/texture.js';
import { orderAxis } from '../../../webview/timeline/orderAxis.js';
import {
  multiples,
  nanoseconds,
  niceStep,
  parseTime,
  spanText,
  timeLabel,
  timeText,
  timeTicks,
} from '../../../webview/text/times.js';
import { foldedStacks } from './arbitrary.js';
import { fold, modelOf, panelProfile } from './profile.js';

const positive = fc.double({ min: 1e-9, max: 1e6, noNaN: true });

describe('ticks', () => {
  it('are round, apart, inside, and labeled differently', () => {
    fc.assert(
      fc.property(positive, positive, fc.integer({ min: 100, max: 4000 }), (from, length, width) => {
        const to = from + length;
        fc.pre((to - from) / to > 1e-5);
        const ticks = timeTicks(from, to, width, 80);
        const pixels = ticks.map(({ seconds }) => ((seconds - from) / (to - from)) * width);
        for (let i = 1; i < pixels.length; i++)
          expect((pixels[i] ?? 0) - (pixels[i - 1] ?? 0)).toBeGreaterThan(79.9);
        for (const x of pixels) expect(x >= -0.01 && x <= width + 0.01).toBe(true);
        expect(ticks.length).toBeGreaterThanOrEqual(Math.floor(width / 80 / 2.5) - 1);
        expect(new Set(ticks.map(({ label }) => label)).size).toBe(ticks.length);
      }),
    );
  });

  it('have steps of 1, 2 or 5', () => {
    expect([0.3, 1, 1.1, 2.5, 6, 0.00011].map(niceStep)).toEqual([0.5, 1, 2, 5, 10, 0.0002]);
  });

  it('are written in the unit of the largest beside them', () => {
    expect(timeLabel(0, 0.5)).toBe('0 s');
    expect(timeTicks(0, 2, 500, 100).map(({ label }) => label)).toEqual([
      '0 s',
      '0.5 s',
      '1.0 s',
      '1.5 s',
      '2.0 s',
    ]);
    expect(timeTicks(0, 0.004, 500, 100).map(({ label }) => label)[1]).toBe('1 ms');
    expect(timeTicks(1.2, 1.2002, 500, 100)[0]?.label).toBe('1.20000 s');
  });

  it('are durations of clocks with three digits', () => {
    expect([999, 12_300, 999_700, 4.56e6, 2e9].map(nanoseconds)).toEqual([
      '999 ns',
      '12.3 µs',
      '1.00 ms',
      '4.56 ms',
      '2.00 s',
    ]);
  });

  it('are read back as they are written, in any language', () => {
    expect([0, 1.5, 0.25, 0.0123, 0.0000042, 12.3456].map(timeText)).toEqual([
      '0 s',
      '1.5 s',
      '250 ms',
      '12.3 ms',
      '4.2 µs',
      '12.35 s',
    ]);
    fc.assert(
      fc.property(positive, (seconds) => {
        for (const tag of ['en-US', 'de', 'fr', 'ar-EG']) {
          useLanguage(tag);
          expect(Math.abs((parseTime(timeText(seconds)) ?? 0) - seconds) / seconds).toBeLessThan(6e-4);
        }
      }),
    );
    useLanguage('de');
    expect([1.5, 0.0123].map(timeText)).toEqual(['1,5 s', '12,3 ms']);
    useLanguage('en-US');
    expect(['0.5', ' .5s ', '500 ms', '1,5', '3e-3', '20 us', '2min'].map(parseTime)).toEqual([
      0.5, 0.5, 0.5, 1.5, 0.003, 0.00002, 120,
    ]);
    for (const text of ['', 'x', '1 h', '-1', '1 2', '..', '1e999x']) expect(parseTime(text)).toBeUndefined();
  });
});

describe('the chosen time', () => {
  const span = fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), positive)
    .map(([a, b, duration]) => ({ duration, span: spanBetween(a * duration, b * duration, duration) }));

  it('is the filter and back', () => {
    fc.assert(
      fc.property(span, ({ duration, span: chosen }) => {
        const filter = filterOf(chosen, duration);
        expect(spanOf(filter, duration)).toEqual(chosen);
        if (chosen.from === 0 && chosen.to === duration) expect(filter).toBeNull();
        // The last sample belongs to a range that reaches the end.
        else if (chosen.to === duration) expect(filter?.to).toBeGreaterThan(duration);
      }),
    );
  });

  it('stays inside the recording, its edges in order, however it is moved', () => {
    const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'];
    fc.assert(
      fc.property(
        span,
        fc.array(fc.record({ key: fc.constantFrom(...keys), shiftKey: fc.boolean(), start: fc.boolean() })),
        ({ duration, span: chosen }, presses) => {
          let now = chosen;
          for (const press of presses)
            now = brushKey(press, now, press.start ? 'from' : 'to', duration) ?? now;
          expect(now.from >= 0 && now.to <= duration && now.from <= now.to).toBe(true);
        },
      ),
    );
    expect(moveEdge({ from: 2, to: 4 }, 'from', 9, 10, 1)).toEqual({ from: 3, to: 4 });
    expect(moveEdge({ from: 2, to: 4 }, 'to', 0, 10, 1)).toEqual({ from: 2, to: 3 });
    expect(moveSpan({ from: 2, to: 4 }, 9, 10)).toEqual({ from: 8, to: 10 });
    expect(brushKey({ key: 'x', shiftKey: false }, { from: 0, to: 1 }, 'to', 1)).toBeUndefined();
    expect(spanText({ from: 0, to: 0.5 })).toBe('0 s to 500 ms');
  });
});

describe('activity', () => {
  const everything = (folded: Parameters<typeof panelProfile>[0], step = 7) => {
    const { samples, stacks, frames, functions } = panelProfile(folded);
    const slots = functions.length + 1;
    const slotOfStack = stackSlots({ stacks, frames }, {}, (func) => (func < 0 ? slots - 1 : func));
    const binning = new Binning({ samples, mask: undefined, slotOfStack, noSlot: slots - 1, slots });
    while (!binning.step(step));
    return { activity: binning.result, samples };
  };

  it('adds up to the whole, by color and in all, in pieces of any size', () => {
    fc.assert(
      fc.property(foldedStacks, fc.integer({ min: 1, max: 50 }), (folded, step) => {
        const { activity, samples } = everything(folded, step);
        const sum = samples.weight.reduce((all, weight) => all + weight, 0);
        expect(activity.total).toBeCloseTo(sum, 6);
        expect(activity.weight.reduce((all, weight) => all + weight, 0)).toBeCloseTo(sum, 6);
        expect(activity.duration).toBe(Math.max(0, ...samples.time));
        expect(activity.bins).toBe(binCount(samples.length));
      }),
    );
  });

  it('has the selected function as a line, wherever it is on the stack', () => {
    const { samples, stacks, frames } = panelProfile(fold('a;b;c 30', 'a;c 20', 'd 10'));
    const selected = stacksWith({ stacks, frames }, 1);
    expect([...selected]).toEqual([0, 1, 1, 0, 0]);
    const slotOfStack = new Uint16Array(stacks.length);
    const binning = new Binning({ samples, mask: undefined, slotOfStack, noSlot: 0, slots: 1, selected });
    while (!binning.step(7));
    const { selected: line = [], weight, bins } = binning.result;
    expect([...line].reduce((sum, w) => sum + w, 0)).toBe(30);
    expect(line[0]).toBe(weight[0]);
    expect(line[bins - 1]).toBe(0);
  });

  it('leaves out what filters leave out, and gives hidden frames to their callers', () => {
    const { frames, stacks } = panelProfile(fold('a;b;c 1', 'a;c 1', 'd 1'));
    const only = (func: number) => Uint8Array.from({ length: 4 }, (_, f) => (f === func ? 1 : 0));
    const slots = (shape: Parameters<typeof stackSlots>[1]) => [
      ...stackSlots({ stacks, frames }, shape, (func) => (func < 0 ? 9 : func)),
    ];
    expect(slots({})).toEqual([0, 1, 2, 2, 3]);
    expect(slots({ hidden: only(2) })).toEqual([0, 1, 1, 0, 3]);
    expect(slots({ hidden: only(3) })).toEqual([0, 1, 2, 2, 9]);
    expect(slots({ dropped: only(1) })).toEqual([0, leftOut, leftOut, 2, 3]);
    expect(slots({ focus: 1 })).toEqual([leftOut, 1, 2, leftOut, leftOut]);
    expect(slots({ focus: 1, dropped: only(2) })).toEqual([leftOut, 1, leftOut, leftOut, leftOut]);
    expect(slots({ subtree: { path: [0, 1], inverted: false } })).toEqual([leftOut, 1, 2, leftOut, leftOut]);
    expect(slots({ subtree: { path: [2, 0], inverted: true } })).toEqual([
      leftOut,
      leftOut,
      leftOut,
      2,
      leftOut,
    ]);
  });

  it('is known to be without times', () => {
    const { samples } = panelProfile(fold('a 5000'));
    expect(hasTimes(samples)).toBe(true);
    expect(hasTimes({ ...samples, time: new Float64Array(5000) })).toBe(false);
    expect(hasTimes(panelProfile([]).samples)).toBe(false);
  });
});

describe('the axis of the time order', () => {
  const order = (times: readonly number[], threads?: readonly number[]) => {
    const model = modelOf(fold(`a ${String(times.length)}`));
    const { length, stack, event, weight } = model.profile.samples;
    const profile = {
      ...model.profile,
      samples: {
        length,
        stack,
        event,
        weight,
        time: Float64Array.from(times),
        thread: Int32Array.from(threads ?? times.map(() => 0)),
      },
    };
    return new TimeOrder(profile, model.shown.tree, undefined, threads !== undefined);
  };

  it('writes times where they pass, in order', () => {
    const axis = orderAxis(order(Array.from({ length: 101 }, (_, i) => i / 100)), { from: 0, to: 101 }, 500);
    expect(axis.ticks.map(({ label }) => label)).toEqual(['0 s', '0.2 s', '0.4 s', '0.6 s', '0.8 s']);
    expect(axis.ticks.map(({ x }) => Math.round(x))).toEqual([0, 99, 198, 297, 396]);
    expect(axis.pauses).toEqual([]);
  });

  it('marks a pause with its length, where it has no width', () => {
    const times = [
      ...Array.from({ length: 50 }, (_, i) => i / 50),
      ...Array.from({ length: 50 }, (_, i) => 5 + i / 50),
    ];
    const axis = orderAxis(order(times), { from: 0, to: 100 }, 1000);
    expect(axis.pauses).toHaveLength(1);
    expect(axis.pauses[0]?.x).toBe(500);
    expect(axis.pauses[0]?.seconds).toBeCloseTo(4.02, 9);
  });

  it('starts again with each thread', () => {
    const times = Array.from({ length: 200 }, (_, i) => i / 100);
    const threads = times.map((_, i) => i % 2);
    const axis = orderAxis(order(times, threads), { from: 0, to: 200 }, 1000);
    expect(axis.starts).toEqual([500]);
    expect(
      axis.ticks.filter(({ label }) => label === '0 s' || label === '0.5 s').length,
    ).toBeGreaterThanOrEqual(2);
  });

  it('fills what is too narrow with the stack of each pixel’s sample', () => {
    const model = modelOf(fold('a 1', 'a;bb 1', 'a;ccc 1', 'a;bb 1'));
    const whole = new TimeOrder(model.profile, model.shown.tree, undefined, false);
    const layout = layoutFlame(whole, { from: 0, to: 4 }, 8, 3);
    const texture = stripTexture(whole, layout, { first: 0, end: 3 }, 1, (func) => func);
    // `a` is drawn as a frame; of what it calls nothing is wide enough.
    expect([...texture.slots]).toEqual([
      ...[0, 0, 0, 0, 0, 0, 0, 0],
      ...[0, 0, 0, 0, 0, 0, 0, 0],
      ...[0, 0, 2, 2, 3, 3, 2, 2],
    ]);
  });

  it('has no ticks where numbers cannot tell the times apart', () => {
    expect(orderAxis(order([5e-324, 3e-323]), { from: 0, to: 2 }, 800).ticks.length).toBeLessThan(3);
    expect(orderAxis(order([1.7e9, 1.7e9 + 5e-7]), { from: 0, to: 2 }, 800).ticks.length).toBeLessThan(3);
    expect(multiples(1e18, 1e18 + 1000, 1e-9)).toEqual([]);
    expect(multiples(0, 1, 0)).toEqual([]);
  });

  it('stays within the width and in order, for any times', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (times, start) => {
          const n = times.length;
          const axis = orderAxis(order(times), { from: start * n, to: n }, 800);
          const xs = axis.ticks.map(({ x }) => x);
          expect(xs).toEqual([...xs].sort((a, b) => a - b));
          for (const x of xs) expect(x >= 0 && x <= 800).toBe(true);
        },
      ),
    );
  });
});
