import { describe, expect, it } from 'vitest';
import type { PanelProfile } from '../../../src/wire/protocol.js';
import { threadChoices } from '../../../webview/tabs/flame/threadChoices.js';
import { fold, modelOf, panelProfile } from './profile.js';

/** 10 samples, one a second: 2 of the first thread, 5 of the second, 3 of the third, none of the last. */
function threaded(overrides: Partial<PanelProfile> = {}) {
  const folded = fold('main;a 5', 'main;pool 5');
  const { samples } = panelProfile(folded);
  return modelOf(
    folded,
    {},
    {
      threads: ['main', 'worker', '', 'idle'].map((name, i) => ({ pid: 1, tid: i + 1, name })),
      samples: { ...samples, thread: Int32Array.of(0, 0, 1, 1, 1, 1, 1, 2, 2, 2) },
      ...overrides,
    },
  );
}
const labels = (model: Parameters<typeof threadChoices>[0]) => threadChoices(model).map(({ label }) => label);

describe('the threads to choose from', () => {
  it('have their share of the samples, most first', () => {
    expect(threadChoices(threaded())).toEqual([
      { value: '1/2', label: 'worker (2): 50.0%' },
      { value: '1/3', label: 'thread 3: 30.0%' },
      { value: '1/1', label: 'main (1): 20.0%' },
      { value: '1/4', label: 'idle (4): 0%' },
    ]);
  });

  it('have the same shares whichever is chosen, and those of what other filters leave', () => {
    const model = threaded();
    const all = labels(model);
    model.filter({ threads: ['1/1'] });
    expect(labels(model)).toEqual(all);
    // The last five seconds: two samples of the second thread, three of the third.
    model.filter({ time: { from: 5, to: 10 } });
    expect(labels(model)).toEqual(['thread 3: 60.0%', 'worker (2): 40.0%', 'main (1): 0%', 'idle (4): 0%']);
  });

  it('have none while the samples are still to come', () => {
    expect(labels(threaded({ samplesFollow: true }))).toEqual([
      'main (1)',
      'worker (2)',
      'thread 3',
      'idle (4)',
    ]);
  });
});
