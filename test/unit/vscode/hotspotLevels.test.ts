import { describe, expect, it } from 'vitest';
import { Levels } from '../../../src/vscode/hotspots/levels.js';

describe('a level of the hotspots', () => {
  const rows = Array.from({ length: 65 }, () => ({ selfPercent: 0.5 }));

  it('says how many rows follow and what they cost, and shows more of them', () => {
    const levels = new Levels();
    expect(levels.shown('all', rows)).toMatchObject({ more: { level: 'all', rows: 35, selfPercent: 17.5 } });
    expect(levels.shown('all', rows).rows).toHaveLength(30);
    levels.showMore('all');
    expect(levels.shown('all', rows)).toMatchObject({ more: { rows: 5 } });
    expect(levels.shown('other', rows)).toMatchObject({ more: { rows: 35 } });
    levels.showMore('all');
    expect(levels.shown('all', rows)).toEqual({ rows, more: undefined });
    levels.reset();
    expect(levels.shown('all', rows).rows).toHaveLength(30);
  });

  it('shows a last row instead of saying that there is one', () => {
    expect(new Levels().shown('all', rows.slice(0, 31)).more).toBeUndefined();
  });
});
