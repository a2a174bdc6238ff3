/**
 * Quotes a word for a shell if necessary. Control characters are written as escapes, as bash and zsh read them: a newline
 * that is pasted or typed into a terminal would run what is before it, even within quotes.
 */
export function shellWord(text: string): string {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text))
    // eslint-disable-next-line no-control-regex
    return `$'${text.replace(/[\u0000-\u001f\u007f'\\]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`;
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
