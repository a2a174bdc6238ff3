// Writes THIRD-PARTY-NOTICES: the licenses of the packages that are in the shipped files, which their authors demand; and
// those of the panel by themselves, which every exported HTML file includes.
// usage: node scripts/notices.mjs [--check]
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const panel = ['webview/main.ts', 'webview/standalone.ts'];
/** What each file of notices covers. */
const files = {
  'THIRD-PARTY-NOTICES': ['src/extension.ts', 'src/cli.ts', 'webview/experimentMain.ts', ...panel],
  'webview/THIRD-PARTY-NOTICES': panel,
};

/** The folders of all packages that are bundled: `node_modules/a/node_modules/b`. */
async function bundledPackages(entryPoints) {
  const folders = new Set();
  for (const entry of entryPoints) {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      write: false,
      outdir: 'dist',
      metafile: true,
      treeShaking: true,
      logLevel: 'error',
      external: ['vscode'],
      ...(entry.startsWith('src/') ? { platform: 'node', format: 'cjs' } : { format: 'iife' }),
    });
    for (const { inputs } of Object.values(metafile.outputs))
      for (const [input, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
        if (folder && bytesInOutput > 0) folders.add(folder);
      }
  }
  return [...folders].sort();
}

/** @param {string} folder */
async function notice(folder) {
  const at = path.join(root, folder);
  const { name, version, license, homepage } = JSON.parse(
    await readFile(path.join(at, 'package.json'), 'utf8'),
  );
  const names = (await readdir(at)).filter((n) => /^(licen[cs]e|copying|notice)/i.test(n)).sort();
  const texts = await Promise.all(names.map((n) => readFile(path.join(at, n), 'utf8')));
  if (texts.length === 0) texts.push(`Licensed under ${license}; the package has no file with its text.`);
  const head = [`${name} ${version}`, `License: ${license}`, ...(homepage ? [homepage] : [])];
  return [...head, '', ...texts.map((text) => text.replaceAll('\r\n', '\n').trim())].join('\n');
}

const rule = `\n\n${'-'.repeat(80)}\n\n`;
const intro = 'HAKMEM Lab includes these packages. `node scripts/notices.mjs` writes this file.';
for (const [name, entryPoints] of Object.entries(files)) {
  const notices = [];
  for (const folder of await bundledPackages(entryPoints)) notices.push(await notice(folder));
  const text = `${[intro, ...notices].join(rule)}\n`;
  const file = path.join(root, name);
  if (process.argv.includes('--check')) {
    if (text === (await readFile(file, 'utf8').catch(() => ''))) continue;
    console.error(`${name} is not current: node scripts/notices.mjs`);
    process.exitCode = 1;
  } else {
    await writeFile(file, text);
    console.error(`Wrote ${name}: ${notices.length} packages`);
  }
}
