// The profile that both panels show: generated, so that it is the same on every machine.
/* global TextEncoder, core */

/** Runs in the page, and here for speedscope's file: the same profile from the same seed. */
export function generate(samples, nodes, functions) {
  let seed = 12345;
  const random = () => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0), seed / 4294967296);
  const names = Array.from(
    { length: functions },
    (_, i) => `ns${i % 40}::Class${i % 400}<int>::function_${i}(char const*)`,
  );
  const parent = new Int32Array(nodes).fill(-1);
  const frame = new Int32Array(nodes);
  const depth = new Int32Array(nodes);
  const seen = new Set();
  for (let n = 0; n < nodes;) {
    const up = n === 0 ? -1 : Math.max(0, n - 1 - Math.floor(random() ** 3 * Math.min(n, 4000)));
    const f = Math.floor(random() ** 2 * functions);
    if (up >= 0 && depth[up] > 40) {
      frame[n] = f;
      parent[n] = Math.floor(random() * Math.min(n, 1000));
    } else {
      frame[n] = f;
      parent[n] = up;
    }
    const key = parent[n] * functions + f;
    if (seen.has(key)) continue;
    seen.add(key);
    depth[n] = parent[n] < 0 ? 1 : depth[parent[n]] + 1;
    n++;
  }
  // Neighbors in time are neighbors in the tree, as in a program.
  const stack = new Int32Array(samples);
  for (let i = 0, at = 0; i < samples; i++) {
    at = random() < 0.02 ? Math.floor(random() * nodes) : (at + Math.floor(random() * 9)) % nodes;
    stack[i] = at;
  }
  return { names, parent, frame, stack };
}

/** What the extension sends of it. Runs in the page. */
export function panelMessage(samples, nodes, functions, make) {
  const { names, parent, frame, stack } = make(samples, nodes, functions);
  let end = 0;
  const ends = Int32Array.from(names, (name) => (end += name.length));
  const up = Int32Array.from({ length: functions }, (_, i) => i);
  const none = new Int32Array(functions).fill(-1);
  const profile = {
    runId: 'bench',
    preset: 'BENCH',
    program: 'bench',
    createdAt: '2026-01-01T00:00:00Z',
    events: [{ name: 'cpu-clock:u' }],
    strings: { length: functions, utf8: new TextEncoder().encode(names.join('')), ends },
    functions: { length: functions, name: up, module: none, file: none, line: new Int32Array(functions) },
    frames: {
      length: functions,
      func: up,
      file: none,
      line: new Int32Array(functions),
      inlined: new Uint8Array(functions),
    },
    stacks: { length: nodes, parent, frame },
    samples: {
      length: samples,
      stack,
      thread: new Int32Array(samples),
      event: new Uint8Array(samples),
      time: Float64Array.from({ length: samples }, (_, i) => i / 10000),
      weight: new Float64Array(samples).fill(100000),
    },
    threads: [{ pid: 1, tid: 1, name: 'main' }],
    category: Int32Array.from({ length: functions }, (_, i) => i % 6),
    categories: ['A', 'B', 'C', 'D', 'E', 'Other'],
    results: [],
    stat: null,
    notes: [],
    scenarios: [],
  };
  profile.tree = core.packTree(core.buildCallTree(profile));
  profile.samples = core.packSamples(profile.samples);
  return { type: 'profile', profile };
}

/** The same as speedscope's own JSON; equal stacks are one sample with their sum. @returns {string} */
export function speedscopeFile({ names, parent, frame, stack }) {
  const weight = new Int32Array(parent.length);
  for (const node of stack) weight[node]++;
  const samples = [];
  const weights = [];
  weight.forEach((count, node) => {
    if (count === 0) return;
    const frames = [];
    for (let n = node; n >= 0; n = parent[n]) frames.push(frame[n]);
    samples.push(frames.reverse());
    weights.push(count);
  });
  return JSON.stringify({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    shared: { frames: names.map((name) => ({ name })) },
    profiles: [
      {
        type: 'sampled',
        name: 'bench',
        unit: 'none',
        startValue: 0,
        endValue: stack.length,
        weights,
        samples,
      },
    ],
  });
}
