import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parseLab } from '../../../src/core/lab/loadLab.js';
import { LabError } from '../../../src/core/labError.js';
import { fixesFor, withFix } from '../../../src/vscode/labs/labFixes.js';

/** What is offered for a lab file, with what comes of it. */
function offered(lab: unknown): [title: string, fixed: unknown][] {
  const text = JSON.stringify(lab, null, 2);
  try {
    parseLab(text, 'hakmem-lab.json');
    return [];
  } catch (error) {
    const cause = error instanceof LabError ? error.cause : undefined;
    if (!(cause instanceof z.core.$ZodError)) throw error;
    return cause.issues
      .flatMap((issue) => fixesFor(text, issue))
      .map((fix) => [fix.title, JSON.parse(withFix(text, fix))]);
  }
}

const preset = { name: 'P', program: './p' };
const whole = { formatVersion: 1, name: 'L', presets: [preset] };

describe('quick fixes of a lab file', () => {
  it('rename an unknown key to the known one that it resembles, or remove it', () => {
    expect(offered({ ...whole, presets: [{ ...preset, enviroment: { A: '1' } }] })).toEqual([
      ['Did you mean "environment"?', { ...whole, presets: [{ ...preset, environment: { A: '1' } }] }],
      ['Remove "enviroment"', whole],
    ]);
    expect(offered({ ...whole, xyzzy: 1 })).toEqual([['Remove "xyzzy"', whole]]);
    // A name that is there already isn't meant.
    expect(offered({ ...whole, nam: 1 }).map(([title]) => title)).toEqual(['Remove "nam"']);
  });

  it('reach into what is nested', () => {
    expect(offered({ ...whole, build: { command: 'make', arg: ['all'] } })[0]).toEqual([
      'Did you mean "args"?',
      { ...whole, build: { command: 'make', args: ['all'] } },
    ]);
  });

  it('add what is missing', () => {
    const { program, ...nameless } = preset;
    expect(program).toBe('./p');
    expect(offered({ ...whole, presets: [nameless] })).toEqual([
      ['Add "program"', { ...whole, presets: [{ ...nameless, program: '' }] }],
    ]);
    expect(offered({ name: 'L', presets: [preset] })[0]?.[1]).toEqual(whole);
  });

  it('write the value that is possible', () => {
    expect(offered({ ...whole, formatVersion: 2 })).toEqual([['Change to 1', whole]]);
  });

  it('offer nothing for a valid file', () => {
    expect(offered(whole)).toEqual([]);
  });
});
