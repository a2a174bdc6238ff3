/** A function's lines in the shown samples. Pure. */
import { functionLines, type FunctionLine } from '../../src/views/functionLines.js';
import type { FilteredProfile } from './filteredProfile.js';

/**
 * Heaviest first, adding up to the function's self cost whatever the filters do to the stacks: the cost of
 * hidden callees is on the line of the call. O(samples).
 */
export function shownLines({ profile, tree, mask }: FilteredProfile, func: number): FunctionLine[] {
  const { frames, stacks, samples } = profile;
  const stack = new Int32Array(samples.length).fill(-1);
  for (let i = 0; i < samples.length; i++) {
    let at = samples.stack[i] ?? -1;
    const node = at < 0 ? -1 : (tree.nodeOf[at] ?? -1);
    if (node < 0 || tree.func[node] !== func || mask?.[i] === 0) continue;
    while (at >= 0 && frames.func[stacks.frame[at] ?? -1] !== func) at = stacks.parent[at] ?? -1;
    stack[i] = at;
  }
  const { length, weight } = samples;
  return functionLines({ frames, stacks, samples: { length, stack, weight } }, func);
}
