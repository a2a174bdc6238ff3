import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packStrings, StringTable } from '../../../src/wire/packedStrings.js';
import {
  exactQuery,
  functionsNamed,
  heaviestNode,
  matchFunctions,
  parseQuery,
  weighMatches,
} from '../../../webview/store/search.js';
import { foldedStacks } from './arbitrary.js';
import { fold, modelOf } from './profile.js';

function found(query: string, names: readonly string[]): string[] {
  const parsed = parseQuery(query);
  return parsed.kind === 'match' ? names.filter(parsed.matches) : [];
}

describe('the search for a part of a name', () => {
  it('finds the same functions in the joined text as name by name', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'A', 'b', 'Σ', 'σ', 'İ', 'ß', ':'), maxLength: 5 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 12 }), text, (names, wanted) => {
        const query = parseQuery(wanted);
        if (query.kind !== 'match' || query.part === undefined) return;
        const strings = new StringTable(packStrings(names)).containing(
          query.part.text,
          query.part.ignoreCase,
        );
        const func = Int32Array.from(names, (_, i) => i);
        expect(functionsNamed(func, strings)).toEqual(
          matchFunctions(names.length, (i) => names[i] ?? '', query.matches),
        );
      }),
    );
  });
});

describe('search', () => {
  const names = ['free', 'hak_free_at', 'Free', 'malloc'];

  it('finds a text anywhere in a name; capitals make it case-sensitive', () => {
    expect(found('free', names)).toEqual(['free', 'hak_free_at', 'Free']);
    expect(found('Free', names)).toEqual(['Free']);
  });

  it('finds an exact name in quotes, whatever characters it has', () => {
    expect(found('"free"', names)).toEqual(['free']);
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        expect(found(exactQuery(name), [name, `${name}x`])).toEqual([name]);
      }),
    );
  });

  it('understands regular expressions and says what is wrong with one', () => {
    expect(found('/^(m|f)/', names)).toEqual(['free', 'malloc']);
    expect(found('/^f/i', names)).toEqual(['free', 'Free']);
    expect(parseQuery('/(/').kind).toBe('invalid');
  });

  it('finds nothing particular for blanks', () => {
    expect(parseQuery('  ').kind).toBe('none');
  });

  it('counts a path with several matches once', () => {
    const { tree } = modelOf(fold('main;f;g;f 10', 'main;g 5', 'main 85')).shown;
    const { mask, functions } = matchFunctions(
      3,
      (func) => ['main', 'f', 'g'][func] ?? '',
      (name) => name !== 'main',
    );
    expect(functions).toBe(2);
    expect(weighMatches(tree, mask)).toEqual({ functions: 2, frames: 4, weight: 15 });
  });

  it('counts the functions of the tree only: filters leave some out', () => {
    const { tree } = modelOf(fold('main;f 10', 'main;f 5')).shown;
    expect(weighMatches(tree, Uint8Array.of(0, 1, 1))).toEqual({ functions: 1, frames: 1, weight: 15 });
  });

  it('weighs exactly the stacks with a match anywhere on them', () => {
    fc.assert(
      fc.property(foldedStacks, fc.constantFrom('a', 'bb', 'ccc'), (folded, name) => {
        const { tree, data } = modelOf(folded).shown;
        const { mask } = matchFunctions(
          data.functionCount,
          (func) => data.rawName(func),
          (candidate) => candidate === name,
        );
        const expected = folded.reduce(
          (sum, { stack, weight }) => sum + (stack.includes(name) ? weight : 0),
          0,
        );
        expect(weighMatches(tree, mask).weight).toBe(expected);
      }),
    );
  });

  it("takes a function's heaviest frame for the function", () => {
    const { tree } = modelOf(fold('main;f 10', 'main;g;f 30')).shown;
    const node = heaviestNode(tree, 1);
    expect(tree.total[node]).toBe(30);
    expect(heaviestNode(tree, 99)).toBe(-1);
  });
});
