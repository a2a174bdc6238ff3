// Takes the pictures of the README and of the walkthrough in a real VS Code, of a run of the sample allocator on a machine at
// rest, and writes into the README what its commands print.
// usage: npm run pictures [-- --busy] [--walkthrough]
//   --busy does not wait for other work on the machine to end; --walkthrough takes only the pictures of the walkthrough
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { command, ensurePackages, ensurePrograms, needs, root } from './setup.mjs';

const busy = process.argv.includes('--busy');
const walkthroughOnly = process.argv.includes('--walkthrough');
const log = (line) => console.error(`· ${line}`);

await ensurePackages(log);
await ensurePrograms([...needs.run, ...needs.window, ...needs.pictures], log);
const { execa } = await import('execa');
const { startHost } = await import('./host/serve.mjs');
const { openWorkbench } = await import('../test/e2e/support/workbench.mjs');
const { presets, settings, size, takePictures } = await import('./pictures/scenes.mjs');
const walkthrough = await import('./pictures/walkthrough.mjs');
const { excerpt, writeOutputs } = await import('./pictures/output.mjs');

const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'hakmem-lab-pictures-')));
const workspace = path.join(folder, 'allocator');
try {
  log('Packaging the extension');
  await command('npm', ['run', '--silent', 'package'], { quiet: true });
  await copySampleAllocator();
  // The newest run is the one that is shown.
  await lab('profile', presets.compared);
  const profiled = await lab('profile', presets.shown);
  if (!walkthroughOnly) {
    await writeOutputs({
      [`npx hakmem-lab profile ${presets.shown}`]: excerpt(profiled),
      'hakmem-lab record -- ./demo': excerpt(await recordDemo()),
    });
    await withWindow((workbench) => takePictures(workbench, (name) => take(workbench.page, `docs/${name}`)));
  }
  for (const [form, theme] of Object.entries(walkthrough.themes)) {
    await withWindow(
      (workbench) =>
        walkthrough.takeWalkthrough(workbench, (name, clip) =>
          take(workbench.page, `media/walkthrough/${name}-${form}`, clip),
        ),
      { theme, ...walkthrough.size },
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** As it is in version control or about to be: no build, no saved runs. */
async function copySampleAllocator() {
  const git = ['ls-files', '--cached', '--others', '--exclude-standard', 'native'];
  for (const file of execFileSync('git', git, { cwd: root, encoding: 'utf8' }).trim().split('\n')) {
    const target = path.join(workspace, path.relative('native', file));
    await mkdir(path.dirname(target), { recursive: true });
    await cp(path.join(root, file), target);
  }
}

/** Runs the command line on the sample allocator, on a machine at rest. @param {string[]} args */
async function lab(...args) {
  await atRest();
  log(`hakmem-lab ${args.join(' ')}`);
  const { stdout } = await execa(process.execPath, [path.join(root, 'dist/cli.js'), ...args], {
    cwd: workspace,
  });
  return stdout;
}

/** The program of one's own, which is compiled and recorded as the README says. */
async function recordDemo() {
  const cwd = path.join(folder, 'demo');
  await mkdir(cwd);
  await cp(path.join(root, 'scripts/pictures/demo.c'), path.join(cwd, 'demo.c'));
  await execa('cc', ['-O2', '-g', '-fno-omit-frame-pointer', 'demo.c', '-o', 'demo'], { cwd });
  await atRest();
  log('hakmem-lab record -- ./demo');
  const args = [path.join(root, 'dist/cli.js'), 'record', '--', './demo'];
  // The standard output is the program's own; without a terminal, messages are as wide as they need to be.
  const { stderr } = await execa(process.execPath, args, { cwd });
  return stderr;
}

/** Waits until other work leaves the machine alone: figures of a busy one would be on every picture. */
async function atRest() {
  if (busy) return;
  for (let told = false; os.loadavg()[0] > 0.5; told = true) {
    if (!told) log('Waiting for other work on this machine to end');
    await delay(5000);
  }
}

/**
 * @param {(workbench: import('./pictures/scenes.mjs').Workbench) => Promise<void>} use
 * @param {{ theme?: string, width: number, height: number }} [look]
 */
async function withWindow(use, { theme, width, height } = size) {
  const own = await mkdtemp(path.join(folder, 'window-'));
  const host = await startHost({
    folder: workspace,
    extensionsDir: path.join(own, 'extensions'),
    userDataDir: path.join(own, 'user-data'),
    vsix: path.join(root, 'dist/hakmem-lab.vsix'),
    settings: { ...settings, ...(theme === undefined ? {} : { 'workbench.colorTheme': theme }) },
    log,
  });
  try {
    const workbench = await openWorkbench({ url: host.url, width, height });
    try {
      await use(workbench);
    } finally {
      await workbench.close();
    }
  } finally {
    await host.stop();
  }
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} name path in the repository, without its ending
 * @param {{ x: number, y: number, width: number, height: number }} [clip] all if absent
 */
async function take(page, name, clip) {
  const file = path.join(folder, `${path.basename(name)}.png`);
  await page.screenshot({ path: file, ...(clip ? { clip } : {}) });
  const target = path.join(root, `${name}.png`);
  await execa('pngquant', ['--force', '--speed', '1', '--strip', '--output', target, '256', file]);
  const { length } = await readFile(target);
  log(`${name}.png (${Math.round(length / 1024)} KiB)`);
}
