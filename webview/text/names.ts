/** Function names as people read them. Pure. */

/**
 * Drops template arguments, parameters, ABI tags, Rust hashes and compilers' clone suffixes:
 * `void ns::f<int, char>(std::vector<int> const&) [clone .cold]` is `ns::f`. Operators keep their signs, and names
 * that are not C++ (`[kernel]`, `<lambda>`, `malloc`) stay as they are.
 */
export function shortName(name: string): string {
  if (!/[<( ]/.test(name)) return name.replace(/::h[0-9a-f]{16}$/, '');
  let text = name
    .replace(/\s*\[(?:clone|abi:)[^\]]*\]/g, '')
    .replaceAll('(anonymous namespace)', '{anonymous}')
    .replace(/::h[0-9a-f]{16}$/, '');
  // What follows `operator` is part of the name, not a bracket: hidden during the search for brackets.
  const operators: string[] = [];
  text = text.replace(/\boperator\s*(\(\)|<=>|<<=?|>>=?|->\*?|<=?|>=?|\[\])/g, (found) => {
    operators.push(found);
    return `operator\u0001${String(operators.length - 1)}\u0002`;
  });
  let out = '';
  let depth = 0;
  let parameters = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char === '<' || char === '(') {
      // A name may begin with a bracket: `<lambda>`, `(below main)`.
      if (depth === 0 && (out === '' || (/[:\s]$/.test(out) && !out.trimEnd().endsWith('\u0002')))) {
        const close = matching(text, i);
        if (close === -1) return name;
        out += text.slice(i, close + 1);
        i = close;
        continue;
      }
      if (char === '(' && depth === 0) parameters = true;
      depth++;
    } else if (char === '>' || char === ')') {
      if (depth === 0) return name;
      depth--;
    } else if (depth === 0) {
      // After parameters only another part of the name counts (a lambda in a function), no `const`.
      if (parameters && char !== ':') {
        if (char === ' ') continue;
        const rest = /^(?:const|volatile|noexcept|&{1,2})/.exec(text.slice(i));
        if (rest) {
          i += rest[0].length - 1;
          continue;
        }
      }
      parameters = false;
      out += char;
    }
  }
  if (depth !== 0) return name;
  // The return type stands before the last space outside brackets.
  const plain = out.trim();
  const space = plain.lastIndexOf(' ');
  const shortened =
    /[[({<]/.test(plain[0] ?? '') || /operator\b/.test(plain) ? plain : plain.slice(space + 1);
  // eslint-disable-next-line no-control-regex
  const result = shortened.replace(/\u0001(\d+)\u0002/g, (_, index: string) =>
    (operators[Number(index)] ?? '').replace(/^operator\s*/, ''),
  );
  return result === '' ? name : result;
}

function matching(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    const char = text[i];
    if (char === '<' || char === '(') depth++;
    else if (char === '>' || char === ')') {
      depth--;
      if (depth === 0) return i;
    }
  }
  return -1;
}
