import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { gateFileSchema } from '../../src/core/experiments/gateFile.js';
import { labFileSchema } from '../../src/core/lab/labFile.js';
import { agentTools } from '../../src/core/agents/tools.js';
import { schemaFiles, withAgentTools } from '../../scripts/schema.mjs';

it('the committed schemas are those of the code that reads the files (else: npm run schema)', async () => {
  for (const { file, text } of await schemaFiles({ labFileSchema, gateFileSchema }))
    expect(readFileSync(file, 'utf8'), file).toBe(text);
});

it('the manifest has the tools for language models (else: npm run schema), with texts for people', async () => {
  const manifest = readFileSync('package.json', 'utf8');
  expect(await withAgentTools(manifest, agentTools)).toBe(manifest);
  const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
  for (const { name } of agentTools)
    for (const key of [`tool.${name}`, `tool.${name}.description`]) expect(texts[key], key).toBeTruthy();
});
