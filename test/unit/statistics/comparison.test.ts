import { describe, expect, it } from 'vitest';
import { boundsOf, ConfidenceSequence } from '../../../src/statistics/confidenceSequence.js';
import { SeededOrder } from '../../../src/statistics/random.js';
import {
  logEvidenceAgainst,
  logSignEvidence,
  rejectedByEvidence,
} from '../../../src/statistics/signEvidence.js';
import { hodgesLehmann, isSettled, verdictOf } from '../../../src/statistics/verdict.js';
import { machines, mostOf, pairsOf } from './noise.js';

describe('the evidence of signs', () => {
  it('has mean 1 under the hypothesis, at every number of pairs', () => {
    for (const n of [1, 5, 20, 60]) {
      let mean = 0;
      let ways = 1;
      for (let k = 0; k <= n; k++) {
        mean += ways * 0.5 ** n * Math.exp(logSignEvidence(k, n));
        ways = (ways * (n - k)) / (k + 1);
      }
      expect(mean).toBeCloseTo(1, 9);
    }
  });

  it('needs seven pairs at least: 2^7 B(1/2, 15/2) / B(1/2, 1/2) = 26.8', () => {
    expect(Math.exp(logSignEvidence(7, 7))).toBeCloseTo((128 * 3432) / 16384, 9);
    expect(boundsOf([1, 2, 3, 4, 5, 6])).toEqual({ low: -Infinity, high: Infinity });
    expect(boundsOf([1, 2, 3, 4, 5, 6, 7])).toEqual({ low: 1, high: 7 });
  });

  it('takes ties for whichever side has less evidence', () => {
    expect(logEvidenceAgainst(0, [0, 0, 0, 0])).toBe(logSignEvidence(2, 4));
    expect(logEvidenceAgainst(0, [1, 1, 1, 0])).toBe(logSignEvidence(3, 4));
    expect(logEvidenceAgainst(0, [-1, -1, 0, -1])).toBe(logSignEvidence(1, 4));
    // A timer that is too coarse to tell them apart isn't evidence.
    expect(boundsOf(Array.from({ length: 50 }, () => 0))).toEqual({ low: 0, high: 0 });
  });

  it('rejects by e-BH what its definition says', () => {
    const logs = (...values: number[]) => values.map(Math.log);
    expect([...rejectedByEvidence(logs(100, 1, 30, 2))].sort()).toEqual([0]);
    expect([...rejectedByEvidence(logs(100, 1, 50, 2))].sort()).toEqual([0, 2]);
    expect([...rejectedByEvidence(logs(19))]).toEqual([]);
    expect([...rejectedByEvidence(logs(20))]).toEqual([0]);
  });
});

describe('a confidence sequence', () => {
  it('consists of what the signs have too little evidence against', () => {
    const next = pairsOf('normal', 0.01, 5);
    const differences: number[] = [];
    const sequence = new ConfidenceSequence();
    let [low, high] = [-Infinity, Infinity];
    for (let n = 1; n <= 80; n++) {
      differences.push(next());
      const bounds = sequence.add(differences.at(-1) as number);
      const inside = differences.filter((d) => logEvidenceAgainst(d, differences) < Math.log(20));
      if (Math.exp(logSignEvidence(0, n)) >= 20) {
        low = Math.max(low, Math.min(...inside));
        high = Math.min(high, Math.max(...inside));
      }
      expect(bounds).toEqual({ low, high });
    }
  });

  it('is empty when no one difference fits, and then decides nothing', () => {
    const bounds = boundsOf([
      ...Array.from({ length: 30 }, () => -1),
      ...Array.from({ length: 300 }, () => 1),
    ]);
    expect(bounds.low).toBeGreaterThan(bounds.high);
    expect(verdictOf(bounds)).toBe('unclear');
    expect(isSettled(bounds)).toBe(true);
  });
});

describe('verdicts', () => {
  it('weigh the interval against the margin', () => {
    const verdict = (low: number, high: number) => verdictOf({ low, high }, 0.02);
    expect(verdict(-0.01, 0.01)).toBe('equivalent');
    // Shown to be slower, but by less than what matters.
    expect(verdict(-0.015, -0.001)).toBe('equivalent');
    expect(verdict(-0.05, -0.001)).toBe('slower');
    expect(verdict(0.001, 0.05)).toBe('faster');
    expect(verdict(-0.05, 0.001)).toBe('unclear');
    expect(verdict(-Infinity, Infinity)).toBe('unclear');
  });

  it('are settled once the difference is known to the margin', () => {
    const settled = (low: number, high: number) => isSettled({ low, high }, 0.02);
    expect(settled(-0.01, 0.01)).toBe(true);
    expect(settled(-0.05, -0.001)).toBe(false);
    expect(settled(-0.05, -0.03)).toBe(true);
    expect(settled(-0.5, -0.03)).toBe(true);
    expect(settled(-0.021, -0.005)).toBe(true);
    expect(settled(-0.05, 0.05)).toBe(false);
  });

  it('come with the Hodges–Lehmann estimate', () => {
    expect(hodgesLehmann([1, 2, 6])).toBe(2.75);
    expect(hodgesLehmann([5])).toBe(5);
  });
});

/** One comparison as it is carried out: looked at after every pair, ended when it is settled or out of time. */
function compare(machine: string, effect: number, seed: number, most: number) {
  const next = pairsOf(machine, effect, seed);
  const sequence = new ConfidenceSequence();
  let pairs = 0;
  let everOutside = false;
  while (pairs < most && !isSettled(sequence.interval)) {
    const { low, high } = sequence.add(next());
    pairs++;
    everOutside ||= low > effect || high < effect;
  }
  return { verdict: verdictOf(sequence.interval), everOutside, pairs };
}

describe.each(Object.keys(machines))('on a machine with %s noise', (machine) => {
  const trials = 1000;

  it('intervals cover the truth at every moment, and equal programs raise no more false alarms than stated', () => {
    let [missed, alarms] = [0, 0];
    for (let seed = 0; seed < trials; seed++) {
      const { verdict, everOutside } = compare(machine, 0, seed, 60);
      if (everOutside) missed++;
      if (verdict === 'slower' || verdict === 'faster') alarms++;
    }
    expect(missed).toBeLessThanOrEqual(mostOf(trials, 0.05));
    expect(alarms).toBeLessThanOrEqual(mostOf(trials, 0.05));
  });

  it('intervals cover a real difference, which is never taken for the opposite', () => {
    const effect = Math.log(0.95);
    let [missed, opposite, found] = [0, 0, 0];
    for (let seed = 0; seed < trials; seed++) {
      const { verdict, everOutside } = compare(machine, effect, trials + seed, 80);
      if (everOutside) missed++;
      if (verdict === 'faster' || verdict === 'equivalent') opposite++;
      if (verdict === 'slower') found++;
    }
    expect(missed).toBeLessThanOrEqual(mostOf(trials, 0.05));
    expect(opposite).toBeLessThanOrEqual(mostOf(trials, 0.05));
    expect(found).toBeGreaterThan(0.75 * trials);
  });
});

it('of several equal pairs, e-BH finds a difference in at most the stated share of experiments', () => {
  const trials = 500;
  let wrong = 0;
  for (let seed = 0; seed < trials; seed++) {
    const evidence = Object.keys(machines).map((machine, m) => {
      const next = pairsOf(machine, 0, seed * 100 + m);
      return logEvidenceAgainst(
        0,
        Array.from({ length: 30 }, () => next()),
      );
    });
    if (rejectedByEvidence(evidence).size > 0) wrong++;
  }
  expect(wrong).toBeLessThanOrEqual(mostOf(trials, 0.05));
});

it('a seed determines a random order in which each place is as likely', () => {
  const orders = (seed: number) => {
    const order = new SeededOrder(seed);
    return Array.from({ length: 2000 }, () => order.next(2));
  };
  expect(orders(7)).toEqual(orders(7));
  expect(orders(8)).not.toEqual(orders(7));
  const first = orders(7).filter(([one]) => one === 0).length;
  expect(Math.abs(first - 1000)).toBeLessThan(3.3 * Math.sqrt(500));
});
