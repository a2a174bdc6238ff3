// What the panel costs with a million samples and 200,000 distinct stack nodes, beside speedscope with the same profile.
// usage: node bench/panel.mjs [--samples N] [--nodes N] [--functions N] [--view NAME] [--rounds N] [--alone]
//   [--cpuprofile FILE [--step NAME]]
//   Each round opens both, one after the other, in a browser of its own; --alone leaves speedscope out, and
//   --cpuprofile writes what the panel did in a step of the last round ('first frame' unless named), with readable names.
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { launchBrowser } from '../test/e2e/support/browser.mjs';
import { bundle, ours } from './panel/ours.mjs';
import { speedscope } from './panel/speedscope.mjs';

const text = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const size = {
  samples: Number(text('samples') ?? 1_000_000),
  nodes: Number(text('nodes') ?? 200_000),
  functions: Number(text('functions') ?? 5_000),
  view: text('view') ?? 'aggregated',
};
const rounds = Number(text('rounds') ?? 3);
const profileFile = text('cpuprofile');
const profiledStep = text('step') ?? 'first frame';

function statistics(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { median: at(0.5), p95: at(0.95), max: sorted.at(-1) };
}

const shown = ({ median, p95, max }) =>
  `median ${median.toFixed(1).padStart(7)}  p95 ${p95.toFixed(1).padStart(7)}  max ${max.toFixed(1).padStart(7)} ms`;

/** Records where a step spends its time. */
async function watch(page, step) {
  if (profileFile === undefined || step !== profiledStep) return undefined;
  const client = await page.context().newCDPSession(page);
  await client.send('Profiler.enable');
  await client.send('Profiler.setSamplingInterval', { interval: 200 });
  await client.send('Profiler.start');
  return async () => {
    const { profile } = await client.send('Profiler.stop');
    writeFileSync(profileFile, JSON.stringify(profile));
  };
}

const assets = await bundle(profileFile === undefined);
const panels = {
  panel: (browser) => ours(browser, size, assets, watch),
  ...(process.argv.includes('--alone') ? {} : { speedscope: (browser) => speedscope(browser, size) }),
};
/** By panel and step; `first frame` has one time per round. */
const times = {};
const memory = {};
console.log(
  `${size.samples} samples, ${size.nodes} stack nodes, ${size.functions} functions, ${rounds} rounds`,
);
for (let round = 0; round < rounds; round++) {
  for (const [name, measure] of Object.entries(panels)) {
    const browser = await launchBrowser();
    try {
      const found = await measure(browser);
      const steps = (times[name] ??= {});
      (steps['first frame'] ??= []).push(found.load);
      for (const [step, taken] of Object.entries(found.results)) (steps[step] ??= []).push(...taken);
      (memory[name] ??= []).push(found.memory);
    } finally {
      await browser.close();
    }
  }
}
for (const [name, steps] of Object.entries(times)) {
  console.log(`${name}: ${statistics(memory[name]).median.toFixed(0)} MiB`);
  for (const [step, taken] of Object.entries(steps)) {
    const found = statistics(taken);
    const beside = name === 'panel' && times.speedscope?.[step];
    const ratio = beside
      ? `  speedscope ${(statistics(beside).median / found.median).toFixed(1)} times as long`
      : '';
    console.log(`  ${step.padEnd(12)} ${shown(found)}${ratio}`);
  }
}
console.log(`load average ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} cores`);
