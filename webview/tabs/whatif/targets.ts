/** The costs that the user wants to reduce, by name, so that they outlive the profile. Pure. */
import type { Target } from '../../../src/statistics/amdahl.js';
import type { FunctionName } from '../../store/panelState.js';

interface WantedCategory {
  readonly category: string;
  /** Target share, 0..1 of the present time. */
  readonly share: number;
}

interface WantedFunction {
  readonly func: FunctionName;
  readonly share: number;
}

export type Wanted = WantedCategory | WantedFunction;

/** Reads what an earlier panel saved, as far as it is valid. */
export function readWanted(saved: unknown): Wanted[] {
  if (!Array.isArray(saved)) return [];
  return saved.flatMap((item: unknown): Wanted[] => {
    const { category, func, share } = (item ?? {}) as Record<string, unknown>;
    if (typeof share !== 'number' || !(share >= 0 && share <= 1)) return [];
    if (typeof category === 'string') return [{ category, share }];
    const { name, module } = (func ?? {}) as Record<string, unknown>;
    return typeof name === 'string' && typeof module === 'string' ? [{ func: { name, module }, share }] : [];
  });
}

export function sameSubject(a: Wanted, b: Wanted): boolean {
  if ('category' in a) return 'category' in b && a.category === b.category;
  return 'func' in b && a.func.name === b.func.name && a.func.module === b.func.module;
}

/** Skips names that this profile lacks. */
export function targetsOf(
  wanted: readonly Wanted[],
  categories: readonly string[],
  find: (name: FunctionName) => number,
): Target[] {
  return wanted.flatMap((item): Target[] => {
    const index = 'category' in item ? categories.indexOf(item.category) : find(item.func);
    return index < 0
      ? []
      : [{ kind: 'category' in item ? 'category' : 'function', index, share: item.share }];
  });
}
