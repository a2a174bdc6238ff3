import { buildCallTree } from '../../views/callTree.js';
import { ofEvent } from '../../views/sampleFilter.js';
import type { Profile } from '../../model/profile.js';

/** The way from the program's start to where time goes. */
export interface HotPath {
  /** Outermost first. */
  readonly functions: readonly string[];
  /** Self share of its last function on this path, 0..1. */
  readonly share: number;
}

/** The call paths with the most self weight, heaviest first. O(samples + nodes). */
export function hotPaths(profile: Profile, most: number): HotPath[] {
  const event = ofEvent(profile, 0);
  const tree = buildCallTree(event);
  const all = tree.total[0] ?? 0;
  const nodes = Array.from({ length: tree.length }, (_, node) => node)
    .slice(1)
    .sort((a, b) => (tree.self[b] ?? 0) - (tree.self[a] ?? 0))
    .slice(0, most);
  return nodes.map((node) => {
    const functions: string[] = [];
    for (let at = node; at > 0; at = tree.parent[at] as number)
      functions.unshift(event.strings[event.functions.name[tree.func[at] as number] as number] ?? '');
    return { functions, share: all > 0 ? (tree.self[node] ?? 0) / all : 0 };
  });
}
