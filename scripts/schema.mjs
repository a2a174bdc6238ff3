// Writes schemas/hakmem-lab.schema.json, by which the editor completes and checks lab files, from the schema
// that reads them.
// usage: node scripts/schema.mjs
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { z } from 'zod';
import { importSource } from './docs/source.mjs';

/** The committed file, relative to the project. */
export const SCHEMA_FILE = 'schemas/hakmem-lab.schema.json';

/**
 * @param {import('zod').ZodType} labFileSchema
 * @returns {Promise<string>} the text of the committed file
 */
export async function schemaText(labFileSchema) {
  const schema = z.toJSONSchema(labFileSchema, { io: 'input', target: 'draft-7' });
  const text = JSON.stringify({ ...schema, title: 'HAKMEM Lab file' });
  return format(text, { ...(await resolveConfig(SCHEMA_FILE)), parser: 'json' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { labFileSchema } = await importSource('src/core/lab/labFile.ts');
  await writeFile(SCHEMA_FILE, await schemaText(labFileSchema));
  console.log(`Wrote ${SCHEMA_FILE}`);
}
