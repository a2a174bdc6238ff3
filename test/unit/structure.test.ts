import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const run = promisify(execFile);

interface Plant {
  readonly what: string;
  /** Lines by the file that they are added to. */
  readonly add: Readonly<Record<string, string>>;
  /** What the check must print. */
  readonly said: RegExp;
}

const plants: Readonly<Record<string, readonly Plant[]>> = {
  imports: [
    {
      what: 'a lower layer that imports a higher one',
      add: { 'src/model/run.ts': "import '../core/labError.js';" },
      said: /layer src\/model: src\/model\/run\.ts → src\/core\/labError\.ts/,
    },
    {
      what: 'a folder that imports one above it',
      add: { 'src/core/labError.ts': "import './doctor/doctor.js';" },
      said: /order src\/core\/labError: src\/core\/labError\.ts → src\/core\/doctor\/doctor\.ts/,
    },
    {
      what: 'a circle',
      add: {
        'src/statistics/planted.ts': "import './plantedToo.js';",
        'src/statistics/plantedToo.ts': "import './planted.js';",
      },
      said: /no circle: src\/statistics\/planted/,
    },
    {
      what: 'a folder without a place',
      add: { 'src/core/planted/planted.ts': "import '../labError.js';" },
      said: /place in src\/core: src\/core\/planted\/planted\.ts/,
    },
    {
      what: 'vscode outside of its layer',
      add: { 'src/core/labError.ts': "import 'vscode';" },
      said: /imports [^\n]*vscode[^\n]*: src\/core\/labError\.ts/,
    },
    {
      what: 'the archived toolkit outside of its file',
      add: { 'webview/main.ts': "import '@vscode/webview-ui-toolkit';" },
      said: /imports @vscode\/webview-ui-toolkit: webview\/main\.ts/,
    },
    {
      what: 'Node in the browser',
      add: { 'src/text/numbers.ts': "import 'node:path';" },
      said: /no Node in the browser: src\/text\/numbers\.ts → path/,
    },
    {
      what: 'the start of a program imported',
      add: { 'src/vscode/planted.ts': "import '../extension.js';" },
      said: /nothing imports the start of a program: src\/vscode\/planted\.ts/,
    },
    {
      what: 'an import that leads nowhere',
      add: { 'src/text/numbers.ts': "import './nowhere.js';" },
      said: /everything is found: src\/text\/numbers\.ts → \.\/nowhere\.js/,
    },
    {
      what: 'a package that is not declared',
      add: { 'src/text/numbers.ts': "import 'cheerio';" },
      said: /packages are declared: src\/text\/numbers\.ts/,
    },
  ],
  exports: [
    {
      what: 'an export that nobody imports',
      add: { 'src/text/numbers.ts': 'export function plantedExport() {}' },
      said: /Unused exports[^]*plantedExport .*src\/text\/numbers\.ts/,
    },
    {
      what: 'a file that nobody imports',
      add: { 'src/text/plantedFile.ts': 'export {};' },
      said: /Unused files[^]*src\/text\/plantedFile\.ts/,
    },
  ],
  files: [
    {
      what: 'a file that only tests import',
      add: {
        'src/text/plantedForTests.ts': 'export {};',
        'test/unit/planted.test.ts': "import '../../src/text/plantedForTests.js';",
      },
      said: /Unused files[^]*src\/text\/plantedForTests\.ts/,
    },
  ],
  language: [
    {
      what: 'a banned word in a comment that wraps',
      add: { 'src/text/numbers.ts': '// The panel is\n// told of it.' },
      said: /src\/text\/numbers\.ts:\d+: "is told"/,
    },
    {
      what: 'British spelling in a text',
      add: { 'webview/main.ts': "'Choose a colour';" },
      said: /webview\/main\.ts:\d+: "colour"/,
    },
    {
      what: 'the old word in a name',
      add: { 'src/text/numbers.ts': 'const plantedSpecimen = 0;' },
      said: /src\/text\/numbers\.ts:\d+: "plantedSpecimen"/,
    },
    {
      what: 'a space before the percent sign of a value',
      add: { 'src/text/numbers.ts': '`${0} %`;' },
      said: /src\/text\/numbers\.ts:\d+: "\$\{\} %"/,
    },
    {
      what: 'the same in C and Markdown',
      add: { 'native/src/front/front.c': '/* believed */ static const char planted[] = "%d %%";' },
      said: /native\/src\/front\/front\.c:\d+: "believed"[^]*front\.c:\d+: "%d %/,
    },
    { what: 'and in Markdown', add: { 'README.md': '\n12.3 %' }, said: /README\.md:\d+: "3 %"/ },
  ],
  docs: [
    {
      what: 'a reference that is not current',
      add: { 'docs/settings.md': '\n<!-- generated: colors -->\n\nplanted\n\n<!-- end -->' },
      said: /docs\/settings\.md is not current/,
    },
  ],
};

/** Copies the project, without recordings and pictures, to a folder of its own. */
async function copyProject(folder: string): Promise<void> {
  const git = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const { stdout } = await run('git', git, { maxBuffer: 2 ** 24 });
  const files = stdout.split('\0').filter((name) => existsSync(name) && !/\.png$|fixtures\//.test(name));
  await run('cp', ['--parents', '--target-directory', folder, '--', ...files]);
  await symlink(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  await run('git', ['init', '--quiet'], { cwd: folder });
  // A link is not what the pattern of .gitignore, a folder, matches.
  await appendFile(path.join(folder, '.git/info/exclude'), 'node_modules\n');
}

describe('the structure checks', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'hakmem-lab-structure-'));
    await copyProject(folder);
  }, 60_000);
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each(Object.entries(plants))(
    '%s: finds what was planted',
    async (check, planted) => {
      for (const [file, line] of planted.flatMap(({ add }) => Object.entries(add))) {
        await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
        await appendFile(path.join(folder, file), `\n${line}\n`);
      }
      const failed = await run(process.execPath, ['scripts/structure/check.mjs', check], {
        cwd: folder,
        maxBuffer: 2 ** 24,
      }).then(
        () => ({ code: 0, stdout: '', stderr: '' }),
        (error: { code: number; stdout: string; stderr: string }) => error,
      );
      for (const { what, said } of planted) expect(failed.stdout + failed.stderr, what).toMatch(said);
      expect(failed.stderr).toContain(`Structure check failed: ${check}`);
      expect(failed.code).toBe(1);
    },
    120_000,
  );
});
