// Packages the extension for installing: dist/hakmem-lab.vsix.
// usage: npm run package
import { execFileSync } from 'node:child_process';
import { unifyModes } from './archiveModes.mjs';
import { PACKAGED_README } from './readme.mjs';
import { command, ensurePackages } from './setup.mjs';

await ensurePackages((line) => console.error(`· ${line}`));
// Times in the archive are those of the last change, so that two packagings of one commit are the same, byte for byte.
process.env.SOURCE_DATE_EPOCH ??= lastChange();
// An archive has local times, and vsce sorts names by language.
process.env.TZ = 'UTC';
process.env.LC_ALL = 'C';

// vsce builds first (vscode:prepublish), which writes the packaged README too.
const vsce = [
  'vsce',
  'package',
  '--no-dependencies',
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
];
await command('npx', [
  '--no-install',
  ...vsce,
  ...['--readme-path', PACKAGED_README, '--out', 'dist/hakmem-lab.vsix'],
]);
await unifyModes('dist/hakmem-lab.vsix');
console.log('Install it: code --install-extension dist/hakmem-lab.vsix');

/** Seconds since 1970; of the first day that a zip archive can hold outside a clone. */
function lastChange() {
  try {
    return execFileSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8' }).trim();
  } catch {
    return '315619200';
  }
}
