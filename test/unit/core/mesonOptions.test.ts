import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mesonOptions } from '../../../src/core/programs/mesonOptions.js';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-meson-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** As Meson writes it. */
function configured(name: string, text: string, seconds: number) {
  const file = path.join(folder, name, 'meson-private', 'cmd_line.txt');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  utimesSync(file, seconds, seconds);
}

it('configures for profiling with the options of the newest build folder of the user', async () => {
  expect(await mesonOptions(folder, '-fx')).toEqual(['-Dc_args=-fx', '-Dcpp_args=-fx']);
  configured('old', '[options]\nenable-docs = true\n\n[properties]\n\n', 1000);
  configured(
    'build',
    "[options]\nenable-x11 = false\nbuildtype = release\nc_args = -DA=1 -DB\ncpp_args = ['-DC', '-DD']\nempty =\n\n[properties]\nnative_file = ['x']\n",
    2000,
  );
  expect(await mesonOptions(folder, '-fx')).toEqual([
    '-Denable-x11=false',
    '-Dc_args=-DA=1 -DB -fx',
    "-Dcpp_args=['-DC', '-DD', '-fx']",
    '-Dempty=',
  ]);
});
