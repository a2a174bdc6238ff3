import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TaskContext } from '../../../src/core/context.js';
import type { LabError } from '../../../src/core/labError.js';
import type { Category } from '../../../src/core/lab/labFile.js';
import { ProfileBuilder } from '../../../src/model/builder.js';
import type { EventProfile } from '../../../src/model/profile.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

export const root = path.resolve(import.meta.dirname, '../../..');

export function fixture(name: string): Buffer {
  return readFileSync(path.join(root, 'test/fixtures', name));
}

export function fixtureText(name: string): string {
  return fixture(name).toString('utf8');
}

/** A context that keeps what was reported. */
export function recordingContext(
  signal?: AbortSignal,
): TaskContext & { messages: string[]; lines: string[]; problems: LabError[] } {
  const messages: string[] = [];
  const lines: string[] = [];
  const problems: LabError[] = [];
  return {
    signal,
    messages,
    lines,
    problems,
    progress: (m) => messages.push(m),
    log: (l) => lines.push(l),
    problem: (e) => problems.push(e),
  };
}

/** A profile from folded stacks: `main;work;leaf 3`. Every function is defined in `NAME.c` line 1. */
export function foldedProfile(folded: string): EventProfile {
  const builder = new ProfileBuilder();
  const thread = builder.thread(1, 1, new Map([[1, 'test']]));
  let time = 0;
  for (const line of folded.trim().split('\n')) {
    const [names = '', weight = ''] = line.trim().split(/ (?=\d+$)/);
    let stack = -1;
    for (const name of names.split(';')) {
      const func = builder.func({ name, module: '/bin/test', file: `/src/${name}.c`, line: 1 });
      stack = builder.stack(stack, builder.frame(func, `/src/${name}.c`, 2, false));
    }
    builder.sample(stack, thread, time++, Number(weight));
  }
  return ofEvent(builder.finish([{ name: 'cpu-clock:u' }], []));
}

export const letterCategories: readonly Category[] = [
  { name: 'A', rules: [{ symbol: '^a' }] },
  { name: 'B', rules: [{ symbol: '^b' }, { module: 'lib', file: '\\.cc$' }] },
];
