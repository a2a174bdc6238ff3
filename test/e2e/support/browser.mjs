// The browser that shows VS Code: Debian's chromium, without what it would fetch or ask.
import { chromium } from 'playwright-core';
import { find } from '../../../scripts/host/system.mjs';

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
  for (const command of names) {
    const found = find({ command, package: command });
    if (found) return found;
  }
  throw new Error(
    `No browser to show VS Code in: none of ${names.join(', ')} is on PATH. ` +
      'Install one (Debian: apt-get install -y chromium) and run the command again.',
  );
}
