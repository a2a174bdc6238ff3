import { describe, expect, it } from 'vitest';
import { findCases } from '../../../src/core/programs/testCases.js';
import { caseOf } from '../../../src/vscode/programs/testItems.js';

const source = `#include <gtest/gtest.h>
TEST(Sum, Few) {}
TEST(Sum, Many) {}
TEST(Other, Many) {}
int main(int argc, char **argv) { return 0; }
`;
const named = (label: string, line?: number) => caseOf(findCases(source), label, line)?.name;

describe('an item of the Testing view', () => {
  it('is the test on its line, whatever it is called', () => {
    expect(named('some label', 2)).toBe('Sum.Many');
  });

  it('is otherwise the only test with its name', () => {
    expect(named('Few')).toBe('Sum.Few');
    expect(named('Sum.Many')).toBe('Sum.Many');
    expect(named('Many')).toBeUndefined();
    expect(named('main')).toBeUndefined();
    expect(named('Absent', 0)).toBeUndefined();
  });
});
