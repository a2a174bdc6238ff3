import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { labFileSchema } from '../../src/core/lab/labFile.js';
import { SCHEMA_FILE, schemaText } from '../../scripts/schema.mjs';

it('the committed schema of lab files is that of the code that reads them (else: npm run schema)', async () => {
  expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(await schemaText(labFileSchema));
});
