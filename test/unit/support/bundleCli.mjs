// For tests and for the programs in test/fuzz, which run without vitest.
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../../..');

/** The command line as one file in a folder. @param {string} folder @returns {Promise<string>} the file */
export async function bundleCli(folder) {
  const outfile = path.join(folder, 'cli.cjs');
  await build({
    entryPoints: [path.join(root, 'src/cli.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'error',
  });
  return outfile;
}
