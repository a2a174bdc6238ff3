import { medianInterval } from '../../statistics/medianInterval.js';
import { effectiveSamples, exactly, wilsonInterval, type Estimate } from '../../statistics/estimate.js';
import type { RunDocument } from '../../model/run.js';
import type { Criterion } from '../lab/labFile.js';
import type { ReportedRun } from './reportData.js';

export interface CriterionResult {
  readonly criterion: Criterion;
  readonly result: 'met' | 'missed' | 'unclear' | 'not measured';
  /** In the unit of the criterion: percent, operations per second, MiB, or a ratio. */
  readonly measured: Estimate | null;
  readonly run: string | null;
}

/** The criterion against the newest run of its preset that measured it. @param runs newest first */
export function checkCriterion(
  criterion: Criterion,
  runs: readonly RunDocument[],
  subject: ReportedRun | undefined,
): CriterionResult {
  const own = runs.filter(({ preset }) => preset.name === criterion.preset);
  for (const run of own) {
    const measured = measure(criterion, run, subject);
    if (measured) return { criterion, result: judge(criterion, measured), measured, run: run.id };
  }
  return { criterion, result: 'not measured', measured: null, run: null };
}

/** Met or missed only if the whole interval is. */
function judge({ atLeast, atMost }: Criterion, { low, high }: Estimate): CriterionResult['result'] {
  if (atLeast !== undefined) return low >= atLeast ? 'met' : high < atLeast ? 'missed' : 'unclear';
  const most = atMost ?? Infinity;
  return high <= most ? 'met' : low > most ? 'missed' : 'unclear';
}

function measure(
  { measure: what, category, relativeTo }: Criterion,
  run: RunDocument,
  subject: ReportedRun | undefined,
): Estimate | null {
  if (what === 'share') return subject && run.id === subject.run.id ? shareOf(category ?? '', subject) : null;
  const [own] = run.results;
  const rival = relativeTo === undefined ? null : run.results.find((one) => one.allocator === relativeTo);
  if (!own || rival === undefined) return null;
  if (what === 'memory') {
    const value = own.peakRssBytes;
    if (value === null || rival?.peakRssBytes === null) return null;
    return exactly(rival ? value / rival.peakRssBytes : value / 2 ** 20);
  }
  if (!rival) return estimateOf(own.opsPerSec);
  // Repeats alternate, so that each has a counterpart that saw the same machine.
  const ratios = own.opsPerSec.samples.map((value, i) => value / (rival.opsPerSec.samples[i] ?? NaN));
  return estimateOf(medianInterval(ratios.filter(Number.isFinite)));
}

function estimateOf({ median, ci95: [low, high] }: RunDocument['results'][number]['opsPerSec']): Estimate {
  return { value: median, low, high };
}

/** A category's share in percent, with the interval of what was sampled. */
function shareOf(category: string, { document, profile }: ReportedRun): Estimate {
  const percent = document.categories.find(({ name }) => name === category)?.selfPercent ?? 0;
  return percentInterval(percent, document.exact === true, profile);
}

export function percentInterval(
  percent: number,
  exact: boolean,
  { samples }: ReportedRun['profile'],
): Estimate {
  if (exact) return exactly(percent);
  let [sum, squares] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    if (samples.event[i] !== 0) continue;
    const weight = samples.weight[i] as number;
    sum += weight;
    squares += weight * weight;
  }
  const { low, high } = wilsonInterval(percent / 100, effectiveSamples(sum, squares));
  return { value: percent, low: low * 100, high: high * 100 };
}
