// Typing in a source file of 20,000 lines of which 5,000 have figures, in a real VS Code; and the memory of its extension
// host while ten runs are opened one after the other.
// usage: npm run package && node bench/typing.mjs [--lines N] [--annotated N] [--keys N] [--rounds N]
//   Each round types with figures and without, in turns.
/* global requestAnimationFrame, MessageChannel */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openLabWindow } from '../test/e2e/support/window.mjs';
import { loadStore, profileRun, writeLab } from './editor/runs.mjs';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '20000' },
    annotated: { type: 'string', default: '5000' },
    keys: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '4' },
  },
});
const [lines, annotated, keys] = [values.lines, values.annotated, values.keys].map(Number);
const every = Math.floor(lines / annotated);
const runs = 10;
const window = await openLabWindow({ lab: false });
try {
  const { workbench, workspace } = window;
  const names = Array.from({ length: runs }, (_, i) => `RUN${i}`);
  await prepare(workspace, names);
  await workbench.openActivityView('HAKMEM Lab');
  await workbench.runCommand('HAKMEM Lab: Refresh Presets');
  await openRun(workbench, 'RUN0');
  await workbench.openFile('large.c');
  const times = { with: [], without: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const side of ['with', 'without']) {
      times[side].push(...(await type(workbench, side, Math.floor(lines / 2) + 40 * round)));
      await workbench.runCommand('HAKMEM Lab: Toggle Annotations');
    }
  }
  console.log(`${keys} keys a time, ${values.rounds} rounds; from the key to the end of its frame`);
  for (const [side, list] of Object.entries(times)) {
    const sorted = list.sort((a, b) => a - b);
    const at = (share) => sorted[Math.floor(share * sorted.length)].toFixed(1);
    console.log(`${side.padEnd(8)} figures: median ${at(0.5)} ms, p95 ${at(0.95)} ms`);
  }
  const memory = [];
  for (const name of names) {
    await openRun(workbench, name);
    memory.push(memoryOfExtensionHost());
  }
  console.log(`extension host, MiB after each of ${runs} runs: ${memory.join(', ')}`);
  console.log(`load average ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} cores`);
} finally {
  await window.close();
}

/** A source file, and runs of it in which every fourth line has its share. */
async function prepare(workspace, names) {
  const file = path.join(workspace, 'large.c');
  const text = Array.from({ length: lines }, (_, i) => `int line_${i + 1};`).join('\n');
  writeFileSync(file, text);
  mkdirSync(path.join(workspace, '.vscode'));
  writeFileSync(
    path.join(workspace, '.vscode/settings.json'),
    JSON.stringify({ 'hakmemLab.annotations.minimumPercent': 0, 'editor.wordBasedSuggestions': 'off' }),
  );
  const id = createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');
  const { RunStore, newRunId } = await loadStore();
  const store = new RunStore(workspace);
  const profile = profileOf(file);
  for (const preset of names) {
    const createdAt = new Date();
    const run = profileRun({
      id: newRunId(preset, createdAt),
      preset,
      createdAt,
      samples: profile.samples.length,
    });
    await store.save({ ...run, sources: { [file]: id } }, profile);
  }
  writeLab(workspace, names);
}

/** A function of ten annotated lines after the other, a sample on each line. */
function profileOf(file) {
  const functions = Math.ceil(annotated / 10);
  const column = (length, of) => Int32Array.from({ length }, (_, i) => of(i));
  const samples = annotated * 4;
  return {
    events: [{ name: 'cpu-clock:u' }],
    strings: [file, ...Array.from({ length: functions }, (_, i) => `function_${i}`)],
    functions: {
      length: functions,
      name: column(functions, (i) => i + 1),
      module: column(functions, () => -1),
      file: column(functions, () => 0),
      line: column(functions, (i) => i * 10 * every + 1),
    },
    frames: {
      length: annotated,
      func: column(annotated, (i) => Math.floor(i / 10)),
      file: column(annotated, () => 0),
      line: column(annotated, (i) => i * every + 1),
      inlined: new Uint8Array(annotated),
    },
    stacks: { length: annotated, parent: column(annotated, () => -1), frame: column(annotated, (i) => i) },
    samples: {
      length: samples,
      stack: column(samples, (i) => i % annotated),
      thread: new Int32Array(samples),
      event: new Uint8Array(samples),
      time: Float64Array.from({ length: samples }, (_, i) => i / 10000),
      weight: new Float64Array(samples).fill(100000),
    },
    threads: [{ pid: 1, tid: 1, name: 'main' }],
    notes: [],
  };
}

async function openRun(workbench, name) {
  await (await workbench.treeItem(name, { view: 'Runs' })).click();
  await workbench.webview(`HAKMEM Lab: ${name}`, { timeout: 60_000 });
}

/** Milliseconds of each key. */
async function type(workbench, side, line) {
  await workbench.gotoLine(line, 'large.c');
  await workbench.until(`the file ${side} figures`, async () => {
    const shown = (await workbench.lineAnnotations('large.c')).some(({ after }) => after.length > 0);
    return shown === (side === 'with');
  });
  await workbench.page.keyboard.press('End');
  await workbench.page.evaluate(() => {
    window.keyTimes = [];
    window.onKey ??= (event) =>
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => window.keyTimes.push(performance.now() - event.timeStamp);
        port2.postMessage(0);
      });
    window.removeEventListener('keydown', window.onKey, true);
    window.addEventListener('keydown', window.onKey, true);
  });
  for (let i = 0; i < keys; i++) {
    await workbench.page.keyboard.press(i % 20 === 19 ? 'Enter' : 'x');
    await workbench.page.waitForTimeout(60);
  }
  return workbench.page.evaluate(() => window.keyTimes);
}

/** Of this window's, among those of others. MiB. */
function memoryOfExtensionHost() {
  const found = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [status, command] = ['status', 'cmdline'].map((name) =>
        readFileSync(`/proc/${pid}/${name}`, 'utf8'),
      );
      const [, parent] = /^PPid:\s*(\d+)/m.exec(status);
      found.set(pid, { parent, command, kib: Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]) });
    } catch {
      // It ended meanwhile.
    }
  }
  const isOurs = (pid) => pid === String(process.pid) || (found.has(pid) && isOurs(found.get(pid).parent));
  for (const [pid, { command, kib }] of found)
    if (command.includes('type=extensionHost') && isOurs(pid)) return Math.round(kib / 1024);
  throw new Error('There is no extension host.');
}
