import * as vscode from 'vscode';
import { count, digits3, percent, seconds } from '../../text/numbers.js';
import { isClock } from '../../views/sampleCount.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import type { AnnotationUnit } from '../shared/contributions.js';

/** A cost as it is measured: its share of the profile, and the samples that it is counted by. */
export interface Measured {
  readonly percent: number;
  readonly samples: number;
}

/** How a cost is written behind a line. */
export type Figure = (cost: Measured) => string;

export const asPercent: Figure = ({ percent: share }) => percent(share / 100);

/** Seconds that a weight of one stands for, of events that measure time. */
function secondsOf({ name, unit }: { readonly name: string; readonly unit?: string }): number | undefined {
  if (isClock(name)) return 1e-9;
  const units: Readonly<Record<string, number>> = {
    nanoseconds: 1e-9,
    microseconds: 1e-6,
    milliseconds: 1e-3,
    seconds: 1,
  };
  return unit === undefined ? undefined : units[unit];
}

/** In the unit that the user chose; in percent where the run has no such figure. */
export function figureOf({ samples, run }: ShownRun, unit: AnnotationUnit): Figure {
  const { event } = samples.profile;
  const { taken } = event;
  if (unit === 'samples' && !event.exact && taken !== null)
    return (cost) => {
      // The profile's samples may be sums.
      const here = taken === undefined ? cost.samples : Math.round((cost.percent / 100) * taken);
      return here === 1 ? vscode.l10n.t('1 sample') : vscode.l10n.t('{0} samples', count(here));
    };
  if (unit === 'time') {
    const scale = secondsOf(event);
    const all = samples.tree.total[0] as number;
    if (scale !== undefined) return (cost) => seconds((cost.percent / 100) * all * scale);
  }
  const perOp = event.exact ? run.stat?.derived.instructionsPerOp : undefined;
  if (unit === 'perOperation' && perOp !== undefined)
    return (cost) => vscode.l10n.t('{0} instructions/op', digits3((cost.percent / 100) * perOp));
  return asPercent;
}
