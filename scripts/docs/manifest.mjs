// What the extension contributes, as the editor shows it.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../setup.mjs';

/** @returns {Promise<any>} `contributes` of package.json with its texts in English */
export async function contributions() {
  const read = async (name) => JSON.parse(await readFile(path.join(root, name), 'utf8'));
  const texts = await read('package.nls.json').catch((error) => {
    if (error.code === 'ENOENT') return {};
    throw error;
  });
  const resolved = (value) => {
    if (typeof value === 'string') return value.replace(/^%(.+)%$/, (_, key) => textOf(texts, key));
    if (Array.isArray(value)) return value.map(resolved);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
  };
  return resolved((await read('package.json')).contributes);
}

/** A text may stand alone or with a comment for translators. */
function textOf(texts, key) {
  const text = texts[key];
  if (text === undefined) throw new Error(`package.nls.json has no text for "${key}"`);
  return typeof text === 'string' ? text : text.message;
}
