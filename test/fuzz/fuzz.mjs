// Damages real files of every format and reads them in a child process with limits of time and memory. An input that
// crashes, hangs, takes too much memory or gives a profile that breaks the model's promises is saved.
// usage: node test/fuzz/fuzz.mjs [--minutes N | --inputs N] [--seed S] [--format F] [--out FOLDER]
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');
/** The longest that reading one damaged file, of at most a mebibyte, may take; and what the child may have in memory. */
const MAX_MILLISECONDS = 2000;
const MAX_RSS = 512 * 2 ** 20;

/**
 * @param {{ inputs?: number, minutes?: number, seed: number, only?: (format: string) => boolean, out?: string, log?: (line: string) => void }} options
 *   `inputs` for each format
 * @returns {Promise<{ inputs: number, read: number, refused: number, findings: { format: string, index: number, what: string }[], perFormat: Record<string, { inputs: number, read: number, slowest: number }>, peakRss: number, seconds: number }>}
 */
export async function fuzz({
  inputs = Infinity,
  minutes = Infinity,
  seed,
  only = () => true,
  out,
  log = () => undefined,
}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-fuzz-'));
  const start = performance.now();
  const totals = { inputs: 0, read: 0, refused: 0, findings: [], perFormat: {}, peakRss: 0, seconds: 0 };
  let child;
  try {
    const program = path.join(folder, 'target.cjs');
    await build({
      entryPoints: [path.join(root, 'test/fuzz/target.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: program,
      sourcemap: 'inline',
      logLevel: 'error',
    });
    child = await startChild(program);
    const { formats, inputOf } = loadInputs(program);
    const names = Object.keys(formats).filter(only);
    for (const name of names) totals.perFormat[name] = { inputs: 0, read: 0, slowest: 0 };
    const end = start + minutes * 60_000;
    for (let index = 0; index < inputs && performance.now() < end; index++) {
      for (const name of names) {
        const result = await child.run({ format: name, seed, index });
        const row = totals.perFormat[name];
        totals.inputs++;
        row.inputs++;
        row.slowest = Math.max(row.slowest, result.milliseconds ?? 0);
        totals.peakRss = Math.max(totals.peakRss, result.rss ?? 0);
        if (result.read) row.read++;
        if (result.read) totals.read++;
        else totals.refused++;
        const what =
          result.wrong ??
          (result.milliseconds > MAX_MILLISECONDS
            ? `took ${result.milliseconds.toFixed(0)} ms`
            : result.rss > MAX_RSS
              ? `took ${(result.rss / 2 ** 20).toFixed(0)} MiB`
              : undefined);
        if (what !== undefined) {
          totals.findings.push({ format: name, index, what });
          log(`${name} ${index}: ${what}`);
          if (out) {
            mkdirSync(out, { recursive: true });
            writeFileSync(path.join(out, `${name}-${seed}-${index}`), inputOf(name, seed, index));
          }
        }
        if (what !== undefined && !result.alive) child = await startChild(program);
      }
      if (index % 5000 === 4999) log(`${totals.inputs} inputs, ${totals.findings.length} findings`);
    }
  } finally {
    child?.end();
    rmSync(folder, { recursive: true, force: true });
  }
  totals.seconds = (performance.now() - start) / 1000;
  return totals;
}

/** The same code in this process, to make an input again that ended the child. */
function loadInputs(program) {
  process.env.HAKMEM_LAB_ROOT = root;
  return createRequire(import.meta.url)(program);
}

/** @param {string} program its folder is the child's to write in */
async function startChild(program) {
  const child = fork(program, {
    execArgv: ['--max-old-space-size=512', '--enable-source-maps'],
    env: { ...process.env, HAKMEM_LAB_ROOT: root, HAKMEM_LAB_FUZZ_CHILD: path.dirname(program) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors = (errors + chunk).slice(-2000)));
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error(`The child did not start: ${errors}`)));
  });
  child.removeAllListeners('exit');
  return {
    run: (job) =>
      new Promise((resolve) => {
        const finish = (result) => {
          clearTimeout(timer);
          child.removeAllListeners('message');
          child.removeAllListeners('exit');
          resolve(result);
        };
        // Generous: a busy machine isn’t a hang. What the child itself measured is held to the limit.
        const timer = setTimeout(() => {
          child.kill('SIGKILL');
          finish({ alive: false, wrong: `no answer in ${5 * MAX_MILLISECONDS} ms` });
        }, 5 * MAX_MILLISECONDS);
        child.once('message', (result) => finish({ ...result, alive: true }));
        child.once('exit', (code, signal) =>
          finish({ alive: false, wrong: `ended with ${code ?? signal}: ${errors}` }),
        );
        child.send(job);
      }),
    end: () => child.kill('SIGKILL'),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string' },
      inputs: { type: 'string' },
      seed: { type: 'string', default: '1' },
      format: { type: 'string' },
      out: { type: 'string', default: 'fuzz-findings' },
    },
  });
  const { minutes, inputs, seed, format, out } = values;
  const result = await fuzz({
    ...(inputs ? { inputs: Number(inputs) } : { minutes: Number(minutes ?? 1) }),
    seed: Number(seed),
    ...(format ? { only: (name) => name === format } : {}),
    out,
    log: (line) => console.log(line),
  });
  const { findings, perFormat, ...totals } = result;
  console.table(perFormat);
  console.log(
    totals,
    `${(totals.inputs / totals.seconds).toFixed(0)} inputs/s`,
    `${findings.length} findings`,
  );
  process.exitCode = findings.length > 0 ? 1 : 0;
}
