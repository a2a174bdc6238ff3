// Writes the generated parts of the reference in docs/: what lies between `<!-- generated: NAME -->` and
// `<!-- end -->`, from the code that it describes.
// usage: npm run docs [-- --check]   --check writes nothing and fails where a file is not current
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { commandLineReference } from './docs/commandLine.mjs';
import { labFileReference } from './docs/labFile.mjs';
import { colorsReference, commandsReference, settingsReference } from './docs/settings.mjs';
import { root } from './setup.mjs';

const files = ['docs/command-line.md', 'docs/lab-file.md', 'docs/settings.md'];

/** @type {Record<string, () => Promise<string>>} */
const parts = {
  'command line': commandLineReference,
  'lab file': labFileReference,
  settings: settingsReference,
  commands: commandsReference,
  colors: colorsReference,
};

const check = process.argv.includes('--check');
const marks = /(<!-- generated: ([\w ]+) -->)[^]*?(<!-- end -->)/g;

for (const file of files) {
  const before = await readFile(path.join(root, file), 'utf8');
  const made = new Map();
  for (const [, , name] of before.matchAll(marks)) made.set(name, await parts[name]());
  const filled = before.replace(marks, (_, begin, name, end) => `${begin}\n\n${made.get(name)}\n\n${end}`);
  const after = await format(filled, { ...(await resolveConfig(file)), parser: 'markdown' });
  if (after === before) continue;
  if (check) {
    console.error(`${file} is not current: npm run docs`);
    process.exitCode = 1;
  } else {
    await writeFile(path.join(root, file), after);
    console.log(`Wrote ${file}`);
  }
}
