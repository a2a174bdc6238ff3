// How often comparisons are wrong, and how small a slowdown they find, on real processes of this machine.
// usage: node bench/comparisons.mjs [--alarms N] [--power N] [--bisect N] [--seconds S]
//   --alarms N   compares the default preset with itself N times: at most 8% may be called slower or faster
//   --power N    compares it N times with itself at 1, 2, and 5% more iterations for the same reported work
//   --bisect N   searches the slow commit in N synthetic repositories of 64 commits each
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../scripts/setup.mjs';

const { values } = parseArgs({
  options: {
    alarms: { type: 'string', default: '0' },
    power: { type: 'string', default: '0' },
    bisect: { type: 'string', default: '0' },
    seconds: { type: 'string', default: '20' },
  },
});
const cli = path.join(root, 'dist/cli.js');
const bench = path.join(root, 'native/build/bench_mid_large_mt_hakmem');
const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-comparisons-'));

/** A benchmark that does PERCENT more work than it reports. */
function slowed(percent) {
  const file = path.join(folder, `slowed-${percent}`);
  const iterations = 4_000_000;
  const reported = Math.round(iterations / (1 + percent / 100));
  writeFileSync(
    file,
    `#!/bin/sh\n${bench} 1 ${iterations} 400 1 | tail -1 | awk -F'[:,]' '{ printf "{\\"ops_per_sec\\":%.1f,\\"seconds\\":%s,\\"threads\\":1,\\"iterations\\":${reported},\\"peak_rss_bytes\\":1}\\n", $2 * ${reported / iterations}, $4 }'\n`,
  );
  chmodSync(file, 0o755);
  return file;
}

function lab(...args) {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [cli, ...args, '--json'],
      { cwd: folder, maxBuffer: 2 ** 26 },
      (_, stdout, stderr) => {
        if (stdout === '') reject(new Error(stderr));
        else resolve(JSON.parse(stdout));
      },
    );
  });
}

async function verdicts(percent, trials) {
  const counts = { slower: 0, faster: 0, equivalent: 0, unclear: 0 };
  const pairs = [];
  for (let i = 0; i < trials; i++) {
    const limits = ['--no-details', '--seconds', values.seconds];
    const result = await lab('compare', slowed(0), slowed(percent), ...limits);
    counts[result.verdict]++;
    console.error(`${percent}%, ${i + 1} of ${trials}: ${result.verdict}`);
    pairs.push(result.pairs.length);
  }
  pairs.sort((a, b) => a - b);
  return { percent, trials, ...counts, 'median pairs': pairs[pairs.length >> 1] };
}

/** @returns whether the right commit was found */
async function bisectOnce(trial) {
  const repository = mkdtempSync(path.join(folder, 'repository-'));
  const git = (...args) =>
    execFileSync('git', ['-C', repository, '-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {
      encoding: 'utf8',
    });
  const slow = 1 + ((trial * 37) % 63);
  writeFileSync(
    path.join(repository, 'hakmem-lab.json'),
    JSON.stringify({ formatVersion: 1, name: 'Bisect', presets: [{ name: 'P', program: './run' }] }),
  );
  git('init', '-q');
  for (let i = 0; i < 64; i++) {
    writeFileSync(path.join(repository, 'run'), `#!/bin/sh\n# ${i}\nexec ${slowed(i < slow ? 0 : 5)}\n`);
    chmodSync(path.join(repository, 'run'), 0o755);
    git('add', '-A');
    git('commit', '-qm', String(i));
  }
  const file = path.join(repository, 'hakmem-lab.json');
  const result = await lab('bisect', 'P', 'HEAD~63', 'HEAD', '--lab', file, '--seconds', values.seconds);
  return result.subject === String(slow);
}

try {
  const rows = [];
  if (Number(values.alarms) > 0) rows.push(await verdicts(0, Number(values.alarms)));
  if (Number(values.power) > 0)
    for (const percent of [1, 2, 5]) rows.push(await verdicts(percent, Number(values.power)));
  if (rows.length > 0) console.table(rows);
  let found = 0;
  for (let i = 0; i < Number(values.bisect); i++) {
    if (await bisectOnce(i)) found++;
    console.error(`${found} of ${i + 1} found`);
  }
  if (Number(values.bisect) > 0) console.log(`bisect: right in ${found} of ${values.bisect}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
