// Times `hakmem-lab import --json` as a whole process beside perf, which prints the same recording: interleaved, medians of
// the time and of the processor time of all processes, since a busy machine stretches only the former.
// usage: node bench/wholeProcess.mjs [--seconds N] [--rounds N] [--data FILE]   (after npm run build)
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '110' },
    rounds: { type: 'string', default: '5' },
    data: { type: 'string' },
  },
});
const root = path.resolve(import.meta.dirname, '..');
const rounds = Number(values.rounds);
const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-whole-'));
const cli = path.join(root, 'dist/cli.js');

try {
  main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function main() {
  if (values.data !== undefined) {
    compare(path.resolve(values.data));
    return;
  }
  execFileSync('make', ['-C', path.join(root, 'native'), '-s', '-j2']);
  compare(record('million', Number(values.seconds)));
  compare(record('small', 4));
  compare(threads(10_000));
}

/** The allocator's benchmark with call chains by frame pointer, at 10 kHz. */
function record(name, seconds) {
  const data = path.join(folder, `${name}.data`);
  const program = path.join(root, 'native/build/bench_mid_large_mt_hakmem');
  const args = [
    'record',
    '-q',
    '-B',
    '-N',
    '-F',
    '9999',
    '--call-graph',
    'fp',
    '-e',
    'cpu-clock:u',
    '-o',
    data,
  ];
  const run = [program, '1', '90000000000', '400', '1'];
  spawnSync('perf', [...args, '--', 'timeout', String(seconds), ...run], { stdio: 'ignore' });
  return data;
}

/** A program whose threads each have a name. */
function threads(count) {
  const source = `#define _GNU_SOURCE
    #include <pthread.h>
    #include <stdio.h>
    static void *work(void *n) { char name[16]; snprintf(name, 16, "t-%ld", (long)n); pthread_setname_np(pthread_self(), name);
      for (volatile long i = 0; i < 300000; i++) ; return 0; }
    int main(void) { for (long n = 0; n < ${count}; n += 50) { pthread_t t[50];
      for (int i = 0; i < 50; i++) pthread_create(&t[i], 0, work, (void *)(n + i));
      for (int i = 0; i < 50; i++) pthread_join(t[i], 0); } }`;
  const [file, program, data] = ['threads.c', 'threads', 'threads.data'].map((f) => path.join(folder, f));
  writeFileSync(file, source);
  execFileSync('gcc', ['-O1', '-g', '-fno-omit-frame-pointer', '-pthread', '-o', program, file]);
  spawnSync(
    'perf',
    ['record', '-q', '-B', '-N', '-F', '4999', '-g', '-e', 'cpu-clock:u', '-o', data, program],
    {
      stdio: 'ignore',
    },
  );
  return data;
}

function compare(data) {
  const quoted = `'${data}'`;
  const commands = {
    'node, doing nothing': 'node -e 0',
    'hakmem-lab import --json': `node '${cli}' import --json ${quoted}`,
    'perf script': `perf script -i ${quoted} --no-inline -F comm,pid,tid,time,event,ip,sym,dso`,
    'perf report, flat': `perf report -i ${quoted} --stdio --no-children --no-inline -g none`,
    'perf report --children': `perf report -i ${quoted} --stdio --children --no-inline -g none`,
  };
  const json = JSON.parse(
    execFileSync('node', [cli, 'import', '--json', data], {
      cwd: folder,
      maxBuffer: 2 ** 30,
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  const figures = new Map(Object.keys(commands).map((name) => [name, { wall: [], processor: [] }]));
  for (let round = 0; round < rounds; round++)
    for (const [name, command] of Object.entries(commands)) {
      const { wall, processor } = timed(command);
      figures.get(name).wall.push(wall);
      figures.get(name).processor.push(processor);
    }
  const ours = figures.get('hakmem-lab import --json');
  console.log(`\n${json.samples.toLocaleString('en-US')} samples, medians of ${rounds}, interleaved`);
  for (const [name, { wall, processor }] of figures) {
    const ratio = (list, own) => (median(own) / median(list)).toFixed(2);
    const compared =
      name === 'hakmem-lab import --json'
        ? ''
        : `  ours: ${ratio(wall, ours.wall)}, ${ratio(processor, ours.processor)} of it`;
    console.log(`${name.padEnd(26)} ${text(median(wall))}  processor ${text(median(processor))}${compared}`);
  }
}

/** Bash's own clock, which includes all processes that ended. */
function timed(command) {
  const script = `TIMEFORMAT='%R %U %S'; time { ${command} >/dev/null 2>&1; }`;
  const { stderr } = spawnSync('bash', ['-c', script], { cwd: folder, encoding: 'utf8' });
  const [wall, user, system] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return { wall, processor: user + system };
}

function text(seconds) {
  return `${(seconds * 1000).toFixed(0).padStart(6)} ms`;
}

function median(list) {
  return [...list].sort((a, b) => a - b)[list.length >> 1];
}
