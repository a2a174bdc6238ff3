import { IntPairMap } from '../../model/intPairMap.js';
import type { EventProfile, ProfileThread } from '../../model/profile.js';
import { functionName } from './names.js';

/** What a stack begins with: stackcollapse-perf.pl has the name of the process, with `--tid` also its numbers. */
export type Outermost = 'process' | 'thread';

/**
 * Folded stacks: one line for each distinct stack of functions. A `;` in a name becomes `:`, as in stackcollapse-perf.pl;
 * line ends become spaces. Samples without any frame are `[unknown]`, since a line needs a name.
 * @param outermost what stacks begin with; without it, with their functions
 */
export function exportFolded(profile: EventProfile, outermost?: Outermost): string {
  const { frames, stacks, samples } = profile;
  const names = Array.from({ length: profile.functions.length }, (_, f) => oneLine(functionName(profile, f)));
  const roots = profile.threads.map((thread) => (outermost ? rootOf(thread, outermost) : ''));
  const rootIndex = new Map([...new Set(roots)].map((root, i) => [root, i]));
  const rootOfThread = roots.map((root) => rootIndex.get(root) as number);

  // Stacks first, so that a path is made once for each and not for each sample.
  const indices = new IntPairMap();
  const distinct: { readonly root: string; readonly stack: number; weight: number }[] = [];
  for (let i = 0; i < samples.length; i++) {
    const thread = samples.thread[i] as number;
    const stack = samples.stack[i] as number;
    let index = indices.get(rootOfThread[thread] ?? 0, stack);
    if (index === -1) {
      index = distinct.push({ root: roots[thread] ?? '', stack, weight: 0 }) - 1;
      indices.set(rootOfThread[thread] ?? 0, stack, index);
    }
    (distinct[index] as { weight: number }).weight += samples.weight[i] as number;
  }

  const byPath = new Map<string, number>();
  for (const { root, stack, weight } of distinct.sort((a, b) => a.stack - b.stack)) {
    if (weight === 0) continue;
    const path: string[] = [];
    for (let at = stack; at >= 0; at = stacks.parent[at] as number)
      path.push(names[frames.func[stacks.frame[at] as number] as number] as string);
    if (stack < 0) path.push('[unknown]');
    if (root !== '') path.push(root);
    const key = path.reverse().join(';');
    byPath.set(key, (byPath.get(key) ?? 0) + weight);
  }
  return [...byPath].map(([path, weight]) => `${path} ${plain(weight)}\n`).join('');
}

/** Empty for what stands for a thread in a profile that knows none. */
function rootOf({ pid, tid, name }: ProfileThread, outermost: Outermost): string {
  if (name === '' || (pid === 0 && !name.startsWith('swapper'))) return '';
  const process = oneLine(name).replaceAll(' ', '_');
  return outermost === 'thread' ? `${process}-${pid}/${tid}` : process;
}

function oneLine(name: string): string {
  return name.replaceAll(';', ':').replace(/[\r\n]+/g, ' ');
}

/** Tools don't support exponents in this format. */
function plain(weight: number): string {
  const text = String(weight);
  return text.includes('e')
    ? weight < 1
      ? weight.toFixed(20)
      : BigInt(Math.round(weight)).toString()
    : text;
}
