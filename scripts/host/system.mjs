// Programs the project needs from the operating system: looks for them, installs what is missing
// on Debian and its relatives, and says what to do where it cannot.
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';

/**
 * @typedef {object} Need
 * @property {string} [command] a program that must be on PATH
 * @property {string} [file] or a file that must exist
 * @property {string} package the Debian package that brings it
 */

/**
 * @param {Need} need
 * @returns {string | undefined} where it is
 */
export function find(need) {
  if (need.file) return existsSync(need.file) ? need.file : undefined;
  const candidates = (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((dir) => path.join(dir, need.command ?? ''));
  return candidates.find(isProgram);
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @param {Need[]} needs @returns {Need[]} those that are not there */
function missingSystemPackages(needs) {
  return needs.filter((need) => !find(need));
}

/**
 * Makes sure that every need is met, installing packages if that is possible without a question.
 * @param {Need[]} needs
 * @param {{ log?: (line: string) => void }} [options]
 */
export async function ensureSystemPackages(needs, { log = () => {} } = {}) {
  const missing = missingSystemPackages(needs);
  if (missing.length === 0) return;

  const packages = [...new Set(missing.map((need) => need.package))];
  const names = missing.map((need) => need.command ?? need.file).join(', ');
  if (!find({ command: 'apt-get', package: 'apt' })) {
    throw new Error(
      `Not found: ${names}. This system has no apt-get, so install the counterparts of these Debian packages yourself: ` +
        `${packages.join(' ')}. Then run the command again.`,
    );
  }

  const byHand = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const prefix = await rootPrefix();
  if (!prefix) {
    throw new Error(
      `Not found: ${names}. Installing needs root, and sudo asks for a password here. Run this, then the command again:\n  ${byHand}`,
    );
  }

  log(`Not found: ${names}. Installing ${packages.join(' ')} with apt-get`);
  // Package lists may be absent or old; refreshing them costs time, so only when they turn out not to serve.
  let result = await aptGet(prefix, ['install', ...packages]);
  if (result.failed) {
    await aptGet(prefix, ['update']);
    result = await aptGet(prefix, ['install', ...packages]);
  }
  const still = missingSystemPackages(missing);
  if (result.failed || still.length > 0) {
    const tail = (result.all ?? '').trim().split('\n').slice(-15).join('\n');
    throw new Error(
      `Not found after installing ${packages.join(' ')}: ${still.map((need) => need.command ?? need.file).join(', ') || names}.\n${tail}\n` +
        `Try it by hand, then run the command again:\n  ${byHand}`,
    );
  }
}

/** @returns {Promise<string[] | undefined>} what to put before a command to run it as root */
async function rootPrefix() {
  if (process.getuid?.() === 0) return [];
  const sudo = await execa('sudo', ['-n', 'true'], { reject: false });
  return sudo.failed ? undefined : ['sudo', '-n'];
}

/** @param {string[]} prefix @param {string[]} args */
function aptGet(prefix, args) {
  // sudo drops the environment, hence env(1). A package manager at work elsewhere is waited for.
  const [command, ...rest] = [
    ...[...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'],
    ...['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...args],
  ];
  return execa(command, rest, { stdin: 'ignore', all: true, reject: false });
}
