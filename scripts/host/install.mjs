// Puts a VS Code that runs in a browser into `.vscode-test/code-server`, from the npm registry.
//
// code-server's own install scripts want more than is needed here, so nothing of them runs: the
// packages are unpacked without scripts, and only the native modules the server loads are built.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { withLock } from './lock.mjs';

const HOST_VERSION = '4.100.3';
const RIPGREP_VERSION = '1.18.0';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
/** Ignored by git: anything that can be made again may be here. */
const cache = path.join(root, '.vscode-test');
const target = path.join(cache, 'code-server');
const partialPrefix = 'code-server.partial-';
const stampFile = path.join(target, 'stamp.json');

/** The program that is the server and its command line. */
const hostEntry = path.join(target, 'node_modules/code-server/out/node/entry.js');

// Native modules are built for one Node ABI, so the installation belongs to it.
// Raise `recipe` when the steps below change, and old installations are made again.
const stamp = JSON.stringify({ version: HOST_VERSION, nodeAbi: process.versions.modules, recipe: 2 });

/**
 * Installs the host unless the one that is there fits. Safe to interrupt and to run twice at once.
 * @param {{ log?: (line: string) => void }} [options]
 * @returns {Promise<string>} the program to run with Node
 */
export async function ensureHost({ log = () => {} } = {}) {
  if (await isCurrent()) return hostEntry;
  requireNode();
  await mkdir(cache, { recursive: true });
  const lock = `hakmem-lab-host-${createHash('sha256').update(cache).digest('hex').slice(0, 16)}`;
  await withLock(
    lock,
    async () => {
      if (await isCurrent()) return;
      const started = Date.now();
      log(`Installing VS Code for the browser (code-server ${HOST_VERSION}) into ${target}, about 320 MB`);
      // Everything happens beside the target, so an interrupted installation never looks finished; and
      // in a folder of this process's own, where nothing that outlived an interruption still writes.
      const partial = path.join(cache, partialPrefix + process.pid);
      await removePartial();
      await install(partial, log);
      await rm(target, { recursive: true, force: true });
      await rename(partial, target);
      log(`VS Code for the browser is installed (${Math.round((Date.now() - started) / 1000)} s)`);
    },
    () => log('Another process is installing VS Code for the browser; waiting for it'),
  );
  return hostEntry;
}

/** Removes what interrupted installations left. */
async function removePartial() {
  const left = (await readdir(cache)).filter((name) => name.startsWith(partialPrefix));
  for (const name of left) await rm(path.join(cache, name), { recursive: true, force: true, maxRetries: 3 });
}

async function isCurrent() {
  const found = await readFile(stampFile, 'utf8').catch(() => '');
  return found === stamp && existsSync(hostEntry);
}

function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) {
    throw new Error(
      `VS Code for the browser (code-server ${HOST_VERSION}) needs Node 20, and this is Node ${process.versions.node}. ` +
        'Install Node 20 and run the command again.',
    );
  }
}

/** @param {string} dir @param {(line: string) => void} log */
async function install(dir, log) {
  await mkdir(dir, { recursive: true });
  // Without a package.json of its own npm would install into the project around this folder.
  await writeFile(path.join(dir, 'package.json'), '{ "private": true }\n');

  log('  1/4 code-server');
  await npm(dir, 'install', `code-server@${HOST_VERSION}`, '--ignore-scripts');
  await build(dir, 'argon2');

  const vscode = path.join(dir, 'node_modules/code-server/lib/vscode');
  log('  2/4 VS Code server packages');
  await npm(vscode, 'install', '--omit=dev', '--ignore-scripts');

  log('  3/4 native modules (file watching, logging, terminals, search)');
  await build(vscode, '@vscode/spdlog');
  await build(vscode, 'native-watchdog');
  await buildNodePty(vscode);
  await symlink('node_modules', path.join(vscode, 'node_modules.asar'));
  await linkRipgrep(dir, vscode);

  log('  4/4 built-in extensions');
  await npm(path.join(vscode, 'extensions'), 'install', '--omit=dev', '--ignore-scripts');

  await writeFile(path.join(dir, 'stamp.json'), stamp);
}

/** @param {string} dir @param {string} name */
async function build(dir, name) {
  await npm(dir, 'rebuild', name);
}

/** node-pty's build ends in an error after it has built what terminals and tasks need. @param {string} dir */
async function buildNodePty(dir) {
  const built = path.join(dir, 'node_modules/node-pty/build/Release/pty.node');
  const failure = await npm(dir, 'rebuild', 'node-pty').then(
    () => undefined,
    (error) => error,
  );
  if (!existsSync(built)) {
    throw failure ?? new Error(`npm rebuild node-pty succeeded, yet there is no ${built}.`);
  }
}

/**
 * Quick open and text search run ripgrep. The server's own copy is downloaded by an install script;
 * later versions of the same package bring the program along.
 * @param {string} dir
 * @param {string} vscode
 */
async function linkRipgrep(dir, vscode) {
  const name = `@vscode/ripgrep-${process.platform}-${process.arch}`;
  await npm(dir, 'install', `${name}@${RIPGREP_VERSION}`, '--ignore-scripts');
  const bin = path.join(vscode, 'node_modules/@vscode/ripgrep/bin');
  await mkdir(bin, { recursive: true });
  await symlink(path.relative(bin, path.join(dir, 'node_modules', name, 'bin/rg')), path.join(bin, 'rg'));
}

/** @param {string} cwd @param {string[]} args */
async function npm(cwd, ...args) {
  const result = await execa('npm', [...args, '--no-audit', '--no-fund'], {
    cwd,
    env: npmEnvironment(),
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
  });
  if (!result.failed) return;
  const tail = (result.all ?? '').trim().split('\n').slice(-25).join('\n');
  throw new Error(
    `Installing VS Code for the browser failed at "npm ${args.join(' ')}" in ${cwd}: ${result.shortMessage}\n${tail}\n` +
      'It needs the npm registry, a C++ compiler, make and python3 (Debian: apt-get install -y build-essential python3). ' +
      'Run the same command again: it starts over cleanly.',
  );
}

/** npm passes the settings of a running script on to its children, where they would mean this project's. */
function npmEnvironment() {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(package|lifecycle|config_(local_prefix|prefix|workspace))/i.test(name),
    ),
  );
  // Headers that came with this Node save node-gyp a download from nodejs.org.
  const prefix = path.resolve(path.dirname(process.execPath), '..');
  if (!env.npm_config_nodedir && existsSync(path.join(prefix, 'include/node/node.h'))) {
    env.npm_config_nodedir = prefix;
  }
  return env;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureHost({ log: console.log }).then(console.log, (error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
