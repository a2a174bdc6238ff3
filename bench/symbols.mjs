// Times naming addresses of a large C++ program with its inlined functions, against the tools that can do it and the
// symbolizer alone, which is the limit: interleaved, medians.
// usage: node bench/symbols.mjs [--units N] [--addresses N,N] [--perf HZ] [--folder KEEP] [--repeats N]
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { largeProgram } from './largeProgram.mjs';
import { bundle } from './bundle.mjs';

const { values } = parseArgs({
  options: {
    units: { type: 'string', default: '4' },
    addresses: { type: 'string', default: '1000,20000,100000' },
    perf: { type: 'string', default: '999' },
    folder: { type: 'string' },
    repeats: { type: 'string', default: '5' },
  },
});
const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-bench-'));

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const program = largeProgram(values.folder ?? folder, Number(values.units));
  const core = await loadCore();
  const code = addressesOf(program);
  console.log(`${size(statSync(program).size)}, of which ${size(debugSize(program))} debug information`);
  for (const count of values.addresses.split(',').map(Number))
    await compare(core, program, spread(code, count));
  if (Number(values.perf) > 0) await perf(core, program, Number(values.perf));
  console.log(`memory at the peak: ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
}

async function compare(core, program, addresses) {
  const input = path.join(folder, 'addresses');
  writeFileSync(input, addresses.map((a) => `0x${a.toString(16)}\n`).join(''));
  const times = { symbolize: [], 'llvm-symbolizer': [], 'llvm-symbolizer, verbose': [], addr2line: [] };
  const llvm = ['--inlines', '--no-demangle', '-e', program];
  for (let i = 0; i < Number(values.repeats); i++) {
    // A fresh process of the tool and an empty cache, as for the first profile.
    times.symbolize.push(await core.symbolizeOnce(program, addresses));
    times['llvm-symbolizer'].push(batch(input, 'llvm-symbolizer', llvm));
    times['llvm-symbolizer, verbose'].push(batch(input, 'llvm-symbolizer', ['--verbose', ...llvm]));
    times.addr2line.push(batch(input, 'addr2line', ['-afi', '-e', program]));
  }
  console.log(
    `\n${addresses.length.toLocaleString('en-US')} addresses, medians of ${values.repeats}, interleaved`,
  );
  const limit = median(times['llvm-symbolizer']);
  for (const [name, list] of Object.entries(times)) {
    const ms = median(list);
    console.log(
      `${name.padEnd(25)} ${ms.toFixed(0).padStart(7)} ms  ${(ms / limit).toFixed(2)} of llvm-symbolizer`,
    );
  }
}

/** What perf itself takes to name the lines of a recording, which it asks addr2line for one by one. */
async function perf(core, program, frequency) {
  const data = path.join(folder, 'perf.data');
  const record = [
    'record',
    '-q',
    '-F',
    String(frequency),
    '--call-graph',
    'fp',
    '-e',
    'cpu-clock:u',
    '-N',
    '-o',
    data,
  ];
  execFileSync('perf', [...record, '--', program, '2000'], { stdio: 'ignore' });
  const times = { 'opened here': [], 'perf script, lines': [], 'perf script, names': [] };
  let distinct = 0;
  for (let i = 0; i < Math.min(3, Number(values.repeats)); i++) {
    const start = performance.now();
    distinct = await core.openOnce(data);
    times['opened here'].push(performance.now() - start);
    times['perf script, lines'].push(script(data, 'ip,sym,srcline'));
    times['perf script, names'].push(script(data, 'ip,sym'));
  }
  console.log(`\nA recording with ${distinct} frames, inlined ones included:`);
  for (const [name, list] of Object.entries(times)) {
    const ms = median(list);
    const ratio = ms / median(times['opened here']);
    console.log(`${name.padEnd(25)} ${ms.toFixed(0).padStart(7)} ms  ${ratio.toFixed(2)} of opening it here`);
  }
}

/** Milliseconds. */
function script(data, fields) {
  const start = performance.now();
  spawnSync('perf', ['script', '-i', data, '-F', fields], { stdio: 'ignore' });
  return performance.now() - start;
}

/** Milliseconds of a tool that reads addresses from a file and whose answer nobody reads. */
function batch(input, tool, args) {
  const file = openSync(input, 'r');
  const start = performance.now();
  const { status } = spawnSync(tool, args, { stdio: [file, 'ignore', 'ignore'] });
  const ms = performance.now() - start;
  closeSync(file);
  if (status !== 0) throw new Error(`${tool} ended with ${status}`);
  return ms;
}

/** Every fourth byte of all functions. */
function addressesOf(program) {
  const text = execFileSync('nm', ['-S', program], { encoding: 'utf8', maxBuffer: 2 ** 30 });
  const found = new Set();
  for (const [, start, length] of text.matchAll(/^([0-9a-f]+) ([0-9a-f]+) [tTwW] /gm)) {
    const from = parseInt(start, 16);
    for (let at = 0; at < parseInt(length, 16); at += 4) found.add(from + at);
  }
  return [...found];
}

/** As many of them, in an order without any: samples come in none. The same in every run. */
function spread(all, count) {
  if (count > all.length)
    throw new Error(`The program has only ${all.length} addresses: choose more --units.`);
  let seed = 1;
  const chosen = [...all];
  for (let i = 0; i < count; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const other = i + (seed % (chosen.length - i));
    [chosen[i], chosen[other]] = [chosen[other], chosen[i]];
  }
  return chosen.slice(0, count);
}

function debugSize(program) {
  const text = execFileSync('readelf', ['-S', '--wide', program], { encoding: 'utf8' });
  return [...text.matchAll(/ \.debug_\S+ +PROGBITS +[0-9a-f]+ [0-9a-f]+ ([0-9a-f]+)/g)]
    .map(([, bytes]) => parseInt(bytes, 16))
    .reduce((a, b) => a + b, 0);
}

/** The core as it ships, bundled for this process. */
async function loadCore() {
  const contents = `
        import { openRecording } from './src/core/perfData/openRecording.js';
        import { findSymbolTool, symbolize } from './src/core/symbols/symbolizer.js';
        import { endSymbolTools } from './src/core/symbols/frameCache.js';
        // Answers are cached by tool: one that wraps the real one has no answers yet.
        const uncachedTool = async () => {
          const tool = await findSymbolTool();
          return (...args) => tool(...args);
        };
        export const symbolizeOnce = async (module, addresses) => {
          const tool = await uncachedTool();
          const common = { module, mode: 'user', address: 0, pid: undefined, buildId: undefined, symbol: undefined };
          // Of a program that the linker placed at its offsets in the file, as it does by default.
          const locations = addresses.map((offset) => ({ ...common, offset }));
          const start = performance.now();
          const { frames } = await symbolize(tool, locations, { progress: () => undefined });
          const ms = performance.now() - start;
          const named = frames.filter((list) => list.length > 0).length;
          if (named < addresses.length * 0.99) throw new Error(named + ' of the addresses have names');
          endSymbolTools();
          return ms;
        };
        export const openOnce = async (file) => {
          const { frames } = await openRecording(file, { inline: true, symbolTool: await uncachedTool() }, { progress: () => undefined });
          endSymbolTools();
          return frames.length;
        };`;
  return createRequire(import.meta.url)(await bundle(contents, path.join(folder, 'core.cjs')));
}

function median(list) {
  return [...list].sort((a, b) => a - b)[list.length >> 1];
}

function size(bytes) {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
