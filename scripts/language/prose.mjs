// What a person reads in a file: comments, literals and Markdown, at the places they have in the file.
import path from 'node:path';
import ts from 'typescript';

/** Stands for a character of code. */
const CODE = '\u0000';
/** Stands for a quote: literals that only white space or a `+` parts are one text. */
const QUOTE = '\u0001';

/**
 * @typedef {object} Prose
 * @property {string} text as long as the file, line by line; code in it is masked
 * @property {{ name: string, offset: number }[]} names identifiers, where the language has them checked
 */

/** @typedef {[start: number, end: number]} Range of offsets */

/**
 * @param {string} file by its ending, which decides the language
 * @param {string} source
 * @returns {Prose | undefined} nothing for a language that is not known
 */
export function proseOf(file, source) {
  const language = languages.find(({ names }) => names.test(path.basename(file)));
  return language?.read(source);
}

const languages = [
  { names: /\.md$/, read: markdown },
  { names: /\.[mc]?[tj]s$/, read: typescript },
  {
    names: /\.[ch]$/,
    read: (source) => lexed(source, /\/\*[^]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"((?:\\.|[^"\\\n])*)"/g),
  },
  { names: /\.css$/, read: (source) => lexed(source, /\/\*[^]*?\*\/|"((?:\\.|[^"\\\n])*)"/g) },
  { names: /\.json$/, read: (source) => lexed(source, /"((?:\\.|[^"\\\n])*)"/g) },
  {
    names: /\.sh$|^Makefile$|\.mk$/,
    read: (source) => lexed(source, /(?<=^|\s)#.*|"((?:\\.|[^"\\])*)"|'[^']*'/g),
  },
];

/** Everything but inline code and the targets of links. @param {string} source @returns {Prose} */
function markdown(source) {
  const masked = source.replace(/`[^`\n]+`|\]\([^)\s]*\)|<[^>\n]*>/g, (found) => CODE.repeat(found.length));
  return { text: masked.replace(/^(\s*)>/gm, '$1 '), names: [] };
}

/** Comments, and strings where the pattern captures their inside. @param {string} source @param {RegExp} pattern */
function lexed(source, pattern) {
  /** @type {Range[]} */
  const ranges = [];
  for (const match of source.matchAll(pattern)) {
    const [all, inside] = match;
    const start = match.index;
    if (inside !== undefined) ranges.push([start + 1, start + 1 + inside.length]);
    else if (!all.startsWith("'")) ranges.push([start, start + all.length]);
  }
  return { text: only(source, ranges), names: [] };
}

/** @param {string} source @returns {Prose} */
function typescript(source) {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.Latest, true);
  /** @type {Range[]} */
  const ranges = [];
  /** @type {Prose['names']} */
  const names = [];

  const visit = (/** @type {ts.Node} */ node) => {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) return;
    if (ts.isIdentifier(node)) names.push({ name: node.text, offset: node.getStart(file) });
    const isPath = node.parent && 'moduleSpecifier' in node.parent && node.parent.moduleSpecifier === node;
    if (ts.isStringLiteral(node) && !isPath) ranges.push([node.getStart(file) + 1, node.end - 1]);
    if (ts.isNoSubstitutionTemplateLiteral(node) || node.kind === ts.SyntaxKind.TemplateTail)
      ranges.push([node.getStart(file) + 1, node.end - 1]);
    if (node.kind === ts.SyntaxKind.TemplateHead || node.kind === ts.SyntaxKind.TemplateMiddle)
      ranges.push([node.getStart(file) + 1, node.end - 2]);
    const children = node.getChildren(file);
    for (const child of children) visit(child);
    if (children.length === 0) {
      const start = node.getFullStart();
      const comments = [
        ...(ts.getLeadingCommentRanges(source, start) ?? []),
        ...(ts.getTrailingCommentRanges(source, start) ?? []),
      ];
      for (const { pos, end } of comments) ranges.push([pos, end]);
    }
  };
  visit(file);
  return { text: only(source, ranges), names };
}

/** The source with everything outside the ranges masked. @param {string} source @param {Range[]} ranges */
function only(source, ranges) {
  const mask = [...source].length === source.length ? [...source] : source.split('');
  const text = mask.map((char) => (/\s/.test(char) || char === '+' ? char : CODE));
  for (const [start, end] of ranges) {
    for (let i = start; i < end; i++) text[i] = mask[i] ?? '';
    for (const i of [start - 1, end]) if (text[i] === CODE && /["'`]/.test(mask[i] ?? '')) text[i] = QUOTE;
  }
  const spaces = (/** @type {string} */ found) => found.replace(/[^\n]/g, ' ');
  return text
    .join('')
    .replace(/^\s*(\/\*+|\*+\/|\*|\/\/+|#)/gm, spaces)
    .replace(/\*\//g, spaces)
    .replace(new RegExp(`${QUOTE}\\s*\\+?\\s*${QUOTE}`, 'g'), spaces);
}
