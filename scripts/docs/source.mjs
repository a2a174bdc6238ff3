// Imports a module of the TypeScript sources into a script.
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from '../setup.mjs';

/**
 * @param {string} file a module of the project, relative to it
 * @returns {Promise<any>} what it exports
 */
export async function importSource(file) {
  // Inside node_modules, so that the bundle finds its packages.
  const folder = await mkdtemp(path.join(root, 'node_modules/.hakmem-lab-'));
  try {
    const outfile = path.join(folder, 'module.mjs');
    await build({
      entryPoints: [path.join(root, file)],
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
