// Packages the extension for installing: dist/hakmem-lab.vsix.
// usage: npm run package
import { PACKAGED_README } from './readme.mjs';
import { command, ensurePackages } from './setup.mjs';

await ensurePackages((line) => console.error(`· ${line}`));
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
console.log('Install it: code --install-extension dist/hakmem-lab.vsix');
