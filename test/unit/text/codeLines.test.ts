import { describe, expect, it } from 'vitest';
import { codeLines, functionEnds, type CodeLines } from '../../../src/text/codeLines.js';

const kinds = (text: string, file = '/a.cpp') => {
  const { hasCode, onlyBraces } = codeLines(file, text.split('\n')) as CodeLines;
  return [...hasCode].map((code, i) => (onlyBraces[i] === 1 ? '}' : code === 1 ? 'c' : '-')).join('');
};

describe('lines of a source', () => {
  it('are code, braces, or nothing that is compiled', () => {
    expect(kinds('// x\nint a;\n\n/* {\n int b; */\n}\n};\n  ) {\nf(); // {')).toBe('-c---}}}c');
    expect(kinds('int a; /* x\n */ int b;\n/* a */ // b')).toBe('cc-');
  });

  it('are code within strings, whatever those look like', () => {
    expect(kinds('a = "/*";\nb = \'"\';\nc = "\\"//";\nd = 1\'000\'000;\n// e')).toBe('cccc-');
    expect(kinds('a = R"x(\n// text "\n)x";\n// b')).toBe('ccc-');
    expect(kinds("fn f<'a>(x: &'a str) {\n// b", '/a.rs')).toBe('c-');
  });

  it('are unknown in other languages', () => {
    expect(codeLines('/a.py', ['# x'])).toBeUndefined();
    expect(codeLines('/usr/include/c++/12/vector', ['// x'])).toBeDefined();
  });
});

describe('ends of functions', () => {
  const source = [
    'int f(',
    '    int a)',
    '{',
    '  if (a) { return "}"; }',
    '  return 1;',
    '}',
    '',
    'int g() { return 2; }',
    'int h();',
    'int k() {',
    '  return 3;',
  ];
  const code = codeLines('/a.c', source) as CodeLines;

  it('are where their bodies are closed', () => {
    expect(functionEnds(code, [0, 7])).toEqual([5, 7]);
  });

  it('are before the next function where no body is found, or it is not closed', () => {
    expect(functionEnds(code, [7, 8, 9])).toEqual([7, 8, 10]);
  });
});

it('is read once of a text', () => {
  const lines = ['int x;', '}'];
  expect(codeLines('a.c', lines)).toBe(codeLines('a.c', lines));
  expect(codeLines('a.c', [...lines])).not.toBe(codeLines('a.c', lines));
});
