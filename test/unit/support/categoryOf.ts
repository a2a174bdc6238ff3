import type { Classifier } from '../../../src/core/categories/classifier.js';
import { ProfileBuilder } from '../../../src/model/builder.js';

/** Index of the category of one function. */
export function categoryOf(classifier: Classifier, name: string, module = '', file = ''): number {
  const builder = new ProfileBuilder();
  const func = builder.func({ name, module, file, line: 0 });
  const stack = builder.stack(-1, builder.frame(func, '', 0, false));
  builder.sample(stack, builder.thread(0, 0, new Map()), 0, 1);
  return classifier.classifyAll(builder.finish([{ name: 'samples' }], []))[0] ?? -1;
}
