import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contextKeys as keys, viewIds } from '../../../src/vscode/shared/contributions.js';
import { holds, type Context } from '../support/whenClause.js';

const { viewsWelcome } = (
  JSON.parse(readFileSync('package.json', 'utf8')) as {
    contributes: { viewsWelcome: { view: string; when?: string; contents: string }[] };
  }
).contributes;

/** What the first view says in a window, in its order. */
function shown(context: Context): string[] {
  return viewsWelcome.flatMap(({ view, when, contents }) =>
    view === viewIds.presets && holds(when ?? 'true', { [keys.searched]: true, ...context })
      ? [contents.replace(/^%welcome\.|%$/g, '')]
      : [],
  );
}

const trusted = { isWorkspaceTrusted: true };

describe('the first view', () => {
  it('says what fits the folder, and offers it', () => {
    expect(shown({ ...trusted, [keys.folder]: 'none' })).toEqual(['none', 'openProfile', 'sample']);
    expect(shown({ ...trusted, [keys.folder]: 'empty' })).toEqual([
      'empty',
      'profileCommand',
      'openProfile',
      'sample',
    ]);
    expect(shown({ ...trusted, [keys.folder]: 'native', [keys.buildable]: true })).toEqual([
      'native',
      'profileTarget',
      'profileCommand',
      'openProfile',
    ]);
    expect(shown({ ...trusted, [keys.folder]: 'other', [keys.hasProfileFiles]: true })).toEqual([
      'other',
      'profileCommand',
      'profileFiles',
      'openProfile',
    ]);
  });

  it('calls no folder empty that has runs', () => {
    expect(shown({ ...trusted, [keys.folder]: 'empty', [keys.hasRuns]: true })).toEqual([
      'other',
      'profileCommand',
      'savePreset',
    ]);
  });

  it('offers to open profiles, and nothing that runs, without trust', () => {
    expect(shown({ [keys.folder]: 'native', [keys.buildable]: true })).toEqual(['untrusted', 'openProfile']);
  });
});
