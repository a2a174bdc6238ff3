/** What frames can be colored by, and which of it tells most about a profile. */
import type { CallTree } from '../../src/views/callTree.js';
import { baseName } from '../text/places.js';
import { namespaceOf } from '../../src/text/namespaces.js';
import { groupKinds, type GroupKind } from './panelState.js';
import type { ProfileData } from './profileData.js';

export interface Grouping {
  /** The groups that cover most of the graph, largest first. */
  readonly names: readonly string[];
  /** Index of a function's group; -1 for smaller ones, and for functions that nothing is known of. */
  groupOf(func: number): number;
  /** Share of the graph's area outside of these groups. */
  readonly gray: number;
  /** Colors that are seen at first sight, gray included. */
  readonly visible: number;
}

/** Groups with hues of their own: more are hard to tell apart. */
const ownHues = 12;
/** Functions that cover less than this share of all samples decide on nothing: a profile may have a million of them. */
const smallest = 5e-4;
/** A group of this share of the area is seen at first sight. */
const seen = 0.01;
/** Where more than this is gray, or fewer colors are seen, the next kind may tell more. */
const mostGray = 0.25;
const fewestColors = 4;

interface Computed {
  areas?: Float64Array;
  chosen?: GroupKind;
  readonly groupings: Map<GroupKind, Grouping>;
}
const computed = new WeakMap<ProfileData, Computed>();

function computedOf(data: ProfileData): Computed {
  let found = computed.get(data);
  if (found === undefined) computed.set(data, (found = { groupings: new Map() }));
  return found;
}

/** The kind that shows a profile best. The same whatever the filters are, so that colors stay. O(nodes) once. */
export function bestKind(data: ProfileData): GroupKind {
  return (computedOf(data).chosen ??= choose(data));
}

function choose(data: ProfileData): GroupKind {
  let best: GroupKind = 'category';
  let most = -1;
  for (const kind of groupKinds) {
    const { gray, visible } = groupingBy(data, kind);
    // Single functions say least about a program.
    const score = (1 - gray) * visible * (kind === 'function' ? 0.5 : 1);
    if (kind !== 'function' && gray <= mostGray && visible >= fewestColors) return kind;
    if (score > most) [best, most] = [kind, score];
  }
  return best;
}

export function groupingBy(data: ProfileData, kind: GroupKind): Grouping {
  const { groupings } = computedOf(data);
  let found = groupings.get(kind);
  if (found === undefined) groupings.set(kind, (found = group(data, kind)));
  return found;
}

function group(data: ProfileData, kind: GroupKind): Grouping {
  const found = computedOf(data);
  const areas = (found.areas ??= areasOf(data.wholeTree, data.functionCount));
  const least = (data.wholeTree.total[0] ?? 0) * smallest;
  const sums = new Map<string, number>();
  let all = 0;
  for (let func = 0; func < areas.length; func++) {
    const area = areas[func] as number;
    if (area === 0 || area < least) continue;
    const key = keyOf(data, kind, func);
    sums.set(key, (sums.get(key) ?? 0) + area);
    all += area;
  }
  const named = [...sums].filter(([name]) => name !== '').sort((a, b) => b[1] - a[1]);
  const own = kind === 'category' ? named : named.slice(0, ownHues);
  const indices = new Map(own.map(([name], index) => [name, index]));
  const covered = own.reduce((sum, [, area]) => sum + area, 0);
  const known = new Map<number, number>();
  const gray = all === 0 ? 0 : 1 - covered / all;
  return {
    names: own.map(([name]) => name),
    gray,
    visible: own.filter(([, area]) => area >= all * seen).length + (gray >= seen ? 1 : 0),
    groupOf(func) {
      let index = known.get(func);
      if (index === undefined) known.set(func, (index = indices.get(keyOf(data, kind, func)) ?? -1));
      return index;
    },
  };
}

/** Empty where nothing is known. A function in no namespace or file belongs to its module. */
function keyOf(data: ProfileData, kind: GroupKind, func: number): string {
  switch (kind) {
    case 'category': {
      const category = data.categoryOf(func);
      return category < 0 || category === data.profile.categories.length - 1
        ? ''
        : data.categoryName(category);
    }
    case 'namespace':
      return namespaceOf(data.shortName(func)) || baseName(data.moduleName(func));
    case 'file':
      return baseName(data.definition(func)?.file ?? '') || baseName(data.moduleName(func));
    case 'module':
      return baseName(data.moduleName(func));
    case 'function':
      return data.shortName(func);
  }
}

/** What each function covers of the drawing: the totals of its frames. */
function areasOf(tree: CallTree, functions: number): Float64Array {
  const areas = new Float64Array(functions);
  for (let node = 1; node < tree.length; node++) {
    const func = tree.func[node] as number;
    if (func >= 0) areas[func] = (areas[func] as number) + (tree.total[node] as number);
  }
  return areas;
}
