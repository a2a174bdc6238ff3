// Writes schemas/, by which the editor completes and checks lab files and gate files, from the schemas that read them, and
// the tools for language models into package.json, from their definitions.
// usage: node scripts/schema.mjs
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import * as z from 'zod/mini';
import { importSource } from './docs/source.mjs';

/** The committed files, relative to the project. */
export const SCHEMA_FILE = 'schemas/hakmem-lab.schema.json';
export const GATE_SCHEMA_FILE = 'schemas/hakmem-lab-gate.schema.json';

/**
 * @param {{ labFileSchema: import('zod/mini').ZodMiniType, gateFileSchema: import('zod/mini').ZodMiniType }} schemas
 * @returns {Promise<{ file: string, text: string }[]>} the committed files
 */
export async function schemaFiles({ labFileSchema, gateFileSchema }) {
  return Promise.all([
    schemaFile(SCHEMA_FILE, labFileSchema, 'HAKMEM Lab file'),
    schemaFile(GATE_SCHEMA_FILE, gateFileSchema, 'HAKMEM Lab gate'),
  ]);
}

/** @param {string} file @param {import('zod/mini').ZodMiniType} zodSchema @param {string} title */
async function schemaFile(file, zodSchema, title) {
  const schema = z.toJSONSchema(zodSchema, { io: 'input', target: 'draft-7' });
  const options = { ...(await resolveConfig(file)), parser: 'json' };
  return { file, text: await format(JSON.stringify({ ...schema, title }), options) };
}

/**
 * The manifest with its `languageModelTools`. The editor's texts for people are in package.nls.json, under `tool.NAME`.
 * @param {string} manifest package.json
 * @param {readonly import('../src/core/agents/tool.js').AgentTool[]} tools
 * @returns {Promise<string>}
 */
export async function withAgentTools(manifest, tools) {
  const json = JSON.parse(manifest);
  json.contributes.languageModelTools = tools.map(({ name, description, input }) => {
    const { $schema: _, ...inputSchema } = z.toJSONSchema(z.object(input), {
      io: 'input',
      target: 'draft-7',
    });
    return {
      name: `hakmemLab_${name}`,
      toolReferenceName: `hakmem_${name}`,
      displayName: `%tool.${name}%`,
      userDescription: `%tool.${name}.description%`,
      modelDescription: description,
      canBeReferencedInPrompt: true,
      icon: '$(flame)',
      tags: ['performance', 'profile'],
      inputSchema,
    };
  });
  const options = { ...(await resolveConfig('package.json')), parser: 'json-stringify' };
  return format(JSON.stringify(json), options);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { labFileSchema } = await importSource('src/core/lab/labFile.ts');
  const { gateFileSchema } = await importSource('src/core/experiments/gateFile.ts');
  for (const { file, text } of await schemaFiles({ labFileSchema, gateFileSchema })) {
    await writeFile(file, text);
    console.log(`Wrote ${file}`);
  }
  const { agentTools } = await importSource('src/core/agents/tools.ts');
  await writeFile('package.json', await withAgentTools(await readFile('package.json', 'utf8'), agentTools));
  console.log('Wrote package.json');
}
