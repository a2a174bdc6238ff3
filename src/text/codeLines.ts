/** What kind of lines a source consists of, without a parser: comments, strings, and braces are what can be seen. */

interface Brace {
  /** 0-based. */
  readonly line: number;
  /** After it. */
  readonly depth: number;
}

export interface CodeLines {
  /** By line: whether there is anything but space and comments. */
  readonly hasCode: Uint8Array;
  /** By line: whether that is only braces and what closes them. */
  readonly onlyBraces: Uint8Array;
  /** In the order of the text. */
  readonly braces: readonly Brace[];
}

/** Languages whose comments and braces are those of C, by the ends of their files' names. */
const braced =
  /\.(c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inc|ipp|inl|tcc|cu|m|mm|rs|go|zig|d|java|kt|swift|js|ts)$/i;

/** `R"x(` of C++ up to `)x"`. */
const rawString = /(?<!\w)(?:u8|[uUL])?R"([^\s()\\]{0,16})\(/y;

/** Undefined for languages that aren't like C. Standard headers, whose names have no ending, are. */
export function codeLines(file: string, lines: readonly string[]): CodeLines | undefined {
  if (!braced.test(file) && /\.\w+$/.test(file)) return undefined;
  let code = known.get(lines);
  if (!code) known.set(lines, (code = readLines(lines)));
  return code;
}

/** A text is asked for again whenever other samples of its profile are chosen. */
const known = new WeakMap<readonly string[], CodeLines>();

function readLines(lines: readonly string[]): CodeLines {
  const hasCode = new Uint8Array(lines.length);
  const onlyBraces = new Uint8Array(lines.length);
  const braces: Brace[] = [];
  /** What ends the comment or raw string that a line is in. */
  let until: string | undefined;
  let inString = false;
  let depth = 0;
  lines.forEach((text, line) => {
    let code = inString ? '"' : '';
    for (let i = 0; i < text.length; i++) {
      if (until !== undefined) {
        const end = text.indexOf(until, i);
        if (end < 0) break;
        i = end + until.length - 1;
        [until, inString] = [undefined, false];
        continue;
      }
      if (text.startsWith('//', i)) break;
      if (text.startsWith('/*', i)) {
        until = '*/';
        i++;
        continue;
      }
      const character = text[i] as string;
      code += character;
      rawString.lastIndex = i;
      const raw = /[RuUL]/.test(character) ? rawString.exec(text) : null;
      if (raw) {
        until = `)${raw[1]}"`;
        inString = true;
        i += raw[0].length - 1;
      } else if (character === '{') braces.push({ line, depth: ++depth });
      else if (character === '}') braces.push({ line, depth: --depth });
      else i = afterLiteral(text, i);
    }
    hasCode[line] = /\S/.test(code) ? 1 : 0;
    onlyBraces[line] = hasCode[line] === 1 && /^[\s{}();,]*$/.test(code) ? 1 : 0;
  });
  return { hasCode, onlyBraces, braces };
}

/** The index of the last character of a literal that begins at `start`; `start` if none does. It ends with its line. */
function afterLiteral(text: string, start: number): number {
  const quote = text[start] as string;
  if (quote !== '"' && quote !== "'") return start;
  // 1'000'000, and lifetimes of Rust, aren't characters.
  if (quote === "'" && !/^'(\\[^']*|[^\\'])'/.test(text.slice(start, start + 12))) return start;
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote) return i;
  }
  return text.length - 1;
}

/**
 * The last line of each function that begins at one of `starts` (0-based, in order): that of the brace that closes its
 * body, or the line before the next function if none is found.
 */
export function functionEnds({ braces, hasCode }: CodeLines, starts: readonly number[]): number[] {
  return starts.map((start, i) => {
    let after = i + 1;
    while (starts[after] === start) after++;
    const next = starts[after] ?? hasCode.length;
    const open = firstAt(braces, start);
    const first = braces[open];
    if (!first || first.line > next) return next - 1;
    for (let b = open + 1; b < braces.length; b++) {
      const { line, depth } = braces[b] as Brace;
      if (depth < first.depth) return line;
    }
    return next - 1;
  });
}

/** The first brace at or below a line. */
function firstAt(braces: readonly Brace[], line: number): number {
  let low = 0;
  let high = braces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((braces[middle] as Brace).line < line) low = middle + 1;
    else high = middle;
  }
  return low;
}
