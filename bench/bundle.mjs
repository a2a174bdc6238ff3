// Bundles parts of the product as they ship, for benchmarks that measure them in a process of their own or in this one.
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');

/** @param {string} contents TypeScript that imports from ./src @param {string} outfile @returns {Promise<string>} the file */
export async function bundle(contents, outfile) {
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}
