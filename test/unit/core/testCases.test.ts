import { describe, expect, it } from 'vitest';
import { findCases } from '../../../src/core/programs/testCases.js';

const namesIn = (source: string) => findCases(source).map(({ line, name }) => [line, name]);

describe('what a source file offers to profile', () => {
  it('is main, in C, C++, and Rust', () => {
    expect(namesIn('\nint main(void) {')).toEqual([[1, 'main']]);
    expect(namesIn('auto main (int argc, char **argv) -> int {')).toEqual([[0, 'main']]);
    expect(namesIn('pub fn main() {')).toEqual([[0, 'main']]);
    expect(namesIn('// int main()\n  domain(); int mainly(void);\n call_main(1);')).toEqual([]);
  });

  it('is a test of GoogleTest, with its parameters', () => {
    const source = '#include <gtest/gtest.h>\nTEST(Sort, Empty) {}\n// TEST(No, No)\nTEST_P(Sort, Many) {}';
    expect(namesIn(source)).toEqual([
      [1, 'Sort.Empty'],
      [3, 'Sort.Many'],
    ]);
    expect(findCases(source)[0]?.args).toEqual(['--gtest_filter=Sort.Empty:*/Sort.Empty/*:Sort/*.Empty']);
  });

  it('is a test of Catch2 or doctest, each with its own way to name it', () => {
    const test = 'TEST_CASE("sorts \\"a\\", b [c]", "[tag]") {}';
    expect(findCases(test)).toEqual([
      { line: 0, name: 'sorts "a", b [c]', args: ['sorts "a"\\, b \\[c\\]'] },
    ]);
    expect(findCases(`#include <doctest/doctest.h>\n${test}`)).toEqual([
      { line: 1, name: 'sorts "a", b [c]', args: ['--test-case=sorts "a"\\, b [c]'] },
    ]);
  });

  it('is a benchmark of Google Benchmark', () => {
    const source = 'void BM_sort(benchmark::State &s) {}\nBENCHMARK(BM_sort)->Arg(8);\nBENCHMARK_MAIN();';
    expect(findCases(source)).toEqual([
      { line: 1, name: 'BM_sort', args: ['--benchmark_filter=^BM_sort(/|$|<)'] },
    ]);
  });
});
