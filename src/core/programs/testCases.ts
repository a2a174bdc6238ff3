/** What a source file offers to profile: its `main`, a test, or a benchmark. */
export interface SourceCase {
  /** Counted from 0. */
  readonly line: number;
  readonly name: string;
  /** Arguments by which its program runs only this. */
  readonly args: readonly string[];
}

interface CaseKind {
  readonly pattern: RegExp;
  /** @param matched what the pattern's groups matched */
  read(matched: readonly string[]): Omit<SourceCase, 'line'>;
}

const main: CaseKind = {
  pattern: /^[ \t]*(?:(?:extern "C"|static|auto|int|pub|async|signed)\s+)*(?:int|auto|fn)\s+main\s*\(/gm,
  read: () => ({ name: 'main', args: [] }),
};

const googleTest: CaseKind = {
  pattern:
    /^[ \t]*TYPED_TEST(?:_P)?\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)|^[ \t]*TEST(?:_F|_P)?\s*\(\s*(\w+)\s*,\s*(\w+)\s*\)/gm,
  read([typedSuite, typedName, suite, name]) {
    const [of, test] = [typedSuite || suite || '', typedName || name || ''];
    // Parameters and types come before and after the names, between slashes.
    return {
      name: `${of}.${test}`,
      args: [`--gtest_filter=${of}.${test}:*/${of}.${test}/*:${of}/*.${test}`],
    };
  },
};

const stringLiteral = String.raw`"((?:[^"\\\n]|\\.)*)"`;

const catch2: CaseKind = {
  pattern: new RegExp(String.raw`^[ \t]*(?:TEST_CASE|SCENARIO)\s*\(\s*${stringLiteral}`, 'gm'),
  read([literal = '']) {
    const name = unescaped(literal);
    // A comma separates tests in Catch2's notation, and brackets are tags.
    return { name, args: [name.replace(/[\\,[\]]/g, '\\$&')] };
  },
};

const doctest: CaseKind = {
  ...catch2,
  read([literal = '']) {
    const name = unescaped(literal);
    return { name, args: [`--test-case=${name.replace(/,/g, '\\,')}`] };
  },
};

const googleBenchmark: CaseKind = {
  pattern: /^[ \t]*BENCHMARK(?:_F|_TEMPLATE)?\s*\(\s*(\w+)/gm,
  read: ([name = '']) => ({ name, args: [`--benchmark_filter=^${name}(/|$|<)`] }),
};

/**
 * Finds what can be profiled in a source file of C, C++ or Rust. Text is matched line by line: macros of these libraries
 * begin a line, and a comment before one hides it.
 */
export function findCases(source: string): SourceCase[] {
  const kinds = [main];
  if (/gtest|TEST_[FP]|\bTEST\s*\(/.test(source)) kinds.push(googleTest);
  if (/doctest/.test(source)) kinds.push(doctest);
  else if (/\b(?:TEST_CASE|SCENARIO)\b/.test(source)) kinds.push(catch2);
  if (/benchmark\/benchmark\.h|benchmark::State/.test(source)) kinds.push(googleBenchmark);
  const found = kinds.flatMap(({ pattern, read }) =>
    [...source.matchAll(pattern)].map((match) => ({
      line: source.slice(0, match.index).split('\n').length - 1,
      ...read(match.slice(1)),
    })),
  );
  return found.sort((a, b) => a.line - b.line);
}

function unescaped(literal: string): string {
  return literal.replace(/\\(.)/g, '$1');
}
