// What is shipped that others wrote, and why. A package that isn't in this list isn't added in passing.
// usage: node scripts/structure/dependencies.mjs
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../setup.mjs';

const reasons = {
  '@modelcontextprotocol/sdk': 'the protocol of agents, which changes with them',
  '@vscode/webview-ui-toolkit': 'controls that look and work like those of the editor',
  'chart.js': 'bar charts with axes',
  commander: 'options, help, and errors of the command line',
  execa: 'child processes',
  fzstd: 'compressed recordings; Node 20 has no zstd',
  'jsonc-parser': 'places in lab files, for the editor',
  'markdown-it': 'reports as HTML',
  'pure-rand': 'random orders that a seed repeats',
  'simple-statistics': 'distributions and quantiles',
  'string-width': 'columns that a text takes in a terminal',
  'tar-stream': 'archives of runs, read entry by entry',
  'wrap-ansi': 'notes that break between words in a terminal',
  'write-file-atomic': 'files that are whole or not there',
  zod: 'lab files and saved files are checked, and the schema for the editor is made of it',
};

const { dependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
const { packages } = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8'));
const wrong = [
  ...Object.keys(dependencies)
    .filter((name) => !(name in reasons))
    .map((name) => `${name} is shipped and has no reason: add one to scripts/structure/dependencies.mjs`),
  ...Object.keys(reasons)
    .filter((name) => !(name in dependencies))
    .map((name) => `${name} has a reason and isn't a dependency`),
  // Such a script runs on the machine of everybody who builds this.
  ...Object.entries(packages)
    .filter(([, { dev, optional, hasInstallScript }]) => hasInstallScript && !dev && !optional)
    .map(([name]) => `${name} has a script that runs when it is installed`),
];
for (const line of wrong) console.error(line);
process.exitCode = wrong.length > 0 ? 1 : 0;
