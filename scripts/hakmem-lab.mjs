#!/usr/bin/env node
// The command line from a clone: builds it when that has not been done yet, then runs it in this process.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const built = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

if (!existsSync(built)) {
  const { command, ensurePackages } = await import('./setup.mjs');
  const log = (line) => console.error(`· ${line}`);
  await ensurePackages(log);
  log('Building the command line');
  await command(process.execPath, ['scripts/build.mjs', '--quiet'], { quiet: true });
}
await import(pathToFileURL(built).href);
