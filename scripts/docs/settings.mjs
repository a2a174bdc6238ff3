// The reference of the extension's commands, settings and colors, from its manifest.
import { contributions } from './manifest.mjs';
import { code, table } from './markdown.mjs';

/** @returns {Promise<string>} Markdown */
export async function settingsReference() {
  const { configuration } = await contributions();
  return configuration
    .map(({ title, properties }) =>
      [`### ${title}`, ...Object.entries(properties).map(([key, setting]) => section(key, setting))].join(
        '\n\n',
      ),
    )
    .join('\n\n');
}

function section(key, setting) {
  const { markdownDescription, description } = setting;
  const parts = [
    `#### ${code(key)}`,
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
  const { commands, keybindings = [] } = await contributions();
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
  const { colors } = await contributions();
  return table(
    ['Color', 'Use'],
    colors.map(({ id, description }) => [code(id), description]),
  );
}
