// Finds what the project's texts must not say: `phrases.mjs` has the list and what to write instead.
// usage: node scripts/language/check.mjs [FILE…]   without files: everything that is under version control
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { allowed, phrases } from './phrases.mjs';
import { proseOf } from './prose.mjs';

/** The list itself and its test; recordings of other tools; names that other projects chose. */
const excluded =
  /^(scripts\/language\/|test\/unit\/structure\.test\.ts$|test\/fixtures\/|package-lock\.json|LICENSE|schemas\/)/;

/** A value in a text: a digit, masked code as in a template, or a conversion of printf. */
const VALUE = '(?:\\d|[\\u0000}]|%[\\d.*]*[a-z]+)';

const compiled = phrases.map((phrase) => ({
  ...phrase,
  pattern: new RegExp(
    `(?<![\\p{L}_-])(?:${phrase.not.replaceAll('{}', VALUE).replaceAll(' ', '\\s+')})(?![\\p{L}_])`,
    'giu',
  ),
  word: new RegExp(`^(?:${phrase.not})$`, 'i'),
}));
const exceptions = allowed.map((one) => ({ ...one, place: new RegExp(one.in), line: new RegExp(one.text) }));

/**
 * @typedef {{ file: string, line: number, found: string, write: string }} Finding
 * @param {string} file relative to the project
 * @param {string} source
 * @returns {Finding[]}
 */
function findPhrases(file, source) {
  const prose = proseOf(file, source);
  if (!prose) return [];
  const lines = source.split('\n');
  /** @type {(Finding & { not: string })[]} */
  const findings = [];
  const add = (/** @type {number} */ offset, /** @type {string} */ found, phrase) => {
    const line = source.slice(0, offset).split('\n').length;
    findings.push({ file, line, found: found.replace(/\s+/g, ' '), write: phrase.write, not: phrase.not });
  };
  for (const phrase of compiled) {
    for (const match of prose.text.matchAll(phrase.pattern)) {
      const found = match[0].trimStart();
      add(match.index + match[0].length - found.length, found.replaceAll('\u0000', '${}'), phrase);
    }
  }
  const namePhrases = compiled.filter(({ names }) => names);
  const seen = new Set();
  const names = [...prose.names, { name: path.basename(file).replace(/\..*$/, ''), offset: 0 }];
  for (const { name, offset } of names) {
    if (seen.has(name)) continue;
    seen.add(name);
    const words = name.split(/(?<=[a-z\d])(?=[A-Z])|[_\W]+/);
    for (const phrase of namePhrases)
      if (words.some((word) => phrase.word.test(word))) add(offset, name, phrase);
  }
  return findings
    .filter(
      ({ line, not }) =>
        !exceptions.some(
          (one) => one.not === not && one.place.test(file) && one.line.test(lines[line - 1] ?? ''),
        ),
    )
    .sort((a, b) => a.line - b.line)
    .map(({ not: _, ...finding }) => finding);
}

const git = ['ls-files', '--cached', '--others', '--exclude-standard'];
const named = process.argv.slice(2);
const files = named.length > 0 ? named : execFileSync('git', git, { encoding: 'utf8' }).trim().split('\n');
const findings = files
  .filter((file) => !excluded.test(file) && existsSync(file))
  .flatMap((file) => findPhrases(file, readFileSync(file, 'utf8')));
for (const { file, line, found, write } of findings)
  console.log(`${file}:${line}: "${found}": write: ${write}`);
if (findings.length > 0) console.log(`\n${findings.length} texts to rewrite`);
process.exitCode = findings.length > 0 ? 1 : 0;
