import { describe, expect, it } from 'vitest';
import { coverageNotes } from '../../../src/core/perfData/coverageNotes.js';
import { symbolize } from '../../../src/core/symbols/symbolizer.js';
import { ProfileBuilder } from '../../../src/model/builder.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

describe('files that are not there', () => {
  const notes = async (count: number) => {
    const locations = Array.from({ length: count }, (_, i) => ({
      module: `/absent/${i % (count - 1)}`,
      offset: i,
      address: i,
      mode: 'user' as const,
      pid: undefined,
      buildId: undefined,
      symbol: undefined,
    }));
    const tool = () => Promise.resolve([]);
    const context = { progress: () => undefined, signal: undefined };
    const { modules } = await symbolize(tool, locations, context);
    const empty = ofEvent(new ProfileBuilder().finish([{ name: 'cycles' }], []));
    return coverageNotes(empty, modules, 'fp');
  };

  it('are named one by one, and many together', async () => {
    expect(await notes(3)).toEqual([
      'Functions in /absent/0 have no names: the file does not exist.',
      'Functions in /absent/1 have no names: the file does not exist.',
    ]);
    expect(await notes(31)).toEqual([
      expect.stringMatching(
        /^Functions in 30 files have no names, because each file does not exist: \/absent\/0, .*and 10 more\.$/,
      ),
    ]);
  });
});
