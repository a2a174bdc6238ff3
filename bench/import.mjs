// Times reading `perf script` text against counting its lines, and states the memory that it takes. The text is a
// recording of the sample allocator's benchmark, repeated up to the wanted size. Where stackcollapse-perf.pl is given it is
// timed on the same text; else its known rate stands for it.
// usage: node bench/import.mjs [--megabytes N] [--stackcollapse FILE] [--repeats N]
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';

/** Samples per second of stackcollapse-perf.pl, measured once on a machine of this kind. */
const CLASSIC_RATE = 172_000;

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '200' },
    repeats: { type: 'string', default: '3' },
    stackcollapse: { type: 'string' },
  },
});
const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-bench-'));

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const text = record();
  const program = await bundleReader();
  const times = { count: [], wc: [], import: [], classic: [] };
  let last;
  for (let i = 0; i < Number(values.repeats); i++) {
    times.count.push(run(program, 'count', text).milliseconds);
    times.wc.push(timed(() => execFileSync('wc', ['-l', text])));
    last = run(program, 'import', text);
    times.import.push(last.milliseconds);
    if (values.stackcollapse)
      times.classic.push(
        timed(() =>
          execFileSync('perl', [values.stackcollapse, text], { stdio: ['ignore', 'ignore', 'ignore'] }),
        ),
      );
  }
  const { samples, stacks, maxRss } = last;
  const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  console.log(
    `${mib(statSync(text).size)}, ${samples.toLocaleString('en-US')} samples, ${stacks.toLocaleString('en-US')} nodes in the tree of stacks, medians of ${values.repeats}, interleaved`,
  );
  const row = (name, list) => {
    const ms = median(list);
    const rate = Math.round(samples / (ms / 1000));
    console.log(
      `${name.padEnd(22)} ${ms.toFixed(0).padStart(7)} ms  ${rate.toLocaleString('en-US')} samples/s`,
    );
    return rate;
  };
  row('wc -l', times.wc);
  row('counting lines (node)', times.count);
  const rate = row('import', times.import);
  const classic = values.stackcollapse ? row('stackcollapse-perf.pl', times.classic) : CLASSIC_RATE;
  console.log(
    `import is ${(rate / classic).toFixed(1)} times as fast as stackcollapse-perf.pl (${classic.toLocaleString('en-US')} samples/s${values.stackcollapse ? '' : ', not measured here'})`,
  );
  console.log(
    `import takes ${(median(times.import) / median(times.count)).toFixed(1)} times as long as counting lines`,
  );
  console.log(`peak memory of the importing process: ${mib(maxRss)}`);
}

function record() {
  execFileSync('make', ['-C', path.join(root, 'native'), '-s', '-j2']);
  const data = path.join(folder, 'perf.data');
  const program = path.join(root, 'native/build/bench_mid_large_mt_hakmem');
  const args = ['record', '-q', '-F', '4999', '--call-graph', 'fp', '-e', 'cpu-clock:u', '-o', data, '--'];
  execFileSync('perf', [...args, program, '1', '100000000', '400', '1'], { stdio: 'ignore' });
  const once = path.join(folder, 'once.txt');
  execFileSync('sh', ['-c', `perf script -i '${data}' --no-inline >'${once}' 2>/dev/null`]);
  const piece = readFileSync(once);
  const text = path.join(folder, 'script.txt');
  writeFileSync(text, piece);
  for (let size = piece.length; size < Number(values.megabytes) * 2 ** 20; size += piece.length)
    appendFileSync(text, piece);
  return text;
}

/** One measurement in a process of its own, so that its peak memory is its own. */
function run(program, what, text) {
  return JSON.parse(execFileSync(process.execPath, [program, what, text], { encoding: 'utf8' }));
}

async function bundleReader() {
  const contents = `
        import { createReadStream, readFileSync } from 'node:fs';
        import { importProfile } from './src/core/import/importProfile.js';
        const [, , what, file] = process.argv;
        const start = performance.now();
        let samples = 0;
        let stacks = 0;
        async function main() {
          if (what === 'count') {
            for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 }))
              for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) samples++;
          } else {
            const profile = await importProfile(file, {}, { progress: () => undefined });
            samples = profile.samples.length;
            stacks = profile.stacks.length;
          }
          const milliseconds = performance.now() - start;
          // Not resourceUsage's: that one survives exec, and would include the parent's.
          const maxRss = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
          process.stdout.write(JSON.stringify({ milliseconds, samples, stacks, maxRss }));
        }
        main();`;
  return bundle(contents, path.join(folder, 'run.cjs'));
}

function timed(action) {
  const start = performance.now();
  action();
  return performance.now() - start;
}

function median(list) {
  return [...list].sort((a, b) => a - b)[list.length >> 1];
}
