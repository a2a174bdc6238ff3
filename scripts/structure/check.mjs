// Checks what no compiler sees: the order of the layers and folders, dead code, the language of all texts, and
// that the generated reference is current.
// usage: npm run structure [-- CHECK…]
import { fileURLToPath } from 'node:url';
import { command } from '../setup.mjs';

const tool = (name, ...args) => ['npx', ['--no-install', name, ...args]];
const script = (file, ...args) => [process.execPath, [file, ...args]];

/** Each is a program that lists what is wrong and ends with another status than 0. */
const checks = {
  imports: tool('depcruise', 'src', 'webview', 'scripts', 'bench', 'test', '--output-type', 'err-long'),
  exports: tool('knip', '--treat-config-hints-as-errors'),
  // Files that only tests use are dead too.
  files: tool('knip', '--production', '--include', 'files'),
  language: script('scripts/language/check.mjs'),
  docs: script('scripts/docs.mjs', '--check'),
  notices: script('scripts/notices.mjs', '--check'),
  dependencies: script('scripts/structure/dependencies.mjs'),
};

/** @param {string[]} [wanted] names of checks @returns {Promise<{ passed: number, failed: number }>} */
export async function checkStructure(wanted = Object.keys(checks)) {
  const failed = [];
  for (const name of wanted) {
    const [file, args] = checks[name];
    await command(file, args).catch(() => failed.push(name));
  }
  for (const name of failed) console.error(`Structure check failed: ${name}`);
  return { passed: wanted.length - failed.length, failed: failed.length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !(name in checks));
  if (unknown.length > 0) {
    console.error(`No such check: ${unknown.join(', ')}. Checks: ${Object.keys(checks).join(', ')}`);
    process.exit(2);
  }
  const { failed } = await checkStructure(wanted.length > 0 ? wanted : undefined);
  process.exitCode = failed > 0 ? 1 : 0;
}
