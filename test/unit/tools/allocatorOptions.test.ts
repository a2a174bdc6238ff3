import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { OPTIONS_FILE, optionsText } from '../../../scripts/allocatorOptions.mjs';
import { root } from '../support/fixtures.js';

it('the committed reference of allocator options is current (else: node scripts/allocatorOptions.mjs)', async () => {
  expect(readFileSync(path.join(root, OPTIONS_FILE), 'utf8')).toBe(await optionsText());
}, 240_000);
