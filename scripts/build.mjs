// Bundles the three programs: the extension, the command line and the webview.
// usage: node scripts/build.mjs [--production] [--watch] [--quiet]
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ensurePackages } from './setup.mjs';

// Also F5 from a fresh clone starts here.
await ensurePackages((line) => console.error(`· ${line}`));
const { context } = await import('esbuild');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** The validator brings its messages in some sixty languages, half of the bundle; ours are in English. */
const englishMessages = {
  name: 'english-messages',
  setup({ onResolve }) {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer, resolveDir }) =>
      importer.includes('/zod/') ? { path: path.resolve(resolveDir, '../locales/en.js') } : undefined,
    );
  },
};

const shared = {
  bundle: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  logLevel: process.argv.includes('--quiet') ? 'warning' : 'info',
  legalComments: 'none',
  outdir: 'dist',
  plugins: [englishMessages],
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
    entryPoints: {
      webview: 'webview/main.ts',
      standalone: 'webview/standalone.ts',
      'webview-style': 'webview/style.css',
    },
  }),
]);
if (watch) {
  await Promise.all(contexts.map((c) => c.watch()));
} else {
  await Promise.all(contexts.map((c) => c.rebuild()));
  await Promise.all(contexts.map((c) => c.dispose()));
}
