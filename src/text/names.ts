/**
 * Function names as people read them, in editor, panel, and command line. Pure, and linear in the name's length.
 *
 * Template arguments become `<…>`; parameter lists, return types, ABI tags, inline namespaces of the library, Rust's
 * hashes, and compilers' clone suffixes are left out.
 */

/** Names of code that scripts and virtual machines compiled (`JS:*f /a.js:1`, `#<Job>#run`) or that isn't a function: not C++. */
const notEncoded = /^[[#+-]|^\w+:(?!:)|[ :]\//;

/** What demanglers put before the name of what was generated for a function. */
const generated =
  /^(?:(?:non-)?virtual thunk to|covariant return thunk to|guard variable for|vtable for|typeinfo (?:name )?for|TLS (?:init|wrapper) function for) /;

/** Swift's, which say what of a function it is; what they are specialized for says nothing to a reader. */
const swiftSpecialization = /^(?:generic|function signature) specialization <.*> of /;
const swiftClosure = /^(closure #\d+) .*\bin /;

/** `void ns::f<int, char>(std::vector<int> const&) [clone .cold]` is `ns::f<…>`. */
export function shortName(name: string): string {
  if (notEncoded.test(name)) return name;
  const plain = withoutNoise(name);
  if (!/[<([]/.test(plain)) return plain;
  const closure = swiftClosure.exec(plain);
  if (closure) return `${closure[1] ?? ''} in ${shortName(plain.slice(closure[0].length))}`;
  const prefix = generated.exec(plain)?.[0] ?? '';
  return prefix + (folded(plain.slice(prefix.length), 0) ?? plain.slice(prefix.length));
}

/**
 * A way to write several names: short, but with parameters where they would be the same otherwise, as those of overloaded
 * functions and of instances of a template.
 */
export function distinctNames(names: readonly string[]): (name: string) => string {
  const byShort = new Map<string, Set<string>>();
  for (const name of names) {
    const short = shortName(name);
    byShort.set(short, (byShort.get(short) ?? new Set()).add(name));
  }
  return (name) => {
    const short = shortName(name);
    return (byShort.get(short)?.size ?? 1) > 1 ? withoutNoise(name) : short;
  };
}

function withoutNoise(name: string): string {
  return (
    name
      .replace(swiftSpecialization, '')
      .replace(/::h[0-9a-f]{16}(?=$|@)/, '')
      .replace(/\s*\[(?:clone|abi:)[^\]]*\]/g, '')
      // Go's import path, as pprof shortens it: `github.com/a/b.(*T).F` is `b.(*T).F`.
      .replace(/^(?:[\w.~-]+\/)+(?=[\w%-]+\.)/, '')
      .replaceAll('(anonymous namespace)', '{anonymous}')
      // libstdc++'s and libc++'s inline namespaces.
      .replace(/(?<=\bstd::(?:\w+::)?)(?:__cxx11|__\d|__ndk1|_V2)::/g, '')
      .replaceAll('{{closure}}', '{closure}')
      // Lambdas of clang, and as LLVM's demangler writes those of gcc: numbered from 0, the first without a number.
      .replace(/\$_(\d+)/g, (_, n: string) => lambda(Number(n)))
      .replace(/'lambda(\d*)'/g, (_, n: string) => lambda(n === '' ? 0 : Number(n) + 1))
  );
}

function lambda(index: number): string {
  return `{lambda#${index + 1}}`;
}

/** What follows `operator` is part of the name: kept as one character each, from the private use area, until the end. */
const hiddenOperator =
  /\boperator\s*(\(\)|<=>|<<=?|>>=?|->\*?|<=?|>=?|\[\]|!|""\s*|new(\[\])?|delete(\[\])?)( (?=<))?/g;
const FIRST_HIDDEN = 0xe000;
/** Instead of the space before the type of a conversion: it doesn't end a return type. */
const HIDDEN_SPACE = '\uf8ff';

/** Qualified names of Rust within one another; deeper ones are folded. */
const MAX_DEPTH = 3;

/** @returns undefined where brackets don't match, so that the text isn't what it looks like */
function folded(name: string, depth: number): string | undefined {
  const operators: string[] = [];
  const text = name
    .replace(hiddenOperator, (found) => {
      operators.push(found);
      return String.fromCharCode(FIRST_HIDDEN + operators.length - 1);
    })
    .replace(/\boperator (?=[\w:])/g, `operator${HIDDEN_SPACE}`);
  if (operators.length > 1000) return undefined;
  let out = '';
  /** Where the name begins: after the return type, if parameters follow. */
  let start = 0;
  let begin = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (!'<(['.includes(char)) {
      if (')>]'.includes(char) && !(char === '>' && out.endsWith('-'))) return undefined;
      out += char;
      if (char === ' ') start = out.length;
      continue;
    }
    const close = closing(text, i);
    if (close === -1) return undefined;
    const inside = text.slice(i + 1, close);
    i = close;
    const before = out.at(-1) ?? '';
    const leads = out === '' || before === ' ' || before === ':';
    if (char === '<' && isPlaceholder(inside, before)) out += `<${inside}>`;
    else if (char === '<') out = withArguments(out, inside, leads, depth);
    else if (char === '[') out += leads || inside === '' ? `[${inside}]` : '[…]';
    else if (before === '!') out += '(…)';
    // `(below main)`, Go's `pkg.(*T).F`, and `decltype (…)` of a return type.
    else if (leads || before === '.') out += `(${inside})`;
    else {
      begin = start;
      // After parameters only another part of the name counts: `f(int) const::{lambda()#1}`, `f(int)@plt`.
      const rest = /^\s*(?:(?:const|volatile|noexcept|&{1,2})\s*)*(?=[:#@}.])/.exec(
        text.slice(close + 1, close + 80),
      );
      if (!rest) break;
      i += rest[0].length;
    }
  }
  const shown = out
    .slice(begin)
    .trim()
    .replaceAll(HIDDEN_SPACE, ' ')
    .replace(/[\ue000-\ue3ff]/g, (hidden) => operators[hidden.charCodeAt(0) - FIRST_HIDDEN] ?? hidden)
    .replace(/(\{lambda[^{}]*\})::operator\(\)(?:<…>)?/g, '$1');
  return shown === '' ? undefined : shown;
}

/** What other languages call code without a name of its own: Java's `A.<init>`, Python's `f.<lambda>`, Ruby's `block in <main>`. */
function isPlaceholder(inside: string, before: string): boolean {
  if (before === ':') return /^(?:cl)?init$/.test(inside);
  return before !== '' && './ '.includes(before) && /^(?:[a-z]+(?: \([a-z]+\))?|[\w./-]+:\d+)$/.test(inside);
}

function withArguments(out: string, inside: string, leads: boolean, depth: number): string {
  // `std::basic_string<char, …>` is std::string, and so with views and streams.
  const standard = /\bstd::basic_(\w+)$/.exec(out);
  if (standard && /^char(,|$)/.test(inside))
    return out.slice(0, standard.index) + `std::${standard[1] ?? ''}`;
  const qualified = /^(?:impl )?.+ (?:as|for) .+$/.test(inside);
  if (leads && (out === '' || qualified) && !out.endsWith(' ')) return `${out}<${rustType(inside, depth)}>`;
  return out + (inside === '' ? '<>' : '<…>');
}

/** Of Rust's `<alloc::vec::Vec<T> as core::ops::Drop>::drop`: `Vec<…> as Drop`. */
function rustType(type: string, depth: number): string {
  if (depth >= MAX_DEPTH) return '…';
  const short = type === '' ? '' : (folded(type, depth + 1) ?? '…');
  return short.replace(/\b(?:\w+::)+(?=\w)/g, '');
}

/** @returns the index of the bracket that closes the one at `from`, -1 if there is none */
function closing(text: string, from: number): number {
  const open: string[] = [];
  for (let i = from; i < text.length; i++) {
    const char = text[i] as string;
    if (char === '<') open.push('>');
    else if (char === '(') open.push(')');
    else if (char === '[') open.push(']');
    else if (char === open.at(-1)) {
      // The arrow of a function type closes nothing.
      if (char === '>' && text[i - 1] === '-') continue;
      open.pop();
      if (open.length === 0) return i;
    }
    // A comparison or shift within parentheses: `f<(a > b)>`; what was open within them was no bracket.
    else if (char === ')' || char === ']') {
      while (open.length > 0 && open.at(-1) === '>') open.pop();
      if (open.pop() !== char) return -1;
      if (open.length === 0) return i;
    }
  }
  return -1;
}
