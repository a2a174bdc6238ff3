// Control characters and bidirectional marks: in a symbol name they could break a row, run a terminal escape sequence, or
// reverse the text that follows.
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Untrusted text as one harmless line. */
export function printable(text: string): string {
  return text.replace(unprintable, '\ufffd');
}

/** The same for a terminal, where what a name holds is shown as JavaScript and C write it: `\x1b[31m`, `\n`. */
export function escaped(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.charCodeAt(0);
    const named = { 9: '\\t', 10: '\\n', 13: '\\r' }[code];
    return named ?? (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
  });
}

/** JSON as it is, but for characters that a terminal could obey, which are escaped as JSON allows. */
export function escapedJson(json: string): string {
  return json.replace(unprintable, (character) => `\\u${hex(character.charCodeAt(0), 4)}`);
}

/** Text of several lines, each of which does nothing but be read. */
export function escapedLines(text: string): string {
  return text.split('\n').map(escaped).join('\n');
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
