// The browser that shows VS Code: Debian's chromium, without what it would fetch or ask.
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

const flags = [
  '--no-sandbox', // chromium's sandbox refuses root, which is who builds in containers
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @param {{ headless?: boolean }} [options] */
export async function launchBrowser({ headless = true } = {}) {
  return chromium.launch({ executablePath: findBrowser(), args: flags, headless });
}

function findBrowser() {
  const dirs = (process.env.PATH ?? '').split(path.delimiter);
  const found = names.flatMap((name) => dirs.map((dir) => path.join(dir, name))).find(isProgram);
  if (found) return found;
  throw new Error(
    `No browser to show VS Code in: none of ${names.join(', ')} is on PATH. ` +
      'Install one (Debian: apt-get install -y chromium) and run the command again.',
  );
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
