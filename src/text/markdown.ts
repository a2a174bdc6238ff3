/** Names from outside inside Markdown: they are shown as they are, and nothing in them is markup. */

/** One line of text. Dollar signs too: VS Code reads `$(name)` as an icon. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~$-]/g, '\\$&').replace(/\s+/g, ' ');
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
