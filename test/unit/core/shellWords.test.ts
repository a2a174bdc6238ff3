import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/core/labError.js';
import { shellWord } from '../../../src/text/shellWord.js';
import { shellWords } from '../../../src/core/process/shellWords.js';

describe('a command line', () => {
  it.each([
    ['', []],
    ['  ./a  b\tc\n', ['./a', 'b', 'c']],
    [`'a b' "c d"e`, ['a b', 'c de']],
    [`a\\ b \\'c\\" \\\\`, ['a b', `'c"`, '\\']],
    [`"a \\"b\\" \\\\ \\$x \\n 'c'"`, [`a "b" \\ $x \\n 'c'`]],
    [`'' ""`, ['', '']],
    [`--name='it'\\''s'`, [`--name=it's`]],
    ['$HOME *.c > out | x; # y', ['$HOME', '*.c', '>', 'out', '|', 'x;', '#', 'y']],
  ])('%j is %j', (text, words) => {
    expect(shellWords(text)).toEqual(words);
  });

  it.each([
    [`a 'b c`, /single quote at character 3 isn't closed/],
    [`a"b\\"`, /double quote at character 2 isn't closed/],
    ['a\\', /ends with a backslash/],
  ])('%j is refused with a next step', (text, message) => {
    try {
      shellWords(text);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(LabError);
      expect((error as LabError).message).toMatch(message);
      expect((error as LabError).remedy?.text).toMatch(/backslash/);
    }
  });

  it('comes back as it was from the words that were quoted, whatever they hold', () => {
    const word = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...`'"\\ \n$a`) }),
    );
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(shellWords(words.map(shellWord).join(' '))).toEqual(words);
      }),
      { numRuns: 500 },
    );
  });

  it('is split as a real shell splits it', () => {
    const part = fc.constantFrom(
      'a',
      'b',
      ' ',
      "'x y'",
      '"p q"',
      '\\ ',
      '\\"',
      '"\\""',
      `"'"`,
      "''",
      '"\\z"',
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 12 }), (parts) => {
        const line = parts.join('');
        const script = `for w in ${line}; do printf '%s\\n' "<$w>"; done`;
        const shell = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\n').slice(0, -1);
        expect(shellWords(line).map((w) => `<${w}>`)).toEqual(shell);
      }),
      { numRuns: 60 },
    );
  });
});
