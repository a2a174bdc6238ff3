// Pieces of the generated reference.

/** A table; prettier aligns it. @param {string[]} header @param {string[][]} rows */
export function table(header, rows) {
  const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @param {string} text of one cell */
const cell = (text) => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');

/** @param {string} text */
export const code = (text) => `\`${text}\``;
