// How often a comparison finds a slowdown, and with how many pairs, on simulated machines of six kinds: the power curves of
// the method, beside those of real processes (bench/comparisons.mjs).
// usage: node bench/power.mjs [--trials N] [--pairs N]
import { parseArgs } from 'node:util';
import { importSource } from '../scripts/docs/source.mjs';

const { values } = parseArgs({
  options: { trials: { type: 'string', default: '2000' }, pairs: { type: 'string', default: '60' } },
});
const trials = Number(values.trials);
const most = Number(values.pairs);
const slowdowns = [0, 0.005, 0.01, 0.02, 0.05, 0.1];

const { machines, pairsOf } = await importSource('test/unit/statistics/noise.ts');
const { ConfidenceSequence } = await importSource('src/statistics/confidenceSequence.ts');
const { isSettled, verdictOf } = await importSource('src/statistics/verdict.ts');

const percent = (share) => `${(100 * share).toFixed(share === 0 || share === 1 ? 0 : 1)}%`;
console.log(`| machine | ${slowdowns.map((slower) => `${percent(slower)} slower`).join(' | ')} |`);
console.log(`| :-- | ${slowdowns.map(() => '--:').join(' | ')} |`);
for (const machine of Object.keys(machines))
  console.log(`| ${machine} | ${slowdowns.map((slower) => cell(machine, slower)).join(' | ')} |`);

/** How often "slower" is said (of no slowdown: "slower" or "faster", the false alarms), and the median of pairs used. */
function cell(machine, slower) {
  let said = 0;
  const used = [];
  for (let trial = 0; trial < trials; trial++) {
    const next = pairsOf(machine, Math.log1p(-slower), trial + 1);
    const sequence = new ConfidenceSequence();
    let pairs = 0;
    do {
      sequence.add(next());
      pairs++;
    } while (pairs < most && !isSettled(sequence.interval));
    const verdict = verdictOf(sequence.interval);
    if (verdict === 'slower' || (slower === 0 && verdict === 'faster')) said++;
    used.push(pairs);
  }
  used.sort((a, b) => a - b);
  return `${percent(said / trials)}, ${used[used.length >> 1]}`;
}
