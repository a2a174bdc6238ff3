import { styleText } from 'node:util';
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** What a text is written for. */
export interface Terminal {
  /** Infinity where lines have no end: a file or a pipe. */
  readonly columns: number;
  readonly color: boolean;
}

/** A file or a pipe. */
export const noTerminal: Terminal = { columns: Infinity, color: false };

/** Node obeys `NO_COLOR`, `FORCE_COLOR`, and `TERM`; `COLUMNS` also counts in a pipe, as for `ps` and `git`. */
export function terminalOf(stream: NodeJS.WriteStream, env = process.env): Terminal {
  const told = Number(env.COLUMNS);
  const columns = stream.isTTY ? stream.columns : Number.isInteger(told) && told > 0 ? told : Infinity;
  return { columns: columns || Infinity, color: stream.isTTY && stream.hasColors() };
}

type Style = Parameters<typeof styleText>[0];

export function styled({ color }: Terminal, style: Style, text: string): string {
  return color && text !== '' ? styleText(style, text, { validateStream: false }) : text;
}

/** Columns that a text takes: two for most East Asian characters and emoji, none for combining marks. */
export const widthOf = (text: string): number => stringWidth(text);

/**
 * Breaks a text between words, so that no line is wider than the terminal; a word that is wider stays whole.
 * @param options `hard` breaks that, too
 */
export function wrapped(
  text: string,
  { columns }: Terminal,
  options: { readonly hard?: boolean } = {},
): string {
  return Number.isFinite(columns) ? wrapAnsi(text, columns, options) : text;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Shortens a text to some columns: in its middle, since names differ at either end, or at its end. */
export function clipped(text: string, columns: number, where: 'middle' | 'end'): string {
  if (widthOf(text) <= columns) return text;
  const all = Array.from(graphemes.segment(text), ({ segment }) => segment);
  const room = columns - 1;
  const head = taken(all, where === 'end' ? room : Math.ceil(room / 2));
  const tail = taken(all.toReversed(), room - widthOf(head.join(''))).reverse();
  return `${head.join('').trimEnd()}…${where === 'end' ? '' : tail.join('')}`;
}

/** The first of them that fit. */
function taken(parts: readonly string[], columns: number): string[] {
  let left = columns;
  const end = parts.findIndex((part) => (left -= widthOf(part)) < 0);
  return parts.slice(0, end === -1 ? undefined : end);
}
