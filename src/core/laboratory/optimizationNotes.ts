import type { Profile } from '../../model/profile.js';
import { functionCosts } from '../../views/costs.js';
import { ofEvent } from '../../views/sampleFilter.js';
import { isOfSystem } from '../perfData/coverageNotes.js';
import { isUnoptimized } from '../programs/inspect.js';

/** Of the profile: what a smaller part is compiled with hardly matters. */
const WORTH_NAMING = 0.1;

/** Says which programs and libraries of a new recording were compiled without optimization: their shares mislead. */
export async function optimizationNotes(profile: Profile): Promise<string[]> {
  const { functions, strings } = profile;
  const { self, all } = functionCosts(ofEvent(profile));
  const weights = new Map<string, number>();
  for (let f = 0; f < functions.length; f++) {
    const module = strings[functions.module[f] as number] ?? '';
    weights.set(module, (weights.get(module) ?? 0) + (self[f] as number));
  }
  const found: string[] = [];
  for (const [module, weight] of [...weights].sort(([, a], [, b]) => b - a)) {
    if (weight < all * WORTH_NAMING || !module.startsWith('/') || isOfSystem(module)) continue;
    // One that is gone by now has notes of its own.
    if (await isUnoptimized(module).catch(() => false)) found.push(module);
  }
  if (found.length === 0) return [];
  return [
    `${found.join(', ')} ${found.length === 1 ? 'was' : 'were'} compiled without optimization: an optimized build spends its time elsewhere. Compile with -O2.`,
  ];
}
