import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/core/labError.js';
import { formatCommandLine, parseCommandLine, shellCommand } from '../../../src/core/process/commandLine.js';

describe('a typed command', () => {
  it.each([
    ['./x a', { program: './x', args: ['a'], environment: {} }],
    ['A=1 B="two words" ./x C=3', { program: './x', args: ['C=3'], environment: { A: '1', B: 'two words' } }],
    ["'A=1' x", { program: 'A=1', args: ['x'], environment: {} }],
    ['./x < in.txt a', { program: './x', args: ['a'], environment: {}, stdin: 'in.txt' }],
    [`./x <'in put.txt'`, { program: './x', args: [], environment: {}, stdin: 'in put.txt' }],
    [`./x '<' '|' "a;" \\;`, { program: './x', args: ['<', '|', 'a;', ';'], environment: {} }],
    ['grep a|b', { program: 'grep', args: ['a|b'], environment: {} }],
  ])('%j is read as in a shell', (text, expected) => {
    expect(parseCommandLine(text)).toEqual(expected);
  });

  it.each([
    ['./x | less', /\| needs a shell/],
    ['./x > out', /> needs a shell/],
    ['./x 2>&1', /2>&1 needs a shell/],
    ['cd build && ./x', /&& needs a shell/],
    ['cd build; ./x', /build; needs a shell/],
    ['./x <', /no file after </],
    ['A=1', /names no program/],
    ['', /names no program/],
  ])('%j is refused, with what to do instead', (text, message) => {
    expect(() => parseCommandLine(text)).toThrow(message);
    expect(() => parseCommandLine(text)).toThrow(LabError);
  });

  it('gets a shell around it if only a shell can carry it out', () => {
    const line = "A='x y' ./x 'a b' | less";
    const command = shellCommand(line);
    expect(parseCommandLine(command ?? '')).toEqual({ program: 'sh', args: ['-c', line], environment: {} });
    expect(shellCommand("./x 'a | b'")).toBeUndefined();
  });

  it('comes back as it was, whatever it holds', () => {
    const word = fc.string({ unit: fc.constantFrom(...`A1='"\\ \n$<|&;`), minLength: 1 });
    const name = fc.stringMatching(/^[A-Za-z_]\w{0,5}$/).filter((text) => text !== '__proto__');
    const line = fc.record(
      { program: word, args: fc.array(word), environment: fc.dictionary(name, word), stdin: word },
      { requiredKeys: ['program', 'args', 'environment'] },
    );
    fc.assert(
      fc.property(line, (command) => {
        expect(parseCommandLine(formatCommandLine(command))).toEqual({
          ...command,
          environment: { ...command.environment },
        });
      }),
      { numRuns: 500 },
    );
  });
});
