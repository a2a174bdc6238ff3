// Bundles the three programs: the extension, the command line and the webview.
// usage: node scripts/build.mjs [--production] [--watch] [--quiet]
import { context } from 'esbuild';
import { rm } from 'node:fs/promises';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

const shared = {
  bundle: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: process.argv.includes('--quiet') ? 'warning' : 'info',
  legalComments: 'none',
  outdir: 'dist',
};
const node = { ...shared, platform: 'node', target: 'node20', format: 'cjs' };

if (!watch) await rm('dist', { recursive: true, force: true });
const contexts = await Promise.all([
  context({ ...node, entryPoints: ['src/extension.ts'], external: ['vscode'] }),
  context({ ...node, entryPoints: ['src/cli.ts'], banner: { js: '#!/usr/bin/env node' } }),
  context({
    ...shared,
    platform: 'browser',
    target: 'chrome128',
    format: 'iife',
    entryPoints: { webview: 'webview/main.ts', 'webview-style': 'webview/style.css' },
  }),
]);
if (watch) {
  await Promise.all(contexts.map((c) => c.watch()));
} else {
  await Promise.all(contexts.map((c) => c.rebuild()));
  await Promise.all(contexts.map((c) => c.dispose()));
}
