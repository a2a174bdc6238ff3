import { describe, expect, it } from 'vitest';
import { symbolize } from '../../../src/core/symbols/symbolizer.js';

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
    return (await symbolize(tool, locations, { progress: () => undefined, signal: undefined })).notes;
  };

  it('are named one by one, and many together', async () => {
    expect(await notes(3)).toEqual([
      '/absent/0 could not be read (it is not there): its functions have no names.',
      '/absent/1 could not be read (it is not there): its functions have no names.',
    ]);
    expect(await notes(31)).toEqual([
      expect.stringMatching(
        /^30 files could not be read \(each is not there\).*\/absent\/0, .*and 10 more\.$/,
      ),
    ]);
  });
});
