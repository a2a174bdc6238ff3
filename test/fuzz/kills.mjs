// Kills comparisons and matrices outright at random moments and continues them. What was reported before the kill must be
// on disk, whole, and be continued where it ended: only the pair or block in progress may be lost.
// usage: node test/fuzz/kills.mjs [--number N] [--seed S]
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bundleCli } from '../unit/support/bundleCli.mjs';

const { values } = parseArgs({
  options: { number: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } },
});
/** The latest moment of a kill after the start, in milliseconds. */
const latest = 6_000;

const lab = {
  formatVersion: 1,
  name: 'Kills',
  presets: [{ name: 'WORK', program: 'sleep', args: ['0.02'] }],
  matrix: [{ name: 'M', preset: 'WORK', options: ['A', 'B'].map((name) => ({ name, values: ['0', '1'] })) }],
};
/** By name: how it is started, how one step more is asked for, and what its progress says of steps that are done. */
const operations = {
  compare: {
    args: ['compare', 'preset:WORK', 'preset:WORK', '--no-details', '--margin', '0.0001'],
    more: (steps) => ['compare', '--json', '--no-details', '--resume', '--pairs', String(steps)],
    done: (/** @type {string} */ line) => Number(/^(\d+) pairs?,/.exec(line)?.[1] ?? 0),
    stepsOf: (/** @type {{ pairs: unknown[] }} */ result) => result.pairs.length,
  },
  matrix: {
    args: ['matrix', 'M'],
    more: (steps) => ['matrix', '--json', 'M', '--resume', '--blocks', String(steps)],
    // A block is reported when the next one begins.
    done: (/** @type {string} */ line) => Number(/^Block (\d+),/.exec(line)?.[1] ?? 1) - 1,
    stepsOf: (/** @type {{ blocks: number }} */ result) => result.blocks,
  },
};

const top = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-kills-')));
const findings = [];
let kept = 0;
let state = Number(values.seed);
/** A number in [0, 1): the LCG of Numerical Recipes. */
const random = () => (state = (state * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32;
try {
  const cli = await bundleCli(top);
  for (let i = 0; i < Number(values.number); i++) {
    const name = random() < 0.5 ? 'compare' : 'matrix';
    const after = Math.round(random() * latest);
    const found = await attempt(cli, i, operations[name], after);
    findings.push(...found.map((what) => `${i}: ${name} killed after ${after} ms: ${what}`));
  }
} finally {
  rmSync(top, { recursive: true, force: true });
}
for (const finding of findings) console.log(finding);
console.log(
  `${values.number} kills, ${kept} of them with something to continue, ${findings.length} findings`,
);
process.exitCode = findings.length > 0 ? 1 : 0;

/** @returns {Promise<string[]>} what was lost or left */
async function attempt(cli, index, { args, more, done, stepsOf }, after) {
  const cwd = path.join(top, `folder-${index}`);
  mkdirSync(cwd);
  writeFileSync(path.join(cwd, 'hakmem-lab.json'), JSON.stringify(lab));
  const child = spawn(process.execPath, [cli, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data) => (stderr += String(data)));
  const ended = new Promise((resolve) => child.on('close', resolve));
  await delay(after);
  child.kill('SIGKILL');
  await ended;
  const reported = Math.max(0, ...stderr.split('\n').map(done));
  const experiments = path.join(cwd, '.hakmem-lab/experiments');
  const [id] = existsSync(experiments) ? readdirSync(experiments) : [];
  if (id === undefined) return reported > 0 ? [`${reported} steps were reported, none is on disk`] : [];
  const records = path.join(experiments, id, 'records.jsonl');
  // The last line may be cut: that is the step in progress.
  const whole = existsSync(records) ? readFileSync(records, 'utf8').split('\n').slice(0, -1) : [];
  const findings = [];
  if (whole.length < reported) findings.push(`${reported} steps were reported, ${whole.length} are on disk`);
  if (whole.length > 0) kept++;
  // Its exit status is the verdict, which doesn't matter here.
  const { stdout } = spawnSync(process.execPath, [cli, ...more(whole.length + 1)], { cwd, encoding: 'utf8' });
  const result = JSON.parse(stdout);
  if (stepsOf(result) !== whole.length + 1)
    findings.push(`continued from ${whole.length} steps it has ${stepsOf(result)}`);
  const continued = readFileSync(records, 'utf8').split('\n').slice(0, whole.length);
  if (continued.join() !== whole.join()) findings.push('what was measured before the kill has changed');
  return findings;
}
