import { LabError } from '../labError.js';

/**
 * Splits a command line like a shell (POSIX, "Quoting"): blanks separate words; within single quotes everything is
 * literal; within double quotes a backslash quotes `"`, `\`, `$` and a backquote, elsewhere any character. Variables,
 * patterns and redirections are plain text. Undoes the quoting of `shellWord`.
 * @throws LabError `command-line` for an unclosed quote or a backslash at the end
 */
export function shellWords(text: string): string[] {
  return shellTokens(text).map(({ word }) => word);
}

/** A word, with what was typed for it: quoted characters have no special meaning. */
export interface ShellToken {
  readonly word: string;
  /** As it was typed, with its quotes. */
  readonly raw: string;
}

/** As `shellWords`. @throws LabError `command-line` */
export function shellTokens(text: string): ShellToken[] {
  const tokens: ShellToken[] = [];
  /** Undefined between words: `''` is a word. */
  let word: string | undefined;
  let start = 0;
  const finish = (end: number) => {
    if (word !== undefined) tokens.push({ word, raw: text.slice(start, end) });
    word = undefined;
  };
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (word === undefined) start = at;
    if (/[ \t\r\n]/.test(c)) finish(at);
    else if (c === '$' && text[at + 1] === "'") {
      const { value, end } = ansiQuoted(text, at + 1);
      word = (word ?? '') + value;
      at = end;
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
        throw invalidCommand(
          'The command line ends with a backslash.',
          'Add the character to quote, or write \\\\ for a backslash.',
        );
      // A line that is continued is one line.
      if (text[++at] !== '\n') word = (word ?? '') + (text[at] as string);
    } else word = (word ?? '') + c;
  }
  finish(text.length);
  return tokens;
}

/** `$'…'`, in which `\xHH` is a character: what `shellWord` writes for control characters. */
function ansiQuoted(text: string, start: number): { value: string; end: number } {
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const c = text[at] as string;
    if (c === "'") return { value, end: at };
    const code = /^\\x([0-9a-f]{2})/i.exec(text.slice(at, at + 4))?.[1];
    if (code !== undefined) {
      value += String.fromCharCode(parseInt(code, 16));
      at += 3;
    } else if (c === '\\' && at + 1 < text.length) value += text[++at] as string;
    else value += c;
  }
  throw unclosed('single quote', start);
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
  return invalidCommand(
    `The ${what} at character ${at + 1} isn't closed.`,
    'Close it, or put a backslash before it if it is part of the word.',
  );
}

export function invalidCommand(message: string, remedy: string): LabError {
  return new LabError('command-line', message, { remedy: { text: remedy } });
}
