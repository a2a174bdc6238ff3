import { stackWeights } from '../../views/callTree.js';
import type { EventProfile } from '../../model/profile.js';
import { framelessWeight, functionName } from './names.js';

/**
 * Folded stacks: one line for each distinct stack of functions. A `;` in a name becomes `:`, as in stackcollapse-perf.pl;
 * line ends become spaces. Samples without any frame are `[unknown]`, since a line needs a name.
 */
export function exportFolded(profile: EventProfile): string {
  const { stacks, frames } = profile;
  const { self } = stackWeights(profile);
  const names = Array.from({ length: profile.functions.length }, (_, f) =>
    functionName(profile, f)
      .replaceAll(';', ':')
      .replace(/[\r\n]+/g, ' '),
  );
  const byPath = new Map<string, number>();
  const frameless = framelessWeight(profile);
  if (frameless > 0) byPath.set('[unknown]', frameless);
  for (let stack = 0; stack < stacks.length; stack++) {
    const weight = self[stack] as number;
    if (weight === 0) continue;
    const path: string[] = [];
    for (let at = stack; at >= 0; at = stacks.parent[at] as number)
      path.push(names[frames.func[stacks.frame[at] as number] as number] as string);
    const key = path.reverse().join(';');
    byPath.set(key, (byPath.get(key) ?? 0) + weight);
  }
  return [...byPath].map(([path, weight]) => `${path} ${plain(weight)}\n`).join('');
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
