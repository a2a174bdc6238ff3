import { CommanderError } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { reportFailure } from '../../../src/cli/failure.js';
import { errorKinds, type LabErrorCode } from '../../../src/core/errorCodes.js';
import { LabError } from '../../../src/core/labError.js';
import { root } from '../support/fixtures.js';
import { readFileSync } from 'node:fs';
import path from 'node:path';

const codes = Object.keys(errorKinds) as LabErrorCode[];

describe('the error codes', () => {
  it('are documented with their meaning and exit status, in the same order', () => {
    const document = readFileSync(path.join(root, 'docs/errors.md'), 'utf8');
    const rows = [...document.matchAll(/^\| `([a-z-]+)` +\| (\d) +\| (.*\S) +\|$/gm)];
    expect(rows.map(([, code, status, meaning]) => [code, Number(status), meaning])).toEqual(
      Object.entries(errorKinds).map(([code, { exitStatus, meaning }]) => [code, exitStatus, meaning]),
    );
  });
});

describe('a failure on the command line', () => {
  let written = '';
  const report = (error: unknown): number => {
    written = '';
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written += String(text);
      return true;
    });
    return reportFailure(error);
  };
  afterEach(() => vi.restoreAllMocks());

  it.each(codes)('%s has the exit status of the table', (code) => {
    expect(report(new LabError(code, 'What happened.'))).toBe(errorKinds[code].exitStatus);
    expect(written).toBe(code === 'canceled' ? 'Canceled.\n' : `hakmem-lab: What happened. [${code}]\n`);
  });

  it('is misuse where the command line is wrong, and 1 for anything unexpected', () => {
    expect(report(new CommanderError(1, 'commander.unknownOption', 'error: unknown option'))).toBe(2);
    expect(report(new CommanderError(0, 'commander.help', '(outputHelp)'))).toBe(0);
    expect(report(new TypeError('x is undefined'))).toBe(1);
    expect(written).toBe('hakmem-lab: x is undefined\n');
  });

  it('keeps control characters in names from the terminal, and its own lines apart', () => {
    report(
      new LabError('preset-unknown', 'There is no preset named \u001b[2Jx.', {
        detail: 'Presets: a\u202eb\nsecond line',
        remedy: { text: 'Use one of these\u0007.', command: 'echo \u009b31m' },
      }),
    );
    expect(written.split('\n')).toEqual([
      'hakmem-lab: There is no preset named \\x1b[2Jx. [preset-unknown]',
      '  Presets: a\\u202eb',
      '  second line',
      'Next step: Use one of these\\x07.',
      '  echo \\x9b31m',
      '',
    ]);
  });
});
