import { describe, expect, it } from 'vitest';
import type { RunDescription } from '../../../src/core/store/runDescription.js';
import { tagsIn } from '../../../src/core/store/runDescription.js';
import type { RunDocument } from '../../../src/model/run.js';
import { hasWords } from '../../../src/vscode/runs/list/runItem.js';

const run = {
  createdAt: '2026-01-31T12:01:02.345Z',
  preset: { name: 'Churner', args: ['--size', '64'] },
  environment: { source: { commit: 'abc1234def' } },
} as unknown as RunDocument;
const described: RunDescription = { title: 'Before', note: 'without LTO', tags: ['slow', 'lto'] };

describe('the filter of the list of runs', () => {
  it.each(['churn', 'before LTO', '#slow', '2026-01', 'ABC1234', '--size 64', '#lto without'])(
    'finds a run by "%s"',
    (words) => expect(hasWords({ run, description: described }, words)).toBe(true),
  );

  it.each(['after', '#without', 'churn after', '#slo #fast'])('leaves it out by "%s"', (words) =>
    expect(hasWords({ run, description: described }, words)).toBe(false),
  );

  it('has tags as they are typed, each once', () => {
    expect(tagsIn(' slow, #before  fix;slow ##x # ')).toEqual(['slow', 'before', 'fix', 'x']);
    expect(tagsIn('')).toEqual([]);
  });
});
