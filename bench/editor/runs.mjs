// Saved runs of a lab, made as the product saves them: what the benchmarks of the editor open.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { bundle } from '../bundle.mjs';

/** The store as it ships, bundled for this process. */
export async function loadStore() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-bench-'));
  const store = "export { RunStore, newRunId } from './src/core/store/runStore.js';";
  try {
    return createRequire(import.meta.url)(await bundle(store, path.join(folder, 'store.cjs')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A lab that measures nothing: its runs are there already. @param {string} folder @param {readonly string[]} presets */
export function writeLab(folder, presets) {
  const lab = {
    formatVersion: 1,
    name: 'Bench',
    presets: presets.map((name) => ({ name, program: '/bin/true' })),
  };
  writeFileSync(path.join(folder, 'hakmem-lab.json'), JSON.stringify(lab));
}

/** @param {{ id: string, preset: string, createdAt: Date, samples: number }} of */
export function profileRun({ id, preset, createdAt, samples }) {
  return {
    formatVersion: 1,
    id,
    kind: 'profile',
    createdAt: createdAt.toISOString(),
    lab: 'Bench',
    preset: { name: preset, description: '', environment: {}, program: '/bin/true', args: [] },
    environment: { host: null, perf: null, compiler: null, variables: {}, programHash: null },
    results: [],
    stat: null,
    samples,
  };
}

/** The generated profile of the panel's benchmark, as it is saved. @param {ReturnType<import('../panel/profile.mjs').generate>} made */
export function savedProfile({ names, parent, frame, stack }) {
  const functions = names.length;
  const samples = stack.length;
  const index = Int32Array.from({ length: functions }, (_, i) => i);
  const none = new Int32Array(functions).fill(-1);
  const zero = new Int32Array(functions);
  return {
    events: [{ name: 'cpu-clock:u' }],
    strings: names,
    functions: { length: functions, name: index, module: none, file: none, line: zero },
    frames: { length: functions, func: index, file: none, line: zero, inlined: new Uint8Array(functions) },
    stacks: { length: parent.length, parent, frame },
    samples: {
      length: samples,
      stack,
      thread: new Int32Array(samples),
      event: new Uint8Array(samples),
      time: Float64Array.from({ length: samples }, (_, i) => i / 10000),
      weight: new Float64Array(samples).fill(100000),
    },
    threads: [{ pid: 1, tid: 1, name: 'main' }],
    notes: [],
  };
}
