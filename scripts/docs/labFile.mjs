// The reference of lab files, from the schema by which the editor completes them.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../setup.mjs';
import { SCHEMA_FILE } from '../schema.mjs';
import { code, table } from './markdown.mjs';

/** @returns {Promise<string>} Markdown: a section for each kind of object, the file itself first */
export async function labFileReference() {
  const schema = JSON.parse(await readFile(path.join(root, SCHEMA_FILE), 'utf8'));
  return sections('The file', '', schema).join('\n\n');
}

/**
 * @param {string} title
 * @param {string} prefix the way to this object, which its keys are shown with
 * @param {any} schema of an object
 * @returns {string[]}
 */
function sections(title, prefix, schema) {
  const required = new Set(schema.required ?? []);
  const keys = Object.entries(schema.properties);
  const rows = keys.map(([key, value]) => [
    code(prefix + key),
    typeOf(value),
    required.has(key)
      ? '**required**'
      : value.default === undefined
        ? ''
        : code(JSON.stringify(value.default)),
    [value.description ?? '', value.items?.description ?? ''].join(' ').trim(),
  ]);
  const below = keys.flatMap(([key, value]) => {
    const object = value.properties ? value : value.items?.properties ? value.items : undefined;
    if (!object) return [];
    const at = `${prefix}${key}${value.items ? '[]' : ''}`;
    return sections(code(at), `${at}.`, object);
  });
  return [`### ${title}`, table(['Key', 'Type', 'Default', 'Meaning'], rows), ...below];
}

/** @param {any} value a schema */
function typeOf(value) {
  if (value.const !== undefined) return code(JSON.stringify(value.const));
  if (value.enum) return value.enum.map((one) => code(JSON.stringify(one))).join(', ');
  if (value.type === 'array')
    return `list of ${value.items.properties ? 'objects' : plural(typeOf(value.items))}`;
  if (value.type === 'object')
    return value.properties ? 'object' : `map of ${plural(typeOf(value.additionalProperties))}`;
  const range = [value.minimum, value.maximum].map((limit) =>
    limit === undefined || Math.abs(limit) === Number.MAX_SAFE_INTEGER ? '' : String(limit),
  );
  const limits = range[0] && range[1] ? ` ${range[0]}–${range[1]}` : range[0] ? ` ≥ ${range[0]}` : '';
  return value.type + limits;
}

const plural = (/** @type {string} */ type) => `${type}s`;
