/** Panel profiles for tests, made from folded stacks. */
import { ProfileBuilder } from '../../../src/model/builder.js';
import { buildCallTree } from '../../../src/views/callTree.js';
import { packTree } from '../../../src/wire/packedTree.js';
import { packStrings } from '../../../src/wire/packedStrings.js';
import type { PanelProfile } from '../../../src/wire/protocol.js';
import type { PanelState } from '../../../webview/store/panelState.js';
import { PanelModel, type OtherRun } from '../../../webview/store/panelModel.js';
import { ProfileData } from '../../../webview/store/profileData.js';
import { initialState } from '../../../webview/store/panelState.js';

export interface Folded {
  readonly stack: readonly string[];
  readonly weight: number;
}

export const categories = ['Address Lookup', 'Pool', 'Other'];

/**
 * Functions get their category from the length of the name, so that any stack has a mix of them. `weight` samples
 * of weight 1 each, one a second; a name that ends in `!` is inlined, and functions are defined on lines in order of appearance.
 */
export function panelProfile(folded: readonly Folded[], overrides: Partial<PanelProfile> = {}): PanelProfile {
  const builder = new ProfileBuilder();
  const thread = builder.thread(1, 1, new Map([[1, 'main']]));
  const lines = new Map<string, number>();
  let time = 0;
  folded.forEach(({ stack, weight }) => {
    let node = -1;
    for (const step of stack) {
      const name = step.replace(/!$/, '');
      const line = lines.get(name) ?? lines.size + 1;
      lines.set(name, line);
      const func = builder.func({ name, module: '/bin/app', file: '/src/app.c', line });
      node = builder.stack(node, builder.frame(func, '/src/app.c', 7, step !== name));
    }
    for (let i = 0; i < weight; i++) builder.sample(node, thread, time++, 1);
  });
  const { strings, ...profile } = builder.finish([{ name: 'cycles:u' }], []);
  const nameLength = (func: number): number => strings[profile.functions.name[func] ?? -1]?.length ?? 0;
  const shown = {
    ...profile,
    runId: 'run',
    preset: 'PRESET',
    name: overrides.preset ?? 'PRESET',
    program: 'app',
    scenarios: [],
    createdAt: '2026-11-22T10:00:00Z',
    strings: packStrings(strings),
    category: Int32Array.from(
      { length: profile.functions.length },
      (_, f) => nameLength(f) % categories.length,
    ),
    categories,
    results: [],
    stat: null,
    ...overrides,
  };
  // Of the first event, as the tree of a panel's profile is.
  const selected = Uint8Array.from(shown.samples.event, (event) => (event === 0 ? 1 : 0));
  return { tree: packTree(buildCallTree(shown, { selected })), ...shown };
}

export function modelOf(
  folded: readonly Folded[],
  state: Partial<PanelState> = {},
  overrides: Partial<PanelProfile> = {},
): PanelModel {
  const model = new PanelModel({ ...initialState, ...state }, () => undefined);
  model.show(panelProfile(folded, overrides));
  return model;
}

/** A run beside the shown one, as the model has it. */
export function otherRun(profile: PanelProfile): OtherRun {
  return { slot: 'other', data: new ProfileData(profile), differences: [] };
}

/** `main;f;g 3` as in flame graph tools. */
export function fold(...lines: readonly string[]): Folded[] {
  return lines.map((line) => {
    const at = line.lastIndexOf(' ');
    return { stack: line.slice(0, at).split(';'), weight: Number(line.slice(at + 1)) };
  });
}
