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

/** Segmenting a text into graphemes takes time with the square of its length, and names can be very long. */
const MAX_MEASURED = 1024;

/** Wider than any terminal; to measure the rest of a hostile name would take seconds. */
const MAX_COLUMNS = 16_384;

/**
 * Columns that a text takes: two for most East Asian characters and emoji, none for combining marks. Of texts other than
 * ASCII that are wider than any terminal, what was measured until then.
 */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (let at = 0; at < text.length && width <= MAX_COLUMNS; at += MAX_MEASURED)
    width += stringWidth(text.slice(at, at + MAX_MEASURED));
  return width;
}

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
  const room = columns - 1;
  const most = MAX_MEASURED + 4 * columns;
  const head = taken(segments(text.slice(0, most)), where === 'end' ? room : Math.ceil(room / 2));
  const tail = taken(segments(text.slice(-most)).reverse(), room - widthOf(head.join(''))).reverse();
  return `${head.join('').trimEnd()}…${where === 'end' ? '' : tail.join('')}`;
}

function segments(text: string): string[] {
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** The first of them that fit. */
function taken(parts: readonly string[], columns: number): string[] {
  let left = columns;
  const end = parts.findIndex((part) => (left -= widthOf(part)) < 0);
  return parts.slice(0, end === -1 ? undefined : end);
}
