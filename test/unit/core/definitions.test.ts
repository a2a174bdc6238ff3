import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProfileBuilder } from '../../../src/model/builder.js';
import { fillDefinitions } from '../../../src/core/symbols/definitions.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'definitions-'));
  writeFileSync(path.join(folder, 'a.c'), 'void free(void *p);\n\nvoid free(void *p) {\n  use(p);\n}\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The definition of a function that is said to be at `file:line` and has samples in line 4 of a.c. */
async function definition(file: string, line: number, seenIn = path.join(folder, 'a.c')): Promise<string> {
  const builder = new ProfileBuilder();
  const func = builder.func({ name: 'free', module: 'm', file, line });
  builder.frame(func, seenIn, 4, false);
  const { functions, strings } = await fillDefinitions(builder.finish([{ name: 'cycles' }], []));
  return `${path.basename(strings[functions.file[0] as number] ?? '')}:${functions.line[0]}`;
}

it('keeps a definition that the samples can belong to', async () => {
  expect(await definition(path.join(folder, 'a.c'), 2)).toBe('a.c:2');
});

it('finds a definition that the symbolizer could not tell', async () => {
  expect(await definition(path.join(folder, 'a.c'), 0)).toBe('a.c:3');
});

it('takes no declaration elsewhere for the definition', async () => {
  expect(await definition('/usr/include/stdlib.h', 568)).toBe('a.c:3');
  expect(await definition(path.join(folder, 'a.c'), 568)).toBe('a.c:3');
});

it('leaves the line open where the source cannot be read', async () => {
  expect(await definition('/usr/include/stdlib.h', 568, '/nowhere/b.c')).toBe('b.c:0');
  expect(await definition('/nowhere/b.c', 3, '/nowhere/b.c')).toBe('b.c:3');
});
