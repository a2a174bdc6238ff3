// Control characters and bidirectional marks: in a symbol name they could break a row, run a terminal escape sequence, or
// reverse the text that follows.
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Untrusted text as one harmless line. */
export function printable(text: string): string {
  return text.replace(unprintable, '\ufffd');
}

/** Like `printable`, but keeps line ends. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
