// A VS Code window with the packaged extension on a copy of the sample allocator: what every end-to-end test starts from.
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startHost } from '../../../scripts/host/serve.mjs';
import { openWorkbench } from './workbench.mjs';

export const root = path.resolve(import.meta.dirname, '../../..');
const vsix = path.join(root, 'dist/hakmem-lab.vsix');

/**
 * @param {{ trust?: boolean, env?: Record<string, string>, theme?: string, lab?: boolean, project?: string, extensions?: string[] }} [options]
 *   without `lab` the folder is empty, or a project of test/fixtures/projects under version control
 */
export async function openLabWindow({
  trust = false,
  env = {},
  theme = 'Default Dark Modern',
  lab = true,
  project,
  extensions = [],
} = {}) {
  const folder = await realpath(await mkdtemp(path.join(os.tmpdir(), 'hakmem-lab-e2e-')));
  const workspace = path.join(folder, 'workspace');
  if (project) await copyProject(project, workspace);
  else if (lab) await copySampleAllocator(workspace);
  else await mkdir(workspace);
  const host = await startHost({
    folder: workspace,
    extensionsDir: path.join(folder, 'extensions'),
    userDataDir: path.join(folder, 'user-data'),
    vsix,
    others: extensions,
    trust,
    env,
    settings: { 'workbench.colorTheme': theme },
  });
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const workbench = await openWorkbench({ url: host.url });
    return {
      workspace,
      workbench,
      close: async () => {
        await workbench.close();
        await host.stop();
        await remove();
      },
    };
  } catch (error) {
    await host.stop();
    await remove();
    throw error;
  }
}

/** The sample allocator as it is in version control or about to be: no build, no saved runs. @param {string} target */
async function copySampleAllocator(target) {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', 'native'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.trim().split('\n')) {
    const to = path.join(target, path.relative('native', file));
    await mkdir(path.dirname(to), { recursive: true });
    await cp(path.join(root, file), to);
  }
}

/** Under version control, so that whatever is changed in it shows. @param {string} name @param {string} target */
async function copyProject(name, target) {
  await cp(path.join(root, 'test/fixtures/projects', name), target, { recursive: true });
  const git = (/** @type {string[]} */ ...args) => execFileSync('git', args, { cwd: target });
  git('init', '-q');
  git('add', '-A');
  git('-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '-qm', 'A project');
}

/** The headless result of a saved run. @param {string} workspace @param {string} run */
export function headlessResult(workspace, run) {
  const output = execFileSync(process.execPath, [path.join(root, 'dist/cli.js'), 'show', run, '--json'], {
    cwd: workspace,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(output);
}

/** Ids of the saved runs, newest first. @param {string} workspace @returns {string[]} */
export function savedRuns(workspace) {
  const output = execFileSync(process.execPath, [path.join(root, 'dist/cli.js'), 'runs', '--json'], {
    cwd: workspace,
    encoding: 'utf8',
  });
  return JSON.parse(output).map((/** @type {{ id: string }} */ run) => run.id);
}
