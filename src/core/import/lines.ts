import { isUtf8 } from 'node:buffer';
import { malformed } from './importer.js';

/** No tool writes longer lines. A file without line ends is refused before it fills the memory. */
export const MAX_LINE = 16 * 2 ** 20;

/**
 * Splits bytes into lines, without their `\n` or `\r\n`. Lines are decoded as Latin-1, which is several times as fast as
 * UTF-8 and lossless; `utf8` decodes the few parts that are kept.
 */
export class LineReader {
  /** Number of the current line, from 1. */
  number = 0;
  private carry = '';
  private readonly format: string;
  private readonly onLine: (line: string) => void;

  constructor(format: string, onLine: (line: string) => void) {
    this.format = format;
    this.onLine = onLine;
  }

  write(chunk: Buffer): void {
    const text = this.carry + chunk.toString('latin1');
    let start = this.number === 0 && this.carry === '' && text.startsWith('\xef\xbb\xbf') ? 3 : 0;
    for (let end = text.indexOf('\n', start); end !== -1; end = text.indexOf('\n', start)) {
      this.emit(text, start, end);
      start = end + 1;
    }
    this.carry = start === 0 ? text : text.slice(start);
    if (this.carry.length > MAX_LINE) throw this.error(`the line is longer than ${MAX_LINE} bytes`, 1);
  }

  /** Emits a last line without a line end. */
  end(): void {
    if (this.carry !== '') this.emit(this.carry, 0, this.carry.length);
    this.carry = '';
  }

  error(what: string, after = 0): Error {
    return this.errorAt(what, this.number + after);
  }

  errorAt(what: string, line: number): Error {
    return malformed(this.format, what, `line ${line}`);
  }

  private emit(text: string, start: number, end: number): void {
    this.number++;
    this.onLine(text.slice(start, text.charCodeAt(end - 1) === 13 && end > start ? end - 1 : end));
  }
}

const sequence = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g;

/**
 * Decodes a part of a line, as a new string: a slice would keep its whole piece in memory. Bytes that aren't UTF-8 are
 * read as Latin-1, since one replacement character for all of them would make two names one.
 */
export function utf8(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return bytes.toString('latin1').replace(sequence, (found) => {
    const part = Buffer.from(found, 'latin1');
    return isUtf8(part) ? part.toString('utf8') : found;
  });
}
