// Starts operations of the command line and ends them at random moments, in every way that a process can be ended.
// Afterwards nothing may be left: no process, no lock, no temporary file, no run that is half saved. What is killed
// outright can't clean up: its programs run on, and it is the next measurement that leaves no file.
// usage: node test/fuzz/cancels.mjs [--number N] [--seed S] [--jobs J] [--way W] [--operation O]
import { execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
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
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundleCli } from '../unit/support/bundleCli.mjs';

/** The longest moment to wait for, and how long the end may take, in milliseconds. A busy machine takes its time. */
const latest = 5_000;
const patience = 30_000;

/**
 * `work SECONDS`: computes in itself and in a child. That has a session of its own, unless the program is ended by its
 * terminal: what has left the terminal's session survives that, as from any shell.
 */
const program = `
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
static volatile unsigned long sink;
int main(int argc, char **argv) {
  time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 1);
  if (fork() == 0) {
    if (getenv("OWN_SESSION")) setsid();
    while (time(NULL) < end) usleep(1000);
    _exit(0);
  }
  do for (int i = 0; i < 100000; i++) sink += i; while (time(NULL) < end);
  return 0;
}`;

/** What is ended: arguments of the command line, by the path of the program. */
const operations = {
  record: (work) => ['record', '--', work, '600'],
  'record briefly': (work) => ['record', '--', work, '1'],
  bench: (work) => ['bench', '--runs', '50', '--', work, '600'],
  profile: () => ['profile', 'LONG'],
  count: () => ['profile', 'LONG', '--counter', 'callgrind'],
  import: () => ['import', '--save', 'stacks.folded'],
  convert: () => ['convert', 'stacks.folded', 'stacks.svg'],
  compare: (work) => ['compare', `command:${work} 1`, `command:${work} 1`],
  'compare briefly': () => ['compare', '--pairs', '1', 'LONG', 'OTHER'],
  'compare commits': () => ['compare', 'commit:HEAD~1', 'commit:HEAD'],
  matrix: () => ['matrix'],
  gate: () => ['gate', '--format', 'markdown', '-o', 'gate.md'],
  bisect: () => ['bisect', 'LONG', 'HEAD~1', 'HEAD'],
  report: () => ['report', '-o', 'report.html'],
};

/** What is there before, and what an operation may write beside it. */
const before = ['.git', 'hakmem-lab-gate.json', 'hakmem-lab.json', 'stacks.folded', 'state', 'tmp', 'work'];
const outputs = ['.hakmem-lab', 'gate.md', 'report.html', 'stacks.svg', 'tmp-of-next'];

/** How it is ended. @type {Record<string, { terminal?: boolean, parent?: boolean, outright?: boolean, signal: NodeJS.Signals }>} */
export const ways = {
  SIGINT: { signal: 'SIGINT' },
  SIGTERM: { signal: 'SIGTERM' },
  SIGHUP: { signal: 'SIGHUP' },
  'terminal closed': { terminal: true, signal: 'SIGKILL' },
  'parent killed': { terminal: true, parent: true, signal: 'SIGKILL' },
  SIGKILL: { signal: 'SIGKILL', outright: true },
};

/**
 * @param {{ number: number, seed: number, jobs?: number, way?: string, operation?: string, log?: (line: string) => void }} options
 * @returns {Promise<{ cancels: number, byWay: Record<string, number>, findings: string[] }>}
 */
export async function cancels({
  number,
  seed,
  jobs = 2,
  way: onlyWay,
  operation: onlyOperation,
  log = () => undefined,
}) {
  const top = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-cancels-')));
  const result = { cancels: 0, byWay: {}, findings: [] };
  try {
    const cli = await bundleCli(top);
    writeFileSync(path.join(top, 'work.c'), program);
    mkdirSync(path.join(top, 'lab'));
    execFileSync('cc', ['-O1', '-g', '-o', path.join(top, 'lab/work'), path.join(top, 'work.c')]);
    makeLab(path.join(top, 'lab'));
    const random = generator(seed);
    const pick = (only, names) => only ?? names[Math.floor(random() * names.length)];
    let next = 0;
    const worker = async () => {
      while (next < number) {
        const index = next++;
        const way = pick(onlyWay, Object.keys(ways));
        const operation = pick(onlyOperation, Object.keys(operations));
        const after = latest * random();
        const found = await attempt({ top, cli, index, way, operation, after });
        result.cancels++;
        result.byWay[way] = (result.byWay[way] ?? 0) + 1;
        for (const what of found) {
          const finding = `${index}: ${operation}, ${way} after ${after.toFixed(0)} ms: ${what}`;
          result.findings.push(finding);
          log(finding);
        }
        if (result.cancels % 50 === 0) log(`${result.cancels} cancels, ${result.findings.length} findings`);
      }
    };
    await Promise.all(Array.from({ length: jobs }, worker));
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
  return result;
}

/** A lab with two commits, which every attempt gets a copy of. */
function makeLab(folder) {
  const write = (name, content) =>
    writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  const preset = (name) => ({ name, program: 'work', args: ['1'], profileArgs: ['600'] });
  write('stacks.folded', 'main;work 3\n'.repeat(100_000));
  write('hakmem-lab.json', {
    formatVersion: 1,
    name: 'Cancels',
    presets: [preset('LONG'), preset('OTHER')],
    matrix: [{ name: 'all', preset: 'LONG', options: [{ name: 'OPTION', values: ['1', '2'] }] }],
  });
  write('hakmem-lab-gate.json', {
    formatVersion: 1,
    checks: [{ name: 'long', preset: 'LONG', against: { commit: 'HEAD' } }],
  });
  const git = (...args) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
  git('init', '--quiet');
  git('add', 'work', 'hakmem-lab.json');
  for (const message of ['first', 'second'])
    git(
      '-c',
      'user.name=A',
      '-c',
      'user.email=a@example.com',
      'commit',
      '--quiet',
      '--allow-empty',
      '-m',
      message,
    );
}

/** @returns what was left */
async function attempt({ top, cli, index, way, operation, after }) {
  const folder = path.join(top, `folder-${index}`);
  const temporary = path.join(folder, 'tmp');
  const work = path.join(folder, 'work');
  cpSync(path.join(top, 'lab'), folder, { recursive: true });
  mkdirSync(temporary);
  const { terminal, parent, signal, outright } = ways[way];
  const env = {
    ...process.env,
    TMPDIR: temporary,
    XDG_STATE_HOME: path.join(folder, 'state'),
    ...(terminal ? {} : { OWN_SESSION: '1' }),
  };
  const command = [process.execPath, cli, ...operations[operation](work)];
  const child = terminal
    ? spawn(
        'script',
        [
          '-qec',
          `${parent ? '' : 'exec '}${command.map((word) => `'${word}'`).join(' ')}${parent ? '; :' : ''}`,
          '/dev/null',
        ],
        {
          cwd: folder,
          env,
          stdio: ['pipe', 'ignore', 'ignore'],
        },
      )
    : spawn(command[0], command.slice(1), { cwd: folder, env, stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await Promise.race([delay(after), ended]);
  // The shell between the terminal and the command, which hears nothing else of it.
  const target = parent ? (childOf(child.pid) ?? child.pid) : child.pid;
  kill(target, signal);
  if (parent) {
    await delay(20);
    kill(child.pid, signal);
  }
  const found = [];
  const left = () => processesIn(folder);
  const wait = outright ? 0 : patience;
  for (const start = performance.now(); left().length > 0 && performance.now() - start < wait;)
    await delay(20);
  for (const [pid, line] of left()) {
    if (!outright) found.push(`left running: ${line}`);
    kill(pid, 'SIGKILL');
  }
  while (left().length > 0) await delay(20);
  if (outright) {
    const again = spawn(process.execPath, [cli, 'bench', '--runs', '1', '--', '/bin/true'], {
      cwd: folder,
      env: { ...env, TMPDIR: path.join(folder, 'tmp-of-next') },
      stdio: 'ignore',
    });
    mkdirSync(path.join(folder, 'tmp-of-next'));
    const status = await new Promise((resolve) => again.once('exit', resolve));
    if (status !== 0) found.push(`the next measurement ended with ${status}`);
  } else for (const name of readdirSync(temporary)) found.push(`temporary file ${name}`);
  for (const name of readdirSync(folder))
    if (![...before, ...outputs].includes(name)) found.push(`file ${name}`);
  found.push(...leftIn(path.join(folder, '.hakmem-lab')));
  if (!outright) {
    const locks = readdirSync(path.join(folder, '.git')).filter((name) => name.endsWith('.lock'));
    found.push(...locks.map((name) => `.git/${name}`));
    const trees = path.join(folder, '.git/worktrees');
    if (existsSync(trees)) found.push(...readdirSync(trees).map((name) => `registered worktree ${name}`));
  }
  rmSync(folder, { recursive: true, force: true });
  return found;
}

/** Files in a store that aren't whole runs. */
function leftIn(store) {
  const found = [];
  const names = (folder) => (existsSync(folder) ? readdirSync(folder) : []);
  for (const name of names(store))
    if (!['.gitignore', 'experiments', 'runs', 'worktrees'].includes(name)) found.push(`file ${name}`);
  for (const name of names(path.join(store, 'worktrees'))) found.push(`worktree ${name}`);
  for (const run of names(path.join(store, 'runs'))) {
    const files = names(path.join(store, 'runs', run))
      .sort()
      .join(' ');
    if (files !== 'profile.bin.gz run.json' && files !== 'run.json')
      found.push(`run ${run} of ${files || 'nothing'}`);
  }
  for (const experiment of names(path.join(store, 'experiments')))
    found.push(...brokenExperiment(path.join(store, 'experiments', experiment)));
  return found;
}

/** What is wrong with an experiment: it has a plan, perhaps a result, and whole records but for the last one. */
function brokenExperiment(folder) {
  const found = [];
  for (const name of readdirSync(folder)) {
    if (!['plan.json', 'records.jsonl', 'result.json'].includes(name)) found.push(`${name} in an experiment`);
    const text = readFileSync(path.join(folder, name), 'utf8');
    try {
      for (const one of name === 'records.jsonl' ? text.split('\n').slice(0, -1) : [text]) JSON.parse(one);
    } catch {
      found.push(`half of ${name}`);
    }
  }
  if (!existsSync(path.join(folder, 'plan.json'))) found.push('an experiment without a plan');
  return found;
}

function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

/** The processes whose command line or current folder is in a folder: ID and command line. */
function processesIn(folder) {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const inside = line.includes(folder) || realpathSync(`/proc/${pid}/cwd`).startsWith(folder);
      return line !== '' && inside ? [[Number(pid), line]] : [];
    } catch {
      return [];
    }
  });
}

function childOf(pid) {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return list === '' ? undefined : Number(list.split(' ')[0]);
  } catch {
    return undefined;
  }
}

/** Mulberry32. */
function generator(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      number: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '2' },
      way: { type: 'string' },
      operation: { type: 'string' },
    },
  });
  const { number, seed, jobs, way, operation } = values;
  const result = await cancels({
    number: Number(number),
    seed: Number(seed),
    jobs: Number(jobs),
    way,
    operation,
    log: (line) => console.log(line),
  });
  console.log(result.byWay, `${result.cancels} cancels, ${result.findings.length} findings`);
  process.exitCode = result.findings.length > 0 ? 1 : 0;
}
