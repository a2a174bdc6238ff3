// Writes l10n/bundle.l10n.json, which translators start from: every text that the editor's code shows.
// Texts of package.json are in package.nls.json.
// usage: node scripts/l10n.mjs
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import l10n from '@vscode/l10n-dev';
import { format, resolveConfig } from 'prettier';

/** The committed file, relative to the project. */
export const BUNDLE_FILE = 'l10n/bundle.l10n.json';

/** @returns {Promise<string>} the text of the committed file */
export async function bundleText() {
  const names = await readdir('src/vscode', { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => path.join('src/vscode', name));
  const all = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  const sources = all.filter((text) => text.includes('l10n.t('));
  const texts = Object.entries(
    await l10n.getL10nJson(sources.map((contents) => ({ extension: '.ts', contents }))),
  );
  texts.sort(([a], [b]) => (a < b ? -1 : 1));
  return format(JSON.stringify(Object.fromEntries(texts)), {
    ...(await resolveConfig(BUNDLE_FILE)),
    parser: 'json',
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await mkdir(path.dirname(BUNDLE_FILE), { recursive: true });
  await writeFile(BUNDLE_FILE, await bundleText());
  console.log(`Wrote ${BUNDLE_FILE}`);
}
