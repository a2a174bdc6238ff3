/** The shown run beside another one, each under its filters, and what makes parts of the two the same. */
import type { Estimate } from '../../src/statistics/estimate.js';
import { differenceOf, type Differences, type Whole } from '../../src/statistics/shareDifferences.js';
import { alignmentKey } from '../../src/views/diffTree.js';
import { FilteredProfile } from '../store/filteredProfile.js';
import type { OtherRun, PanelModel } from '../store/panelModel.js';
import { noFilters } from '../store/panelState.js';

export interface Pair {
  /** The other run. */
  readonly a: FilteredProfile;
  /** The shown run. */
  readonly b: FilteredProfile;
}

/** Whole recordings, whatever the filters, of one event. */
export function wholePair({ data, shown }: PanelModel, other: OtherRun): Pair {
  const filters = { ...noFilters, event: shown.eventDescription?.name ?? '' };
  return { a: new FilteredProfile(other.data, filters), b: new FilteredProfile(data, filters) };
}

/** The filters apply to both runs, except those by thread and time, which mean something in one recording only. */
export function filteredPair({ state, shown }: PanelModel, other: OtherRun): Pair {
  const event = shown.eventDescription?.name ?? '';
  const filters = { ...state.filters, event, threads: [], time: null };
  return { a: new FilteredProfile(other.data, filters), b: shown };
}

/** Shares of different events mean different things. */
export function sameEvent({ a, b }: Pair): boolean {
  return a.eventDescription?.name === b.eventDescription?.name;
}

/** What makes a function the same in both runs. */
export function functionKey({ data, profile }: FilteredProfile, func: number): string {
  const { name, module } = data.nameOf(func);
  return alignmentKey(name, module, profile.program);
}

/** What one part costs in both runs, in the unit of the wholes' `cost`. */
export interface ComparedPart {
  readonly a: number;
  readonly b: number;
  /** B - A. */
  readonly difference: Estimate;
  /** 1 where B is significantly more, -1 where it is less, 0 within noise. */
  readonly verdict: number;
}

export function partOf(differences: Differences, a: Whole, b: Whole, i: number): ComparedPart {
  return {
    a: differences.a[i] ?? 0,
    b: differences.b[i] ?? 0,
    difference: differenceOf(differences, a, b, i),
    verdict: differences.verdict[i] ?? 0,
  };
}
