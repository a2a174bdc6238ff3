// Bundles the three programs: the extension, the command line and the webview.
// usage: node scripts/build.mjs [--production] [--watch] [--quiet]
import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensurePackages } from './setup.mjs';

// Also F5 from a fresh clone starts here.
await ensurePackages((line) => console.error(`· ${line}`));
const { context } = await import('esbuild');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** The protocol's package brings the validator's messages in some sixty languages, half of the bundle. */
const englishMessages = {
  name: 'english-messages',
  setup({ onResolve }) {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ importer, resolveDir }) =>
      importer.includes('/zod/') ? { path: path.resolve(resolveDir, '../locales/en.js') } : undefined,
    );
  },
};

/** What few windows need is in a file beside the extension, since VS Code reads and compiles all of it at the start. */
const readWhenNeeded = {
  name: 'read-when-needed',
  setup({ onResolve }) {
    onResolve({ filter: /^(markdown-it|execa)$/ }, ({ path: name }) => ({
      path: `./${name}.js`,
      external: true,
    }));
  },
};

/** What the command line loads only when it is used, in files of their own. */
const loadedWhenUsed = {
  name: 'loaded-when-used',
  setup({ onResolve }) {
    onResolve({ filter: /\/(agentProtocol|importMain|main)\.js$/ }, ({ path: file, importer }) =>
      importer.includes('/src/cli') ? { path: `./${path.basename(file)}`, external: true } : undefined,
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
};
// Modules before scripts: what a package has of both, esbuild can follow only in the former.
const node = { ...shared, platform: 'node', target: 'node20', format: 'cjs', mainFields: ['module', 'main'] };

if (!watch) await rm('dist', { recursive: true, force: true });
// Exported pages have it in them.
await mkdir('dist', { recursive: true });
await copyFile('webview/THIRD-PARTY-NOTICES', 'dist/panel-notices.txt');
const contexts = await Promise.all([
  context({
    ...node,
    entryPoints: ['src/extension.ts'],
    external: ['vscode'],
    plugins: [readWhenNeeded],
    // Read by `require`, so that default exports are those of the modules that the files were made of.
    supported: { 'dynamic-import': false },
  }),
  context({ ...node, entryPoints: ['markdown-it', 'execa'] }),
  context({
    ...node,
    entryPoints: ['src/cli.ts'],
    banner: { js: '#!/usr/bin/env node' },
    plugins: [loadedWhenUsed],
    supported: { 'dynamic-import': false },
  }),
  context({
    ...node,
    entryPoints: ['src/cli/main.ts', 'src/cli/importMain.ts'],
    plugins: [readWhenNeeded, loadedWhenUsed],
    supported: { 'dynamic-import': false },
    // Node reads and compiles all of it each time: a third less of it is a third less to wait for.
    minifyWhitespace: true,
    minifySyntax: true,
  }),
  context({ ...node, entryPoints: ['src/cli/agentProtocol.ts'], plugins: [englishMessages] }),
  context({
    ...shared,
    platform: 'browser',
    target: 'chrome128',
    format: 'iife',
    entryPoints: {
      webview: 'webview/main.ts',
      standalone: 'webview/standalone.ts',
      'webview-style': 'webview/style.css',
      experiment: 'webview/experimentMain.ts',
      'experiment-style': 'webview/experiment/experiment.css',
    },
  }),
]);
if (watch) {
  await Promise.all(contexts.map((c) => c.watch()));
} else {
  await Promise.all(contexts.map((c) => c.rebuild()));
  await Promise.all(contexts.map((c) => c.dispose()));
}
