import { execFile } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProfileDocument } from '../../../src/model/profileDocument.js';
import { unpackStructure } from '../../../src/wire/structure.js';
import { root } from '../support/fixtures.js';
import { TempLab } from '../support/tempLab.js';
import { bundleCli } from '../support/bundleCli.mjs';

interface Outcome {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

describe('import and export on the command line', () => {
  let lab: TempLab;
  let cli: string;
  let elsewhere: string;

  beforeAll(async () => {
    lab = new TempLab();
    elsewhere = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-no-lab-'));
    cli = await bundleCli(lab.folder);
  });
  afterAll(() => {
    lab.dispose();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  const run = (cwd: string, ...args: string[]) =>
    new Promise<Outcome>((resolve) => {
      execFile(process.execPath, [cli, ...args], { cwd, encoding: 'buffer' }, (error, stdout, stderr) => {
        const status = typeof error?.code === 'number' ? error.code : error ? -1 : 0;
        resolve({ status, stdout, stderr: stderr.toString() });
      });
    });
  const json = ({ stdout }: Outcome) => JSON.parse(stdout.toString()) as ProfileDocument;
  const fixtureFile = (name: string) => path.join(root, 'test/fixtures', name);
  const self = (document: ProfileDocument) =>
    Object.fromEntries(document.functions.map((f) => [f.name, Number(f.selfPercent.toFixed(3))]));

  it('converts a file without saving it, to a file or a pipe', async () => {
    const folded = fixtureFile('calls.folded');
    const out = path.join(elsewhere, 'calls.json');
    expect((await run(elsewhere, 'convert', folded, out)).status).toBe(0);
    const read = json(await run(elsewhere, 'import', out, '--json'));
    expect(self(read)).toEqual(self(json(await run(elsewhere, 'import', folded, '--json'))));
    const piped = await run(elsewhere, 'convert', out, '-', '--format', 'folded');
    expect(piped.stdout.toString()).toMatch(/^\S.* \d+\n/);
    const unknown = await run(elsewhere, 'convert', folded, path.join(elsewhere, 'calls.what'));
    expect(unknown.status).not.toBe(0);
    expect(unknown.stderr).toMatch(/specify --format/);
    const refused = await run(elsewhere, 'convert', fixtureFile('make-error.txt'), out);
    expect(refused).toMatchObject({ status: 1, stdout: Buffer.alloc(0) });
    expect(refused.stderr).toMatch(/Next step: .*convert --from/);
    expect(readdirSync(elsewhere)).not.toContain('.hakmem-lab');
  });

  it('refuses to replace its input, whatever that is called', async () => {
    const text = readFileSync(fixtureFile('calls.script.txt'));
    const input = path.join(elsewhere, 'own.txt');
    const link = path.join(elsewhere, 'own.folded');
    writeFileSync(input, text);
    symlinkSync(input, link);
    for (const output of [input, link]) {
      const refused = await run(elsewhere, 'convert', input, output, '--format', 'folded');
      expect(refused).toMatchObject({
        status: 1,
        stderr: expect.stringMatching(/is an input.*\nNext step: Name another/) as string,
      });
    }
    expect(readFileSync(input).equals(text)).toBe(true);
    const recorded = await run(elsewhere, 'record', '-o', input, '--', 'cat', input);
    expect(recorded).toMatchObject({ status: 1, stderr: expect.stringMatching(/is an input/) as string });
    expect(readFileSync(input).equals(text)).toBe(true);
  });

  it.each([
    'calls.perf.data',
    'kinds.zstd.perf.data',
    'calls.script.txt',
    'calls.report.txt',
    'calls.callgrind.no',
  ])('converts %s with all that import shows of it', async (name) => {
    const file = fixtureFile(name);
    const out = path.join(elsewhere, `${name}.pb.gz`);
    expect((await run(elsewhere, 'convert', file, out, '--no-inline')).status).toBe(0);
    expect(self(json(await run(elsewhere, 'import', out, '--json')))).toEqual(
      self(json(await run(elsewhere, 'import', file, '--json', '--no-inline'))),
    );
  });

  it.each([
    ['svg', /^<svg [^]*recurse[^]*<\/svg>\n$/],
    ['md', /^# calls\.folded\n[^]*\| Total \| 100% \|/],
    ['collapsed', /^\S.* \d+\n/],
  ])('writes .%s by the name of the output', async (ending, content) => {
    const out = path.join(elsewhere, `out.${ending}`);
    expect((await run(elsewhere, 'convert', fixtureFile('calls.folded'), out)).status).toBe(0);
    expect(readFileSync(out, 'utf8')).toMatch(content);
  });

  it('prints the document of profile for a file of another tool, without a lab', async () => {
    const document = json(await run(elsewhere, 'import', fixtureFile('reference.report.txt'), '--json'));
    expect(document).toMatchObject({ event: 'cycles:u', stat: null, lines: [] });
    for (const list of [document.functions, document.categories])
      expect(list.reduce((sum, f) => sum + f.selfPercent, 0)).toBeCloseTo(100, 6);
    expect(self(document).hak_super_lookup).toBe(9.32);
    const { stdout, stderr } = await run(elsewhere, 'import', fixtureFile('calls.callgrind.no'));
    expect(stdout.toString()).toMatch(
      /^Exact count of instructions, at 783 locations[^]*twice\.constprop\.0 +\d+(\.\d+)?%/,
    );
    expect(stderr).toMatch(/Reading .*\(callgrind\)/);
  });

  it('reads a recording of another machine: what has no symbols has its module, and a note', async () => {
    const document = json(await run(elsewhere, 'import', fixtureFile('calls.perf.data'), '--json'));
    expect(document.event).toMatch(/^cpu-clock:u/);
    expect(document.functions.reduce((sum, f) => sum + f.selfPercent, 0)).toBeCloseTo(100, 6);
    expect(self(document)['[calls]']).toBeGreaterThan(99);
    expect(document.notes.join()).toMatch(/Functions in \S*calls have no names/);
  });

  it('keeps a file as a run when it is told to, which is then shown and exported as one', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-kept-'));
    try {
      const kept = await run(folder, 'import', fixtureFile('calls.script.txt'), '--save', '--json');
      const id = /Saved as run (\S+)/.exec(kept.stderr)?.[1] as string;
      expect(json(await run(folder, 'show', id, '--json')).functions).toEqual(json(kept).functions);
      expect((await run(folder, 'export', id, '--format', 'folded')).status).toBe(0);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('says on stderr what cannot be imported', async () => {
    const wrong = await run(elsewhere, 'import', fixtureFile('calls.folded'), '--format', 'pprof', '--json');
    expect(wrong).toMatchObject({ status: 1, stdout: Buffer.alloc(0) });
    expect(wrong.stderr).toMatch(/pprof file can't be read[^]*byte/);
    expect((await run(elsewhere, 'import', 'absent')).status).toBe(1);
    expect((await run(elsewhere, 'import', 'x', '--format', 'nonsense')).status).toBe(2);
    expect((await run(elsewhere, 'export', 'latest')).status).toBe(2);
    expect((await run(elsewhere, 'export', 'latest', '--format', 'svg')).stderr).toMatch(
      /no hakmem-lab\.json/,
    );
    expect((await run(lab.folder, 'export', 'latest', '--format', 'svg')).stderr).toMatch(
      /no saved run with a profile/,
    );
  });

  it('exports a saved run in formats that it imports again, with its lab categories', async () => {
    const profiled = JSON.parse(
      (await run(lab.folder, 'profile', 'RUN', '--runs', '1', '--json')).stdout.toString(),
    ) as ProfileDocument & { run: string; arguments: object };
    expect(profiled.arguments).toEqual({ throughput: 'run 200000', shares: 'run 20000000' });
    expect((await run(lab.folder, 'show', profiled.run)).stdout.toString()).toMatch(
      /arguments run 200000, shares with run 20000000\. .*did the same work/,
    );
    for (const format of ['folded', 'speedscope', 'pprof']) {
      const file = path.join(lab.folder, `out.${format}`);
      const written = await run(lab.folder, 'export', profiled.run, '--format', format, '-o', file);
      expect(written).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
      const imported = json(await run(lab.folder, 'import', file, '--json'));
      expect(self(imported).worker_run, format).toBe(self(profiled).worker_run);
      expect(imported.categories.map((c) => c.name)).toContain('Benchmark Driver');
      const printed = await run(lab.folder, 'export', 'latest', '--format', format);
      expect(printed.stdout.equals(readFileSync(file)), format).toBe(true);
    }
    const shown = json(await run(lab.folder, 'show', 'latest', '--json'));
    expect(shown).toMatchObject({ run: profiled.run });
    const report = await run(lab.folder, 'report', 'latest', 'latest');
    expect(report).toMatchObject({ status: 0 });
    const compared = await run(lab.folder, 'compare', 'latest', `run:${profiled.run}`, '--json');
    expect(JSON.parse(compared.stdout.toString())).toMatchObject({ a: { run: profiled.run } });
    const svg = await run(lab.folder, 'export', 'latest', '--format', 'svg');
    expect(svg.stdout.toString()).toMatch(/^<svg [^]*worker_run[^]*<\/svg>\n$/);
    const markdown = await run(lab.folder, 'export', 'latest', '--format', 'markdown');
    expect(markdown.stdout.toString()).toMatch(/^# RUN, 20[^]*\| Total \| 100% \|/);
  }, 60_000);

  it('begins folded stacks with the process, the thread or neither', async () => {
    const folded = async (...options: string[]) =>
      (await run(lab.folder, 'export', 'latest', '--format', 'folded', ...options)).stdout.toString();
    const process = /^([^;\n]+);.*worker_run/m.exec(await folded())?.[1] ?? '';
    expect(process).not.toBe('');
    expect(await folded('--threads')).toMatch(new RegExp(`^${process}-\\d+/\\d+;.*worker_run`, 'm'));
    expect(await folded('--no-process')).not.toContain(`${process};`);
  });

  it('exports a run, and one beside it, as the page of the editor', async () => {
    const wanted = ['export', 'latest', '--format', 'html'];
    const missing = await run(lab.folder, ...wanted);
    expect(missing).toMatchObject({ status: 1, stdout: Buffer.alloc(0) });
    expect(missing.stderr).toMatch(/\[panel-not-built\][^]*(standalone|webview)[^]*Next step: Build them/);

    for (const name of ['standalone.js', 'webview.js', 'webview-style.css', 'panel-notices.txt'])
      lab.write(name, `/* ${name} */`);
    const [first] = JSON.parse((await run(lab.folder, 'runs', '--json')).stdout.toString()) as {
      id: string;
    }[];
    const file = path.join(lab.folder, 'run.html');
    const written = await run(lab.folder, ...wanted, '--compare', first?.id ?? '', '-o', file);
    expect(written).toMatchObject({ status: 0, stdout: Buffer.alloc(0) });
    const html = readFileSync(file, 'utf8');
    expect(html).toMatch(/<title>RUN, 20[^]*standalone\.js[^]*webview\.js/);
    const packed = /id="packed">([^<]+)</.exec(html)?.[1] ?? '';
    const messages = unpackStructure(gunzipSync(Buffer.from(packed, 'base64')));
    expect(messages).toMatchObject([
      { type: 'profile', profile: { runId: first?.id, preset: 'RUN' } },
      { type: 'comparison', runs: [{ slot: 'other', profile: { runId: first?.id }, differences: [] }] },
    ]);

    const converted = path.join(elsewhere, 'calls.html');
    expect((await run(elsewhere, 'convert', fixtureFile('calls.script.txt'), converted)).status).toBe(0);
    expect(readFileSync(converted, 'utf8')).toMatch(/<title>calls\.script\.txt<[^]*webview\.js/);
    expect(readdirSync(elsewhere)).not.toContain('.hakmem-lab');

    expect((await run(lab.folder, ...wanted, '--compare', 'latest', '-o', file)).status).toBe(0);
    expect((await run(lab.folder, ...wanted, '--compare', 'none')).stderr).toMatch(/no run none/);
    const misuse = await run(lab.folder, 'export', 'latest', '--format', 'svg', '--compare', first?.id ?? '');
    expect(misuse.status).toBe(2);
  });

  it('takes the format of an export from the name of its output', async () => {
    const file = path.join(lab.folder, 'named.svg');
    expect((await run(lab.folder, 'export', 'latest', '-o', file)).status).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^<\?xml|^<svg/);
    for (const output of [[], ['-o', path.join(lab.folder, 'named.unknown')]]) {
      const refused = await run(lab.folder, 'export', 'latest', ...output);
      expect(refused.status).toBe(2);
      expect(refused.stderr).toContain('specify --format');
    }
  });

  it('ends quietly when nobody reads on', async () => {
    const command = `'${process.execPath}' '${cli}' import '${fixtureFile('calls.callgrind.no')}' --json`;
    const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
      execFile('sh', ['-c', `${command} | head -c 8`], { cwd: elsewhere }, (_, out, err) => {
        resolve({ stdout: out, stderr: err });
      });
    });
    expect(stdout).toBe('{"event"');
    expect(stderr).toMatch(/^Reading [^\n]*\n$/);
  });

  it('writes a file whole or not at all', async () => {
    const folder = path.join(lab.folder, 'taken');
    mkdirSync(path.join(folder, 'out.svg'), { recursive: true });
    const failed = await run(
      lab.folder,
      'export',
      'latest',
      '--format',
      'svg',
      '-o',
      path.join(folder, 'out.svg'),
    );
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(/Couldn't write[^]*Next step/);
    expect(readdirSync(folder)).toEqual(['out.svg']);
  });
});
