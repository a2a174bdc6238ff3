import { expect, it } from 'vitest';
import { kernelNotes, nextLook } from '../../../src/core/perf/kernelTime.js';

it('tells of time in the kernel if there is much, and it was not sampled', () => {
  const user = { events: [{ name: 'cpu-clock:u' }] } as const;
  expect(kernelNotes(user, { user: 30, kernel: 70 })).toEqual([
    "70.0% of the processor time was spent in the kernel, which wasn't sampled: shares are of user code alone. Record with --scope both to see all.",
  ]);
  expect(kernelNotes(user, { user: 90, kernel: 10 })).toEqual([]);
  expect(kernelNotes(user, { user: 3, kernel: 7 })).toEqual([]);
  expect(kernelNotes({ events: [{ name: 'cpu-clock' }] }, { user: 30, kernel: 70 })).toEqual([]);
});

it('looks often enough that little of a recording is missing, and seldom in a long one', () => {
  const missing = [200, 600, 3_000, 9_000, 60_000].map((length) => {
    let at = 0;
    while (at + nextLook(at) < length) at += nextLook(at);
    return (length - at) / length;
  });
  expect(Math.max(...missing.slice(0, 1))).toBeLessThan(0.101);
  expect(Math.max(...missing.slice(1))).toBeLessThan(0.051);
  expect(nextLook(600_000)).toBe(500);
});
