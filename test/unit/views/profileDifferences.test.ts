import { describe, expect, it } from 'vitest';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { ProfileBuilder } from '../../../src/model/builder.js';
import { exactly } from '../../../src/statistics/estimate.js';
import { profileDifferences } from '../../../src/views/profileDifferences.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

/** Functions of a program, each with the number of its samples. */
function side(program: string, functions: Readonly<Record<string, number>>) {
  const builder = new ProfileBuilder();
  const thread = builder.thread(1, 1, new Map());
  for (const [name, samples] of Object.entries(functions)) {
    const func = builder.func({ name, module: program, file: '', line: 0 });
    const stack = builder.stack(-1, builder.frame(func, '', 0, false));
    for (let i = 0; i < samples; i++) builder.sample(stack, thread, 0, 1);
  }
  return { profile: ofEvent(builder.finish([{ name: 'cycles' }], [])), cost: exactly(1), program };
}

describe('the categories of two builds', () => {
  const names = (programA: string, programB: string, more: Readonly<Record<string, number>> = {}) => {
    const classifier = new Classifier([], { byOrigin: true });
    const [a, b] = [
      side(programA, { work: 90, 'ns::f': 10 }),
      side(programB, { work: 60, 'ns::f': 40, ...more }),
    ];
    return profileDifferences({ ...a, classifier }, { ...b, classifier }).categories.map(({ name, a, b }) => [
      name,
      a,
      b,
    ]);
  };

  it('have the code of the program itself in one, though its files have different names', () => {
    expect(names('/srv/demo-O2', '/srv/demo-O3')).toEqual([
      ['demo-O2 / demo-O3', 0.9, 0.6],
      ['ns::', 0.1, 0.4],
    ]);
  });

  it('keep their names where the files have the same', () => {
    expect(names('/srv/a/demo', '/srv/b/demo').map(([name]) => name)).toEqual(['demo', 'ns::']);
  });
});
