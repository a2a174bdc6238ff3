import { functionCosts } from '../../../src/views/costs.js';
import type { Profile } from '../../../src/model/profile.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

export interface Shares {
  readonly self: number;
  readonly total: number;
}

/** Self and total percentages by name of function; functions of one name are added up. */
export function shares(profile: Profile, event = 0): Map<string, Shares> {
  const costs = functionCosts(ofEvent(profile, event));
  const found = new Map<string, Shares>();
  for (let f = 0; f < profile.functions.length; f++) {
    const name = profile.strings[profile.functions.name[f] as number] as string;
    const before = found.get(name) ?? { self: 0, total: 0 };
    found.set(name, {
      self: before.self + ((costs.self[f] as number) / costs.all) * 100,
      total: before.total + ((costs.total[f] as number) / costs.all) * 100,
    });
  }
  return found;
}

/** As `shares`, rounded, for `toEqual`; functions without any share are left out. */
export function roundedShares(profile: Profile, digits = 6, event = 0): Record<string, Shares> {
  const round = (value: number) => Number(value.toFixed(digits)) + 0;
  return Object.fromEntries(
    [...shares(profile, event)]
      .filter(([, s]) => s.total > 0)
      .map(([name, s]) => [name, { self: round(s.self), total: round(s.total) }] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

export function selfSum(profile: Profile): number {
  return [...shares(profile).values()].reduce((sum, s) => sum + s.self, 0);
}

/** The rows of a `perf report` text with one percentage and a symbol, as printed. */
export function reportRows(text: string): Map<string, string> {
  const rows = [...text.matchAll(/^ *(\d+\.\d\d)%.*?\[[.k]\] (.*\S)/gm)];
  return new Map(rows.map((row) => [row[2] as string, row[1] as string]));
}
