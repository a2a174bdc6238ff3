// Writes dist/README.md, the README as the extension's page in VS Code shows it.
// That page loads no file of the extension, only https and data URLs, and follows no relative link.
// usage: node scripts/readme.mjs   part of `npm run package`
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './setup.mjs';

/** The file that is packaged, relative to the project. */
export const PACKAGED_README = 'dist/README.md';

const image = /!\[([^\]]*)\]\(([^):]+\.png)\)/g;
const relativeLink = /(?<!!)\[([^\]]*)\]\((?![a-z]+:|#)[^)]*\)/g;

/**
 * @param {string} text the project's README
 * @returns {Promise<string>} with its pictures inside, and plain text in place of links to files of the project
 */
export async function packagedReadme(text) {
  const data = new Map();
  for (const [, , file] of text.matchAll(image))
    data.set(file, (await readFile(path.join(root, file))).toString('base64'));
  return text
    .replace(relativeLink, '$1')
    .replace(image, (_, alt, file) => `![${alt}](data:image/png;base64,${data.get(file)})`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await readFile(path.join(root, 'README.md'), 'utf8');
  await writeFile(path.join(root, PACKAGED_README), await packagedReadme(text));
}
