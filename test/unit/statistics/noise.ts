import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Machines that never measure the same twice: each returns the logarithm of one process's speed, in the order of time. */
export const machines: Record<string, (uniform: () => number) => () => number> = {
  /** Independent errors of 2%. */
  normal: (uniform) => () => 0.02 * gauss(uniform),
  /** Now and then something takes a while. */
  spiky: (uniform) => () => 0.01 * gauss(uniform) - (uniform() < 0.1 ? 0.3 * uniform() : 0),
  /** Each error resembles the one before. */
  autocorrelated: (uniform) => {
    let state = 0;
    return () => (state = 0.9 * state + 0.01 * gauss(uniform));
  },
  /** Other work comes and stays for some processes. */
  bursty: (uniform) => {
    let busy = false;
    return () => {
      if (uniform() < (busy ? 0.2 : 0.05)) busy = !busy;
      return 0.01 * gauss(uniform) - (busy ? 0.25 : 0);
    };
  },
  /** The machine warms up: 0.2% slower with each process. */
  drifting: (uniform) => {
    let time = 0;
    return () => 0.01 * gauss(uniform) - 0.002 * time++;
  },
  /** Memory lands well or badly, 6% apart. */
  bimodal: (uniform) => () => 0.005 * gauss(uniform) - (uniform() < 0.5 ? 0.06 : 0),
};

function uniformFrom(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => uniformFloat64(generator);
}

/** Differences of pairs in random order: B is faster than A by `effect`, a logarithm. */
export function pairsOf(machine: string, effect: number, seed: number): () => number {
  const uniform = uniformFrom(seed);
  const next = (machines[machine] as (uniform: () => number) => () => number)(uniform);
  return () => {
    const bFirst = uniform() < 0.5;
    const [first, second] = [next(), next()];
    return effect + (bFirst ? first - second : second - first);
  };
}

/** Box & Muller. */
function gauss(uniform: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/**
 * The upper limit of how many of `trials` may go wrong at a nominal rate: exceeded with a probability of about 0.1% by a
 * method that just keeps it.
 */
export function mostOf(trials: number, rate: number): number {
  return trials * rate + 3.1 * Math.sqrt(trials * rate * (1 - rate));
}
