/** The shown run beside another one: aligned, normalized and tested. Computed once for a pair and its event. */
import { exactly, type Estimate } from '../../src/statistics/estimate.js';
import { signed, percent, scaled } from '../../src/text/numbers.js';
import { buildDiff, type Diff, type DiffSide } from '../../src/views/diffTree.js';
import type { FilteredProfile } from '../store/filteredProfile.js';
import type { OtherRun, PanelModel } from '../store/panelModel.js';
import { functionKey, sameEvent, wholePair } from './pair.js';
import { operationCost } from './perOperation.js';
import { reasonAgainst, remarksOn, eventWarning, texts } from './texts.js';

export type Normalization = 'share' | 'operation';

export interface Comparison {
  readonly diff: Diff;
  readonly a: FilteredProfile;
  readonly b: FilteredProfile;
  readonly normalization: Normalization;
  /** Why costs per operation cannot be compared; empty if they can. */
  readonly noOperations: string;
  /** Anything that makes the figures misleading: different events, filters that do not apply. */
  readonly warnings: readonly string[];
  /** How the figures were measured, if that limits what follows from them. */
  readonly remarks: readonly string[];
  /** A figure in the unit of the comparison. */
  format(value: number): string;
  formatDelta(value: number): string;
}

export function compareRuns(model: PanelModel, other: OtherRun, wanted: Normalization): Comparison {
  const pair = wholePair(model, other);
  const { a, b } = pair;
  const [costA, costB] = [costOf(a), costOf(b)];
  const noOperations = reasonAgainst(costA, costB, sameEvent(pair));
  const perOperation = wanted === 'operation' && noOperations === '';
  const whole = (cost: typeof costA): Estimate =>
    perOperation && typeof cost !== 'string' ? cost.cost : exactly(1);
  const unit = typeof costA === 'string' ? '' : costA.unit;
  const format = perOperation ? (value: number) => `${scaled(value)} ${unit}` : percent;
  return {
    diff: buildDiff(sideOf(a, whole(costA)), sideOf(b, whole(costB))),
    a,
    b,
    normalization: perOperation ? 'operation' : 'share',
    noOperations,
    warnings: [...eventWarning(pair), ...(hasFilters(model) ? [texts.wholeRecordings] : [])],
    remarks: remarksOn(a.profile, b.profile),
    format,
    formatDelta: (value) => signed(value, format),
  };
}

function hasFilters({ state: { filters } }: PanelModel): boolean {
  const { threads, time, categories, modules } = filters;
  return threads.length + categories.length + modules.length > 0 || time !== null;
}

function costOf({ profile, eventDescription, totalWeight }: FilteredProfile) {
  return operationCost(profile, eventDescription ?? { name: '' }, totalWeight);
}

function sideOf(shown: FilteredProfile, cost: Estimate): DiffSide {
  return {
    tree: shown.tree,
    functionCount: shown.data.functionCount,
    key: (func) => functionKey(shown, func),
    whole: shown.whole(cost),
  };
}
