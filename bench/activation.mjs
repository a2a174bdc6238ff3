// Time that a window waits for the extension: reading and compiling its bundle, and `activate` itself, in a fresh process each.
// VS Code is replaced by objects that accept anything, so that only the extension's own work counts. Times are of the
// processor, which other work on the machine changes little.
// usage: npm run build -- --production && node bench/activation.mjs [REPEATS]
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const bundle = path.resolve(import.meta.dirname, '../dist/extension.js');

/** Members that must be what they are in VS Code. @type {Record<string | symbol, unknown>} */
const known = {
  language: 'en',
  fsPath: '/nowhere',
  subscriptions: [],
  workspaceFolders: undefined,
  get: (/** @type {string} */ _key, /** @type {unknown} */ fallback) => fallback,
};

if (process.argv[2] === '--once') await once();
else {
  const repeats = Number(process.argv[2] ?? 15);
  const runs = Array.from({ length: repeats }, () =>
    JSON.parse(
      execFileSync(process.execPath, [fileURLToPath(import.meta.url), '--once'], { encoding: 'utf8' }),
    ),
  );
  const median = (/** @type {'load' | 'activate'} */ part) => {
    const sorted = runs.map((run) => run[part]).sort((a, b) => a - b);
    return sorted[Math.floor(runs.length / 2)].toFixed(1);
  };
  const files = [...new Set(runs.flatMap((run) => run.files))];
  console.log(`bundle   ${(statSync(bundle).size / 1000).toFixed(0)} kB`);
  console.log(`load     ${median('load')} ms`);
  console.log(
    `activate ${median('activate')} ms, files opened meanwhile: ${files.length}${files.map((f) => `\n  ${f}`).join('')}`,
  );
}

async function once() {
  const require = createRequire(import.meta.url);
  const { Module } = require('node:module');
  const original = Module._load;
  // The bundle copies a module's own members and inherits the rest from its prototype.
  const members = anything('vscode');
  const vscode = new Proxy({}, { getPrototypeOf: () => members });
  Module._load = (/** @type {string} */ name, ...rest) =>
    name === 'vscode' ? vscode : original(name, ...rest);
  const before = process.cpuUsage();
  const extension = require(bundle);
  const load = milliseconds(before);
  const files = watchFiles(require);
  const loaded = process.cpuUsage();
  extension.activate(anything('context'));
  console.log(JSON.stringify({ load, activate: milliseconds(loaded), files: [...files] }));
  // What follows activation isn't part of it.
  process.exit(0);
}

/** @param {NodeJS.CpuUsage} since */
function milliseconds(since) {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

/** Names of the files that are opened or looked at through the modules of Node. @param {NodeJS.Require} require */
function watchFiles(require) {
  const files = new Set();
  for (const module of [require('node:fs'), require('node:fs/promises')])
    for (const name of [
      'open',
      'openSync',
      'readFile',
      'readFileSync',
      'stat',
      'statSync',
      'readdir',
      'readdirSync',
      'access',
    ]) {
      const original = module[name];
      if (original === undefined) continue;
      module[name] = (/** @type {unknown[]} */ ...args) => {
        files.add(`${name} ${String(args[0])}`);
        return original.apply(module, args);
      };
    }
  return files;
}

/** Can be called, constructed, extended, and asked for anything. @param {string} name @returns {any} */
function anything(name) {
  const members = new Map();
  return new Proxy(function () {}, {
    get(target, key) {
      if (key === 'prototype') return target.prototype;
      if (key === Symbol.toPrimitive) return () => name;
      if (key === Symbol.iterator) return undefined;
      if (key === 'then') return undefined;
      if (Object.hasOwn(known, key)) return known[key];
      if (!members.has(key)) members.set(key, anything(`${name}.${String(key)}`));
      return members.get(key);
    },
    set: (_target, key, value) => Boolean(members.set(key, value)),
    apply: () => anything(`${name}()`),
    construct: () => anything(`new ${name}`),
  });
}
