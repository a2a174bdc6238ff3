/** What both tabs that compare say of two runs. Pure. */
import { dateTime } from '../../src/text/dates.js';
import { differentArguments } from '../../src/text/differentArguments.js';
import { signed } from '../../src/text/numbers.js';
import { printable } from '../../src/text/printable.js';
import type { PanelProfile } from '../../src/wire/protocol.js';
import type { OtherRun } from '../store/panelModel.js';
import { sameEvent, type ComparedPart, type Pair } from './pair.js';
import type { OperationCost } from './perOperation.js';

export const texts = {
  chooseRun: 'Choose run...',
  columns: { a: 'A', b: 'B', difference: 'B − A', interval: '95% CI', verdict: 'Verdict' },
  unattributed: 'Samples without a function',
  significance: 'Significance: FDR 5%, sampling error only.',
  wholeRecordings: 'The filters of the other tabs do not apply here: whole recordings are compared.',
  oneRecordingOnly: 'The filters by thread and time apply to B only: they belong to one recording.',
} as const;

/** Names a run so that two of the same name can be told apart. */
export function runTitle({ name, createdAt }: Pick<PanelProfile, 'name' | 'createdAt'>): string {
  return `${printable(name)}, ${dateTime(createdAt)}`;
}

/** A run in a list to choose from. */
export function runLabel({ slot, data }: OtherRun): string {
  return `${slot === 'baseline' ? 'Baseline: ' : ''}${runTitle(data.profile)}`;
}

export function eventWarning(pair: Pair): string[] {
  if (sameEvent(pair)) return [];
  const [a, b] = [pair.a, pair.b].map(({ eventDescription }) => printable(eventDescription?.name ?? ''));
  return [`A was recorded with ${a ?? ''} and B with ${b ?? ''}: their shares mean different things.`];
}

/** One for both runs where they were made alike, as two runs of one preset are. */
export function remarksOn(a: PanelProfile, b: PanelProfile): string[] {
  const [ofA, ofB] = [a.differentArguments, b.differentArguments];
  if (ofA && ofB && ofA.throughput === ofB.throughput && ofA.shares === ofB.shares)
    return [printable(differentArguments(ofB, 'both'))];
  return [
    ...(ofA ? [printable(differentArguments(ofA, 'A'))] : []),
    ...(ofB ? [printable(differentArguments(ofB, 'B'))] : []),
  ];
}

/** Why costs per operation cannot be compared; empty if they can. */
export function reasonAgainst(
  a: OperationCost | string,
  b: OperationCost | string,
  sameEvents: boolean,
): string {
  if (!sameEvents) return 'The runs were recorded with different events.';
  if (typeof a === 'string') return `A ${a}.`;
  if (typeof b === 'string') return `B ${b}.`;
  return a.unit === b.unit ? '' : `A is in ${a.unit} and B in ${b.unit}.`;
}

export function verdictText(verdict: number): string {
  return verdict === 0 ? 'within noise' : verdict > 0 ? 'more in B' : 'less in B';
}

/** `−24.0% to −15.9%`: a dash between signed figures would read as one more sign. */
export function intervalOfDifference(
  { low, high }: ComparedPart['difference'],
  format: (value: number) => string,
): string {
  return `${signed(low, format)} to ${signed(high, format)}`;
}

/** `only in A`; empty where both have it. */
export function onlyText(side: 'A' | 'B' | ''): string {
  return side === '' ? '' : `only in ${side}`;
}
