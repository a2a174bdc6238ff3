import { describe, expect, it } from 'vitest';
import type { WebviewMessage } from '../../../src/wire/protocol.js';
import { InSource } from '../../../src/vscode/compare/inSource.js';
import { Told } from '../../../webview/shell/told.js';

describe('differences in the source', () => {
  it('come and go with the comparison in the panel', () => {
    const inSource = new InSource();
    expect([inSource.follow(false), inSource.shown]).toEqual([false, false]);
    expect([inSource.follow(true), inSource.shown]).toEqual([true, true]);
    expect([inSource.follow(false), inSource.shown]).toEqual([true, false]);
  });

  it('stay where the user chose a run, and stay away where they were closed, until a comparison is opened again', () => {
    const inSource = new InSource();
    inSource.choose(true);
    inSource.follow(true);
    expect([inSource.follow(false), inSource.shown]).toEqual([false, true]);
    inSource.follow(true);
    inSource.choose(false);
    expect([inSource.follow(true), inSource.shown]).toEqual([false, false]);
    inSource.follow(false);
    expect([inSource.follow(true), inSource.shown]).toEqual([true, true]);
  });
});

it('tells the host of the selection and of a comparison in front, each once', () => {
  const posted: WebviewMessage[] = [];
  const told = new Told({ post: (message) => posted.push(message) });
  const model = (func: number, tab: string, compared: number) =>
    ({
      hasProfile: true,
      profile: { runId: 'r' },
      selectedFunction: func,
      state: { tab },
      compared: Array.from({ length: compared }),
    }) as unknown as Parameters<Told['tell']>[0];
  const now = (func: number, tab: string, compared: number) => {
    posted.length = 0;
    told.tell(model(func, tab, compared));
    return posted.map((message) => (message.type === 'selection' ? message.func : message));
  };
  const comparing = (is: boolean) => ({ type: 'comparing', comparing: is });
  expect(now(-1, 'flame', 0)).toEqual([-1, comparing(false)]);
  expect(now(3, 'flame', 1)).toEqual([3]);
  // Without another run there is nothing to compare with.
  expect(now(3, 'compare', 0)).toEqual([]);
  expect(now(3, 'compare', 1)).toEqual([comparing(true)]);
  expect(now(3, 'compare', 1)).toEqual([]);
  expect(now(3, 'flame', 1)).toEqual([comparing(false)]);
});
