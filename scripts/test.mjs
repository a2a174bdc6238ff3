// Every test, from a fresh clone: sets up what is missing, runs all steps and ends with `N passed, N failed`.
// usage: npm test [-- STEP…]   with the steps named below; all of them without an argument
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { checkStructure } from './structure/check.mjs';
import { command, ensurePackages, ensurePrograms, needs } from './setup.mjs';

const log = (line) => console.log(`· ${line}`);

/** Files that are tested side by side; the default would leave one of two processors idle. */
const workers = Math.max(2, os.availableParallelism() - 1);

/** What failed, named once more at the end, so that nobody scrolls back through thousands of lines. */
const failures = [];

/** Each step returns how many tests passed and failed; a check without tests counts as one. */
const steps = {
  lint: () => check('npm', ['run', '--silent', 'lint']),
  types: () => check('npm', ['run', '--silent', 'typecheck']),
  structure: () => checkStructure(),
  format: () => check('make', ['-C', 'native', '--no-print-directory', 'format-check']),
  package: async () => {
    const build = await check(process.execPath, ['scripts/build.mjs', '--quiet']);
    return build.failed ? build : check(process.execPath, ['scripts/packageTwice.mjs']);
  },
  unit: () => vitest('unit'),
  browser: () => vitest('browser'),
  native: () => make('test'),
  asan: () => make('asan'),
  tsan: () => make('tsan'),
  e2e: () => vitest('e2e'),
};

async function check(file, args) {
  return command(file, args).then(
    () => ({ passed: 1, failed: 0 }),
    () => ({ passed: 0, failed: 1 }),
  );
}

/** The C tests end with `N passed, N failed` themselves. */
async function make(target) {
  let output = '';
  const status = await command('make', ['-C', 'native', '--no-print-directory', '-j2', target], {
    onOutput: (text) => (output += text),
  }).then(
    () => 0,
    () => 1,
  );
  failures.push(...output.split('\n').filter((line) => line.startsWith('not ok')));
  const [, passed = 0, failed = 0] = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1) ?? [];
  return { passed: Number(passed), failed: Math.max(Number(failed), Number(passed) === 0 ? 1 : status) };
}

async function vitest(project) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hakmem-lab-vitest-'));
  try {
    const report = path.join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { failed: ended } = await check('npx', [
      '--no-install',
      'vitest',
      'run',
      '--project',
      project,
      // The tests of the panel wait for what is drawn: side by side they would wait for each other.
      ...(project === 'unit' ? [`--maxWorkers=${workers}`] : []),
      ...reporters,
    ]);
    const text = await readFile(report, 'utf8').catch(() => '{}');
    const { numPassedTests = 0, numFailedTests = 0, testResults = [] } = JSON.parse(text);
    failures.push(...testResults.flatMap(failuresOfFile));
    // A file that cannot be loaded fails the run without a failed test.
    return { passed: numPassedTests, failed: Math.max(numFailedTests, numPassedTests === 0 ? 1 : ended) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The failed tests of one file, each with the first lines of its reason. */
function failuresOfFile({ name, status, message, assertionResults }) {
  const file = path.relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  const tests = failed.map((test) => `${file}: ${test.fullName}\n${indent(test.failureMessages[0])}`);
  return tests.length > 0 || status !== 'failed' ? tests : [`${file}\n${indent(message)}`];
}

function indent(text = '') {
  const lines = stripVTControlCharacters(text).split('\n').slice(0, 20);
  return lines.map((line) => `    ${line}`).join('\n');
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in steps));
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. Steps: ${Object.keys(steps).join(', ')}`);
  process.exit(2);
}
await ensurePackages(log);
await ensurePrograms([...needs.run, ...needs.window, ...needs.test], log);

const totals = { passed: 0, failed: 0 };
const summary = [];
for (const name of Object.keys(steps)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n=== ${name}`);
  const start = performance.now();
  const { passed, failed } = await steps[name]();
  totals.passed += passed;
  totals.failed += failed;
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  summary.push(
    `${name.padEnd(9)} ${String(passed).padStart(4)} passed ${String(failed).padStart(3)} failed ${seconds.padStart(4)} s`,
  );
}
if (failures.length > 0) console.log(`\n=== what failed\n${failures.join('\n')}`);
console.log(`\n${summary.join('\n')}\n`);
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
