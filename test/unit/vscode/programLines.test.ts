import { describe, expect, it } from 'vitest';
import { choicesFor, lineOf } from '../../../src/vscode/programs/programLines.js';
import { parseCommandLine } from '../../../src/core/process/commandLine.js';

const programs = ['tests/zstd-fuzzer', 'programs/zstd', 'zstdgrep', 'scan (test)'].map((name) => ({ name }));
const found = (typed: string) =>
  choicesFor(typed, programs).map(({ program, start }) => [program.name, start]);
const bare = { args: [], environment: {} };

describe('a line typed over a list of programs', () => {
  it('means programs by a part of their names, the best match first', () => {
    expect(found('zstd')).toEqual([
      ['programs/zstd', bare],
      ['tests/zstd-fuzzer', bare],
      ['zstdgrep', bare],
    ]);
    expect(found('ZSTDGREP')).toEqual([['zstdgrep', bare]]);
    expect(found('./programs/zstd')[0]).toEqual(['programs/zstd', bare]);
    expect(found('')).toHaveLength(programs.length);
    expect(found('absent')).toEqual([]);
  });

  it('has arguments, variables, and input behind and before the name', () => {
    expect(found('A=1 zstd -9 "a b" < in.txt')[0]).toEqual([
      'programs/zstd',
      { args: ['-9', 'a b'], environment: { A: '1' }, stdin: 'in.txt' },
    ]);
    expect(() => found('zstd -9 | less')).toThrow('needs a shell');
  });

  it('may be a name with spaces, or begin one', () => {
    expect(found('scan (te')).toEqual([['scan (test)', bare]]);
    expect(found("'scan (test)' --exact")).toEqual([['scan (test)', { args: ['--exact'], environment: {} }]]);
  });

  it('is written so that it is read back', () => {
    const start = { args: ['two words', '<'], environment: { A: 'b c' }, stdin: 'in put.txt' };
    expect(parseCommandLine(lineOf('scan (test)', start))).toEqual({ program: 'scan (test)', ...start });
  });
});
