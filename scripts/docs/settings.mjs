// The reference of the extension's commands, settings and colors, from its manifest.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../setup.mjs';
import { code, table } from './markdown.mjs';

async function manifest() {
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

/** @returns {Promise<string>} Markdown */
export async function settingsReference() {
  const { configuration } = await manifest();
  const settings = Object.entries(configuration.properties).sort(([, a], [, b]) => a.order - b.order);
  return settings.map(([key, setting]) => section(key, setting)).join('\n\n');
}

function section(key, setting) {
  const { markdownDescription, description } = setting;
  const parts = [
    `### ${code(key)}`,
    `${markdownDescription ?? description} Default: ${code(JSON.stringify(setting.default))}.`,
  ];
  const texts = setting.markdownEnumDescriptions ?? setting.enumDescriptions;
  if (texts)
    parts.push(
      table(
        ['Value', 'Meaning'],
        setting.enum.map((value, i) => [code(value), texts[i]]),
      ),
    );
  const choices = setting.items?.enum;
  if (choices) parts.push(`Values: ${choices.map(code).join(', ')}.`);
  return parts.join('\n\n');
}

/** @returns {Promise<string>} Markdown */
export async function commandsReference() {
  const { commands, keybindings = [] } = await manifest();
  const keys = new Map(keybindings.map(({ command, key }) => [command, key]));
  const rows = commands.map(({ command, title }) => [
    title,
    keys.has(command) ? code(keys.get(command)) : '',
    code(command),
  ]);
  return table(['Command', 'Key', 'Id'], rows);
}

/** @returns {Promise<string>} Markdown */
export async function colorsReference() {
  const { colors } = await manifest();
  return table(
    ['Color', 'Use'],
    colors.map(({ id, description }) => [code(id), description]),
  );
}
