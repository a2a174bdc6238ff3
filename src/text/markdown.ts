/** Names from outside inside Markdown: they are shown as they are, and nothing in them is markup. */

/**
 * What is markup anywhere in a line. Dollar signs too: VS Code reads `$(name)` as an icon. And what makes a link of an
 * address, which GFM finds anywhere in a text. Underscores are only at the ends of words, so that names stay readable in
 * the source.
 */
const anywhere =
  /[\\`*[\]|<>~$@]|&(?=#|\w+;)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|:(?=\/\/)|(?<!:)\/(?=\/)|(?<=\bwww)\./giu;
/** What makes a heading, a list, or a rule of a line that begins with it. */
const atStart = /^( ?\d{1,9}(?=[.)](?: |$))| ?(?=[-#]|\+(?: |$)))/;

/** One line of text. */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(anywhere, '\\$&').replace(atStart, '$1\\');
}

/** `text` in backticks, also within a table, where a bar ends a cell even there. */
export function inlineCode(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll('|', '\\|').replace(/\s+/g, ' ') || ' '}\``;
}

/** A block of shell commands. */
export function shellBlock(text: string): string {
  return `\`\`\`sh\n${text.replaceAll('```', "'''")}\n\`\`\``;
}

/** A table. @param align `:--` left, `--:` right, for each column; cells are Markdown already */
export function markdownTable(
  head: readonly string[],
  align: readonly (':--' | '--:')[],
  rows: readonly (readonly string[])[],
): string {
  return [head, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
