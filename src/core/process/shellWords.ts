import { LabError } from '../labError.js';

/**
 * Splits a command line like a shell (POSIX, "Quoting"): blanks separate words; within single quotes everything is
 * literal; within double quotes a backslash quotes `"`, `\`, `$` and a backquote, elsewhere any character. Variables,
 * patterns and redirections are plain text. Undoes the quoting of `shellWord`.
 * @throws LabError `command-line` for an unclosed quote or a backslash at the end
 */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  /** Undefined between words: `''` is a word. */
  let word: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (/[ \t\r\n]/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (c === "'") {
      const end = text.indexOf(c, at + 1);
      if (end < 0) throw unclosed('single quote', at);
      word = (word ?? '') + text.slice(at + 1, end);
      at = end;
    } else if (c === '"') {
      const { value, end } = doubleQuoted(text, at);
      word = (word ?? '') + value;
      at = end;
    } else if (c === '\\') {
      if (at + 1 === text.length)
        throw invalid(
          'The command line ends with a backslash.',
          'Add the character to quote, or write \\\\ for a backslash.',
        );
      // A line that is continued is one line.
      if (text[++at] !== '\n') word = (word ?? '') + (text[at] as string);
    } else word = (word ?? '') + c;
  }
  if (word !== undefined) words.push(word);
  return words;
}

/** @param start where the quote opens @returns what is between the quotes, and where the other one is */
function doubleQuoted(text: string, start: number): { value: string; end: number } {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const c = text[at] as string;
    if (c === '"') return { value, end: at };
    const next = text[at + 1] ?? '';
    if (c === '\\' && next !== '' && '"\\$`\n'.includes(next)) {
      if (next !== '\n') value += next;
      at++;
    } else value += c;
  }
  throw unclosed('double quote', start);
}

function unclosed(what: string, at: number): LabError {
  return invalid(
    `The ${what} at character ${at + 1} isn't closed.`,
    'Close it, or put a backslash before it if it is part of the word.',
  );
}

function invalid(message: string, remedy: string): LabError {
  return new LabError('command-line', message, { remedy: { text: remedy } });
}
