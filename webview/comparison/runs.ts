/** The shown run beside another one: aligned, normalised and tested. Computed once for a pair and its filters. */
import { buildCallTree } from '../../src/views/callTree.js';
import { alignmentKey, buildDiff, wholeOf, type Diff, type DiffSide } from '../../src/views/diffTree.js';
import { exactly, type Estimate } from '../../src/statistics/estimate.js';
import { differentArguments } from '../../src/text/differentArguments.js';
import { sampleMask } from '../../src/views/sampleFilter.js';
import type { ComparedRun, PanelProfile } from '../../src/wire/protocol.js';
import { localTime, percent, printable, scaled } from '../text/format.js';
import type { PanelModel } from '../store/panelModel.js';
import { ProfileData } from '../store/profileData.js';
import { operationCost } from './perOperation.js';

export type Normalisation = 'share' | 'operation';

export interface Comparison {
  readonly diff: Diff;
  readonly a: ProfileData;
  readonly b: ProfileData;
  readonly normalisation: Normalisation;
  /** Why costs per operation cannot be compared; empty where they can. */
  readonly noOperations: string;
  /** What the reader must know before believing anything: different events, filters of one side. */
  readonly warnings: readonly string[];
  /** How the figures were taken, where that matters to what is made of them. */
  readonly remarks: readonly string[];
  /** A figure in the unit of the comparison. */
  format(value: number): string;
  formatDelta(value: number): string;
}

/** Names a run so that two of the same preset can be told apart. */
export function runTitle({ profile }: ProfileData): string {
  return `${printable(profile.preset)}, ${localTime(profile.createdAt)}`;
}

export function compareRuns(model: PanelModel, other: ComparedRun, wanted: Normalisation): Comparison {
  const [a, b] = [new ProfileData(other.profile), model.data];
  const eventB = b.profile.events[model.event];
  const sameName = a.profile.events.findIndex(({ name }) => name === eventB?.name);
  const eventIndexA = Math.max(0, sameName);
  const eventA = a.profile.events[eventIndexA];
  const warnings: string[] = [];
  if (sameName < 0)
    warnings.push(
      `A was recorded with ${printable(eventA?.name ?? '')} and B with ${printable(eventB?.name ?? '')}: their shares mean different things.`,
    );
  const maskA = sampleMask(a.profile, { event: eventIndexA });
  const costs = [
    costOf(a, eventIndexA, maskA),
    costOf(b, model.event, sampleMask(b.profile, { event: model.event })),
  ] as const;
  const noOperations = reasonAgainst(costs[0], costs[1], sameName < 0);
  const [costA, costB] = costs;
  const perOperation = wanted === 'operation' && noOperations === '';
  const unit = perOperation && typeof costA !== 'string' ? costA.unit : '';
  if (model.mask !== undefined && hasFilters(model))
    warnings.push('The filters of the other tabs do not apply here: whole recordings are compared.');
  const whole = (cost: typeof costA) => (perOperation && typeof cost !== 'string' ? cost.cost : exactly(1));
  const diff = buildDiff(
    sideOf(a, eventIndexA, whole(costA), maskA),
    sideOf(b, model.event, whole(costB), sampleMask(b.profile, { event: model.event })),
  );
  return {
    diff,
    a,
    b,
    normalisation: perOperation ? 'operation' : 'share',
    noOperations,
    warnings,
    remarks: remarksOn(a.profile, b.profile),
    format: (value) => (perOperation ? `${scaled(value)} ${unit}` : percent(value)),
    formatDelta: (value) => signed(value, perOperation ? (v) => `${scaled(v)} ${unit}` : percent),
  };
}

/** One for both runs where they were made alike, as two runs of one preset are. */
function remarksOn(a: PanelProfile, b: PanelProfile): string[] {
  const [ofA, ofB] = [a.differentArguments, b.differentArguments];
  if (ofA && ofB && ofA.throughput === ofB.throughput && ofA.shares === ofB.shares)
    return [printable(differentArguments(ofB, 'both'))];
  return [
    ...(ofA ? [printable(differentArguments(ofA, 'A'))] : []),
    ...(ofB ? [printable(differentArguments(ofB, 'B'))] : []),
  ];
}

export function signed(value: number, format: (value: number) => string): string {
  const text = format(Math.abs(value));
  return /^0(\.0+)?(?![\d.])/.test(text) ? text : `${value < 0 ? '−' : '+'}${text}`;
}

function hasFilters({ state: { filters } }: PanelModel): boolean {
  const { threads, time, categories, modules } = filters;
  return threads.length + categories.length + modules.length > 0 || time !== null;
}

function costOf(data: ProfileData, event: number, mask: Uint8Array | undefined) {
  const { weight } = data.profile.samples;
  let all = 0;
  for (let i = 0; i < weight.length; i++) if (mask?.[i] !== 0) all += weight[i] ?? 0;
  return operationCost(data.profile, data.profile.events[event] ?? { name: '' }, all);
}

function reasonAgainst(
  a: ReturnType<typeof operationCost>,
  b: ReturnType<typeof operationCost>,
  differentEvents: boolean,
): string {
  if (differentEvents) return 'The runs were recorded with different events.';
  if (typeof a === 'string') return `A ${a}.`;
  if (typeof b === 'string') return `B ${b}.`;
  return a.unit === b.unit ? '' : `A is in ${a.unit} and B in ${b.unit}.`;
}

function sideOf(data: ProfileData, event: number, cost: Estimate, mask: Uint8Array | undefined): DiffSide {
  const { profile } = data;
  const described = profile.events[event];
  const weights =
    mask === undefined ? profile.samples.weight : profile.samples.weight.filter((_, i) => mask[i] !== 0);
  return {
    tree: buildCallTree(profile, { selected: mask }),
    functionCount: data.functionCount,
    key: (func) => {
      const { name, module } = data.nameOf(func);
      return alignmentKey(name, module, profile.program);
    },
    whole: wholeOf(weights, cost, {
      exact: described?.exact === true,
      // Folded stacks and reports in text: one line stands for so many samples.
      countsSamples: described?.name === 'samples',
    }),
  };
}
