import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { widthOf } from '../../../src/cli/terminal.js';
import { root } from '../support/fixtures.js';
import { bundleCli } from '../support/bundleCli.mjs';
import { outcome } from '../support/cli.js';

/** What empties the line. */
const CLEAR = '\r\u001b[K';

let folder: string;
/** With a name that is wider than the terminal. */
let work: string;
let cli: string;

/** What a terminal of 80 columns gets to draw. */
async function drawn(command: string): Promise<string> {
  const line = `stty cols 80; '${process.execPath}' '${cli}' ${command}`;
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd: work,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  return text.replaceAll('\r\n', '\n');
}

/** The lines that stay: what was cleared is gone. */
const lines = (text: string) => text.split('\n').map((line) => line.split(CLEAR).at(-1) ?? '');
/** Without colors. */
const plain = (line: string) => stripVTControlCharacters(line);

describe('a terminal of 80 columns', () => {
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-terminal-')));
    work = path.join(folder, 'a-folder-with-a-long-name'.repeat(4));
    mkdirSync(work);
    cli = await bundleCli(folder);
    const recording = path.join(root, 'test/fixtures/calls.perf.data');
    await outcome(process.execPath, [cli, 'import', recording, '--save'], { cwd: work });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('keeps no line of progress, before a result or after the last', async () => {
    const converted = await drawn(`convert '${path.join(root, 'test/fixtures/calls.perf.data')}' out.folded`);
    expect(converted.split(CLEAR).length).toBeGreaterThan(2);
    expect(converted.endsWith(CLEAR)).toBe(true);
    const shown = await drawn(`import '${path.join(root, 'test/fixtures/calls.perf.data')}'`);
    expect(shown).toContain(`…${CLEAR}287 samples of cpu-clock:u, 288 ms of processor time\n`);
  });

  it('shows what an archive contains, and the command that opens it in full', async () => {
    const output = `${'long'.repeat(30)}.hakmem-lab.tgz`;
    const packed = lines(await drawn(`pack -o ${output}`)).map(plain);
    const command = packed.findLast((line) => line !== '');
    expect(command).toBe(`  hakmem-lab import ${output}`);
    const others = packed.filter((line) => !line.includes('longlong'));
    expect(Math.max(...others.map(widthOf))).toBeLessThanOrEqual(80);
  });

  it('tells runs apart by what they found', async () => {
    const listed = lines(await drawn('runs')).map(plain);
    expect(listed[0]).toMatch(/^Run +Kind +Result +Program$/);
    expect(listed[2]).toMatch(/-calls\S* +profile +287 samples +calls/);
    expect(Math.max(...listed.map(widthOf))).toBeLessThanOrEqual(80);
  });

  it('says what two recordings can be compared by, and nothing to type that would fail', async () => {
    const compared = lines(await drawn('compare latest latest'))
      .map(plain)
      .join('\n');
    expect(compared).toContain('Unclear: no throughput was measured, so that only shares can be compared.\n');
    expect(compared).not.toMatch(/hakmem-lab compare/);
  });
});
