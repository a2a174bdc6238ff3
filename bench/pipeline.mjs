// Times the profile pipeline against `perf script`, which only prints the same recording: interleaved, medians.
// usage: npm run benchmark [-- --seconds N]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '20' } } });
const root = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-bench-'));
const repeats = 5;

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  execFileSync('make', ['-C', path.join(root, 'native'), '-s', '-j2']);
  const data = path.join(folder, 'perf.data');
  const iterations = String(Number(values.seconds) * 60_000_000);
  const program = path.join(root, 'native/build/bench_mid_large_mt_hakmem');
  const args = ['record', '-q', '-F', '9999', '--call-graph', 'fp', '-e', 'cpu-clock:u', '-o', data, '--'];
  execFileSync('perf', [...args, program, '1', iterations, '400', '1'], { stdio: 'ignore' });

  const core = await loadCore();
  const times = { read: [], symbolize: [], model: [], views: [], perfScript: [] };
  let samples = 0;
  for (let i = 0; i < repeats; i++) {
    const recording = await timed(times.read, () => core.readPerfDataFile(data));
    samples = recording.samples.length;
    const symbols = await timed(times.symbolize, () => core.symbolizeAll(recording));
    const profile = await timed(times.model, () => core.toProfile(recording, symbols, { inline: true }));
    await timed(times.views, () => core.functionCosts(profile));
    await timed(times.perfScript, () =>
      execFileSync('sh', [
        '-c',
        `perf script -i '${data}' --no-inline -F comm,pid,tid,time,event,ip,sym,dso >/dev/null 2>&1`,
      ]),
    );
  }
  const ours = median(times.read) + median(times.model);
  const rate = (ms) => `${Math.round(samples / (ms / 1000)).toLocaleString('en-US')} samples/s`;
  console.log(
    `${samples.toLocaleString('en-US')} samples, ${(statSync(data).size / 2 ** 20).toFixed(1)} MiB, medians of ${repeats}, interleaved`,
  );
  for (const [name, list] of Object.entries(times)) {
    console.log(`${name.padEnd(12)} ${median(list).toFixed(0).padStart(7)} ms  ${rate(median(list))}`);
  }
  console.log(`memory at the peak: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
  console.log(
    `reading and building the model take ${(ours / median(times.perfScript)).toFixed(3)} of the time of perf script`,
  );
}

/** The core as it ships, bundled for this process. */
async function loadCore() {
  const contents = `
        import { openFile } from './src/core/perfData/byteSource.js';
        import { readPerfData } from './src/core/perfData/reader.js';
        import { findSymbolTool, symbolize } from './src/core/symbols/symbolizer.js';
        export { toProfile } from './src/core/perfData/toProfile.js';
        export { functionCosts } from './src/views/costs.js';
        export const readPerfDataFile = async (file) => {
          const source = await openFile(file);
          try {
            return await readPerfData(source);
          } finally {
            await source.close();
          }
        };
        export const symbolizeAll = async (recording) =>
          symbolize(await findSymbolTool(), recording.locations, { progress: () => undefined });`;
  return createRequire(import.meta.url)(await bundle(contents, path.join(folder, 'core.cjs')));
}

async function timed(list, action) {
  const start = performance.now();
  const result = await action();
  list.push(performance.now() - start);
  return result;
}

function median(list) {
  return [...list].sort((a, b) => a - b)[list.length >> 1];
}
