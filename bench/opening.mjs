// Opens saved runs of a million samples in a real VS Code: from the click in the list of runs to the panel's first frames.
// usage: npm run package && node bench/opening.mjs [--samples N] [--nodes N] [--functions N] [--rounds N]
//   Each round opens one run while there is no panel, and another while the panel is open. The first one of all is in a
//   browser that has shown no webview yet: then Chromium doesn't hold the panel's document back for a second.
/* global CanvasRenderingContext2D, EventTarget, requestAnimationFrame */
import os from 'node:os';
import { parseArgs } from 'node:util';
import { openLabWindow } from '../test/e2e/support/window.mjs';
import { loadStore, profileRun, savedProfile, writeLab } from './editor/runs.mjs';
import { generate } from './panel/profile.mjs';

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '1000000' },
    nodes: { type: 'string', default: '200000' },
    functions: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '5' },
  },
});
const rounds = Number(values.rounds);
const window = await openLabWindow({ lab: false });
try {
  const { workbench, workspace } = window;
  await workbench.page.context().addInitScript(watchPanel);
  await workbench.reload();
  const names = Array.from({ length: 2 * rounds + 2 }, (_, i) => `RUN${i}`);
  await saveRuns(workspace, names);
  writeLab(workspace, names);
  await workbench.openActivityView('HAKMEM Lab');
  await workbench.runCommand('HAKMEM Lab: Refresh Presets');
  const times = { 'the very first': [], 'without a panel': [], 'with the panel open': [] };
  // The first two start the extension's code: they aren't counted with the others.
  for (const [i, name] of names.entries()) {
    const isOpen = i % 2 === 1;
    if (!isOpen) await workbench.runCommand('View: Close All Editors');
    const found = await open(workbench, name);
    if (i === 0) times['the very first'].push(found);
    if (i > 1) times[isOpen ? 'with the panel open' : 'without a panel'].push(found);
  }
  console.log(
    `${values.samples} samples, ${values.nodes} stack nodes; medians of ${rounds} but for the very first, from the click, in ms`,
  );
  for (const [name, list] of Object.entries(times)) {
    const of = (key) => Math.round(median(list.map((found) => found[key])));
    const all = list.map(({ frames }) => Math.round(frames)).sort((a, b) => a - b);
    console.log(
      `${name.padEnd(20)} message ${of('message')}, first frames ${of('frames')} (${all.join(', ')}), all samples ${of('samples')}`,
    );
  }
  console.log(`load average ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} cores`);
} finally {
  await window.close();
}

async function saveRuns(workspace, names) {
  const { RunStore, newRunId } = await loadStore();
  const store = new RunStore(workspace);
  const profile = savedProfile(
    generate(Number(values.samples), Number(values.nodes), Number(values.functions)),
  );
  for (const preset of names) {
    const createdAt = new Date();
    const id = newRunId(preset, createdAt);
    await store.save(profileRun({ id, preset, createdAt, samples: profile.samples.length }), profile);
  }
}

/** In every document: when the panel gets its profile, draws it, and has all samples. Milliseconds since 1970. */
function watchPanel() {
  const now = () => performance.timeOrigin + performance.now();
  const received = ({ data }) => {
    if (data?.type === 'profile') {
      window.opened = { run: data.profile.runId, message: now() };
      const { fillRect } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.fillRect = function (...rect) {
        CanvasRenderingContext2D.prototype.fillRect = fillRect;
        requestAnimationFrame(() => (window.opened.frames = now()));
        fillRect.apply(this, rect);
      };
    }
    if (data?.type === 'samples' || (data?.type === 'profile' && !data.profile.samplesFollow))
      window.opened.samples = now();
  };
  // VS Code replaces the document, which removes listeners: this one comes with the panel's own.
  const { addEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (type === 'message' && this === window) addEventListener.call(this, type, received);
    addEventListener.call(this, type, ...rest);
  };
}

/** Clicks a run. */
async function open(workbench, name) {
  const item = await workbench.treeItem(name, { view: 'Runs' });
  await item.row.scrollIntoViewIfNeeded();
  const box = await item.row.boundingBox();
  const clicked = await workbench.page.evaluate(() => {
    const at = { time: 0 };
    window.clicked = at;
    window.addEventListener('pointerdown', () => (at.time = performance.timeOrigin + performance.now()), {
      capture: true,
      once: true,
    });
    return true;
  });
  if (!clicked) throw new Error('The window is gone.');
  await workbench.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const panel = await workbench.webview(`HAKMEM Lab: ${name}`, { timeout: 60_000 });
  const opened = await workbench.until(
    `the frames of ${name}`,
    async () => {
      const found = await panel.evaluate(() => window.opened);
      return found?.run.endsWith(`-${name}`) && found.frames && found.samples ? found : undefined;
    },
    60_000,
  );
  const start = await workbench.page.evaluate(() => window.clicked.time);
  const { message, frames, samples } = opened;
  console.log('click', Math.round(start), 'message', Math.round(message), 'frames', Math.round(frames));
  return { message: message - start, frames: frames - start, samples: samples - start };
}

function median(list) {
  return [...list].sort((a, b) => a - b)[list.length >> 1];
}
