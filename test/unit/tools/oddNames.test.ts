import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { endSymbolTools } from '../../../src/core/symbols/frameCache.js';
import { findSymbolTool } from '../../../src/core/symbols/symbolizer.js';
import { recordingContext } from '../support/fixtures.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'odd-'));
afterAll(() => {
  endSymbolTools();
  rmSync(folder, { recursive: true, force: true });
});

describe('lines of a program whose path has', () => {
  it.each([
    ['double quotes', 'a "b"'],
    ['single quotes', "a 'b'"],
    ['both', `a "b" 'c'`],
    ['a newline', 'a\nb'],
    ['a backslash', 'a\\b "c"'],
  ])('%s are found', async (_, name) => {
    const source = path.join(folder, 'odd.c');
    writeFileSync(source, '\nint main(void) { return 0; }\n');
    mkdirSync(path.join(folder, name), { recursive: true });
    const program = path.join(folder, name, name);
    execFileSync('cc', ['-g', '-O0', '-no-pie', '-o', program, source]);
    const main = / ([0-9a-f]+) T main$|^([0-9a-f]+) T main$/m.exec(
      execFileSync('nm', [program], { encoding: 'utf8' }),
    );
    const tool = await findSymbolTool();
    const [frames] = await tool(program, [parseInt(main?.[1] ?? main?.[2] ?? '', 16)], recordingContext());
    expect(frames?.[0]).toMatchObject({ name: 'main', file: source, line: 2 });
  });
});
