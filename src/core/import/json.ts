import { messageOf } from '../labError.js';
import type { MemoryLimit } from '../memoryLimit.js';
import { malformed } from './importer.js';

export type Json = Readonly<Record<string, unknown>>;

const [COMMA, COLON, BRACKET, BRACE] = [44, 58, 91, 123] as const;

/** Node's strings are limited to 512 MiB. */
export const MAX_JSON_BYTES = 500 * 2 ** 20;

/** What V8 takes at most for a list or an object, for an element or a field, and for a character, in bytes. */
const cost = { container: 64, element: 24, character: 2 };

/**
 * Parsing can't be interrupted, so that its memory is estimated beforehand. Brackets and commas in strings count, too.
 * @throws LabError `profile-corrupt`, `profile-too-large`
 */
export function parseJson(bytes: Buffer, format: string, memory: MemoryLimit): unknown {
  let needed = bytes.length * cost.character;
  for (const byte of bytes) {
    if (byte === COMMA || byte === COLON) needed += cost.element;
    else if (byte === BRACKET || byte === BRACE) needed += cost.container;
  }
  memory.require(needed);
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch (error) {
    throw malformed(format, messageOf(error), 'its JSON');
  }
}

// Fields that tools leave out, or that have another type, read as empty.

export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** 1-based, 0 for anything that isn't a line. */
export function lineNumber(value: unknown): number {
  const line = number(value) ?? 0;
  return Number.isInteger(line) && line > 0 && line < 2 ** 31 ? line : 0;
}
