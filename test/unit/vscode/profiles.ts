import { ProfileBuilder } from '../../../src/model/builder.js';
import type { EventProfile } from '../../../src/model/profile.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

/** `name@file:line`, the line being where the sample is; functions are defined where `definitions` says. */
export type FrameText = string;

const definitions: Readonly<Record<string, { file: string; line: number }>> = {
  main: { file: '/src/main.c', line: 1 },
  work: { file: '/src/main.c', line: 10 },
  lookup: { file: '/src/lookup.h', line: 5 },
};

/** A profile from stacks, outermost first, each with its weight. `module` tells copies of a function apart. */
export function profileOf(stacks: readonly (readonly [FrameText[], number, string?])[]): EventProfile {
  const builder = new ProfileBuilder();
  const thread = builder.thread(1, 1, new Map([[1, 'test']]));
  stacks.forEach(([frames, weight, module = '/bin/test'], time) => {
    let stack = -1;
    for (const frame of frames) {
      const [, name, file, line] = /^(.+)@(.+):(\d+)$/.exec(frame) as unknown as [
        string,
        string,
        string,
        string,
      ];
      const definition = definitions[name] ?? { file: '', line: 0 };
      const func = builder.func({ name, module, ...definition });
      stack = builder.stack(stack, builder.frame(func, file, Number(line), false));
    }
    builder.sample(stack, thread, time, weight);
  });
  return ofEvent(builder.finish([{ name: 'cpu-clock:u' }], []));
}
