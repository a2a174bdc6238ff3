// Control characters and the marks that reverse the direction of text: a symbol name can carry them, and
// could then break a row, run a terminal sequence or make the text after it read backwards.
// eslint-disable-next-line no-control-regex
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A name from outside as one line of text that does nothing but be read. */
export function printable(text: string): string {
  return text.replace(unprintable, '\ufffd');
}

/** As `printable`, for a text whose line ends are meant. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
