// The main job: sets up what is missing, profiles a preset, prints the result and opens the lab with that run.
// usage: npm start [-- [--once] [--preset NAME]]
import path from 'node:path';
import { parseArgs } from 'node:util';
import { command, ensurePackages, ensurePrograms, needs, root, StatusError } from './setup.mjs';

const log = (line) => console.error(`· ${line}`);

async function main() {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean', default: false },
      preset: { type: 'string', default: 'C6_HEAVY_LEGACY_POOLV1' },
    },
  });
  await ensurePackages(log);
  await ensurePrograms(needs.run, log);
  await command(process.execPath, ['scripts/build.mjs', '--quiet']);

  // With --open, the window that opens next shows the run.
  const open = values.once ? [] : ['--open'];
  await command(process.execPath, [
    'dist/cli.js',
    'profile',
    values.preset,
    '--lab',
    'native/hakmem-lab.json',
    ...open,
  ]);
  if (!values.once) await openWindow();
}

async function openWindow() {
  const { find } = await import('./host/system.mjs');
  // The folder of the lab: what VS Code starts the extension for.
  const folder = path.join(root, 'native');
  const code = find({ command: 'code', package: 'code' });
  if (code && (process.env.DISPLAY || process.env.WAYLAND_DISPLAY)) {
    log('Opening VS Code');
    await command(code, ['--new-window', `--extensionDevelopmentPath=${root}`, folder]);
    return;
  }
  await ensurePrograms(needs.window, log);
  log('Packaging the extension');
  await command('npm', ['run', '--silent', 'package'], { quiet: true });
  const { startHost } = await import('./host/serve.mjs');
  const host = await startHost({
    folder,
    extensionsDir: path.join(root, '.vscode-test/start/extensions'),
    userDataDir: path.join(root, '.vscode-test/start/user-data'),
    vsix: path.join(root, 'dist/hakmem-lab.vsix'),
    log,
  });
  console.log(
    `\nThe lab is open, with this run loaded:\n\n  ${host.url}\n\nOpen it in a browser. Ctrl-C ends it.`,
  );
  await host.exited;
}

main().catch((error) => {
  if (!(error instanceof StatusError)) console.error(`npm start: ${error.message}`);
  process.exitCode = error.status ?? 1;
});
