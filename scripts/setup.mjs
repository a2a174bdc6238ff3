// What a fresh clone lacks: the packages of the lockfile and a few of the system's programs.
// Uses nothing but Node itself, since it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Programs and the Debian packages that bring them. */
export const needs = {
  run: [
    { command: 'make', package: 'make' },
    { command: 'cc', package: 'gcc' },
    { command: 'perf', package: 'linux-perf' },
    { command: 'addr2line', package: 'binutils' },
    { command: 'llvm-symbolizer', package: 'llvm' },
  ],
  window: [
    { command: 'g++', package: 'g++' },
    { command: 'python3', package: 'python3' },
  ],
  pictures: [
    { command: 'chromium', package: 'chromium' },
    { command: 'pngquant', package: 'pngquant' },
  ],
  test: [
    { command: 'chromium', package: 'chromium' },
    { command: 'pgrep', package: 'procps' },
    { command: 'clang-format', package: 'clang-format' },
    { command: 'valgrind', package: 'valgrind' },
    { command: 'dwz', package: 'dwz' },
    // The build systems whose projects lead to a profile.
    { command: 'cmake', package: 'cmake' },
    { command: 'ninja', package: 'ninja-build' },
    { command: 'meson', package: 'meson' },
    { command: 'cargo', package: 'cargo' },
    // Real programs that live on the allocator: native/tests/programs.sh --packages --short lists them.
    { command: 'git', package: 'git' },
    { command: 'perl', package: 'perl' },
    { command: 'redis-server', package: 'redis-server' },
    { command: 'redis-benchmark', package: 'redis-tools' },
    { command: 'sqlite3', package: 'sqlite3' },
  ],
};

/** Installs the locked packages, unless they are there already. Their install scripts are not needed. */
export async function ensurePackages(log) {
  const lock = await readFile(path.join(root, 'package-lock.json'));
  const stamp = path.join(root, 'node_modules/.hakmem-lab-stamp');
  const wanted = createHash('sha256').update(lock).digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return;
  log('Installing the packages of the lockfile');
  await command('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { quiet: true });
  await writeFile(stamp, wanted);
}

/** @param {{ command: string, package: string }[]} list */
export async function ensurePrograms(list, log) {
  const { ensureSystemPackages } = await import('./host/system.mjs');
  await ensureSystemPackages(list, { log });
}

/**
 * Runs a program in the project's folder with this terminal. A signal that comes meanwhile is passed on, so
 * that the program can end its own children before this process goes.
 * @param {string} file
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, quiet?: boolean, onOutput?: (text: string) => void }} [options]
 *   `quiet` shows what the program prints on stdout only if it fails; `onOutput` also gets it
 * @throws Error when it ends with another status than 0
 */
export function command(file, args, { env = {}, quiet = false, onOutput } = {}) {
  return new Promise((resolve, reject) => {
    let held = '';
    const child = spawn(file, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['inherit', quiet || onOutput ? 'pipe' : 'inherit', 'inherit'],
    });
    child.stdout?.on('data', (data) => {
      if (quiet) held += data;
      else process.stdout.write(data);
      onOutput?.(data.toString());
    });
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const done = () => process.off('SIGINT', forward).off('SIGTERM', forward);
    child.on('error', (error) => {
      done();
      reject(new Error(`${file} could not be started: ${error.message}`));
    });
    child.on('close', (status, signal) => {
      done();
      if (status === 0) return resolve();
      process.stdout.write(held);
      const how = signal ?? `status ${status}`;
      reject(new StatusError(`${[file, ...args].join(' ')} ended with ${how}`, status));
    });
  });
}

/** A program ended with another status than 0; it has said itself why. */
export class StatusError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status ?? 1;
  }
}
