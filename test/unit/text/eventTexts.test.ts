import { describe, expect, it } from 'vitest';
import { amountText, countedThing, eventName } from '../../../src/text/eventTexts.js';

describe('eventName', () => {
  it('keeps which code was sampled, and leaves out how', () => {
    const names = ['cpu-clock:pppH', 'cycles:upp', 'cycles:u', 'cycles', 'cpu-clock:ku', 'task-clock:HG'];
    expect(names.map(eventName)).toEqual([
      'cpu-clock',
      'cycles:u',
      'cycles:u',
      'cycles',
      'cpu-clock:ku',
      'task-clock',
    ]);
  });

  it('leaves tracepoints and raw events alone', () => {
    for (const name of ['sched:sched_switch', 'syscalls:sys_enter_read', 'r1a8', 'page-faults'])
      expect(eventName(name)).toBe(name);
  });
});

it('has words for what is counted one by one, and none for what is sampled', () => {
  expect(countedThing({ name: 'Ir' })).toBe('instructions');
  expect(countedThing({ name: 'custom', exact: true })).toBe('custom');
  expect(countedThing({ name: 'cycles:u' })).toBeUndefined();
});

it('says what a run is made of: samples, or what was counted', () => {
  expect(amountText({ samples: 10_313 })).toBe('10,313 samples');
  expect(amountText({ samples: 565_594, counted: { event: 'Ir', amount: 9_328_581 } })).toBe(
    '9.33M instructions',
  );
  expect(amountText({ samples: null })).toBe('');
});
