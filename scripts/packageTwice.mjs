// Packages twice, here and in a copy at another path with other times, umask, time zone, and language, and compares: the
// package depends on the sources alone.
// usage: node scripts/packageTwice.mjs
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const epoch = String(Math.floor(Date.now() / 1000) - 86_400);

function packageIn(folder, environment) {
  const env = { ...process.env, SOURCE_DATE_EPOCH: epoch, ...environment };
  execFileSync(process.execPath, ['scripts/package.mjs'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return createHash('sha256')
    .update(readFileSync(path.join(folder, 'dist/hakmem-lab.vsix')))
    .digest('hex');
}

const around = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-package-'));
const before = process.umask(0o077);
try {
  const copy = path.join(around, 'another path');
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const name of files.split('\0').filter((one) => one !== '' && existsSync(path.join(root, one)))) {
    cpSync(path.join(root, name), path.join(copy, name));
    utimesSync(path.join(copy, name), 1e9, 1e9);
  }
  execFileSync('chmod', ['-R', 'go=', copy]);
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
  const other = packageIn(copy, { TZ: 'Asia/Tokyo', LC_ALL: 'sv_SE.UTF-8' });
  process.umask(before);
  const here = packageIn(root, {});
  console.log(`${here}  here\n${other}  in a copy`);
  if (here !== other) {
    console.error('The packages differ.');
    process.exitCode = 1;
  }
} finally {
  process.umask(before);
  rmSync(around, { recursive: true, force: true });
}
