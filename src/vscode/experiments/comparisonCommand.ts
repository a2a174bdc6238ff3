import * as vscode from 'vscode';
import type { TaskContext } from '../../core/context.js';
import { comparisonPage } from '../../core/experimentPages/comparisonPage.js';
import { pageActions } from '../../core/experimentPages/pageActions.js';
import {
  compare,
  continueComparison,
  type Compared,
  type LiveComparison,
} from '../../core/experiments/compare.js';
import { placeOf, type Place } from '../../core/experiments/place.js';
import type { Details } from '../../core/experiments/whereDifferent.js';
import type { LabService } from '../labs/labService.js';
import type { Measurements } from '../runs/execution/measurements.js';
import type { Runner } from '../runs/execution/runner.js';
import { executeCommand } from '../shared/commands.js';
import { commandIds, settings, type PresetRef } from '../shared/contributions.js';
import { readSetting } from '../shared/settings.js';
import type { ExperimentViews } from './experimentViews.js';
import { pickBaseline } from './pickBaseline.js';

export interface ComparisonParts {
  readonly labs: LabService;
  readonly runner: Runner;
  readonly measurements: Measurements;
  readonly views: ExperimentViews;
}

type Measure = (
  place: Place,
  context: TaskContext,
  onProgress: (live: LiveComparison) => void,
) => Promise<Compared>;

/** Asks what to compare a preset with, and measures both until the verdict is clear or the time is up. */
export async function compareSpeed(parts: ComparisonParts, ref: PresetRef): Promise<void> {
  const { lab } = await parts.labs.prepare(ref);
  const baseline = await pickBaseline(lab, ref.preset);
  if (baseline === undefined) return;
  const asked = { sides: [baseline, `preset:${ref.preset}`] as const, preset: ref.preset };
  const others = baseline.startsWith('preset:') ? [baseline.slice('preset:'.length)] : [];
  await measure(
    parts,
    ref,
    (place, context, onProgress) => compare(place, asked, options(), context, onProgress),
    others,
  );
}

function options() {
  return {
    margin: readSetting(settings.compareMargin) / 100,
    seconds: readSetting(settings.compareSeconds),
    details: true,
  };
}

async function measure(
  parts: ComparisonParts,
  ref: PresetRef,
  work: Measure,
  others: readonly string[],
): Promise<void> {
  const { measurements, runner, views } = parts;
  const key = keyOf(ref);
  let live: LiveComparison | undefined;
  const stop = { [pageActions.stop]: () => runner.cancel() };
  const show = (message: string, secondsLeft = 0) => {
    const { soFar } = live ?? {};
    if (soFar) views.show(key, () => comparisonPage(soFar(), null, { secondsLeft, message }), stop);
  };
  const compared = await measurements.experiment(
    'compare',
    ref,
    (laboratory, context) => {
      const progress = (message: string) => {
        context.progress(message);
        show(message);
      };
      return work(placeOf(laboratory), { ...context, progress }, (now) => {
        live = now;
        show(vscode.l10n.t('Measuring.'), now.secondsLeft);
      });
    },
    others,
  );
  const shown = compared ?? (live && { comparison: live.soFar(), details: null });
  if (shown) showDone(parts, ref, shown, others);
}

/** A comparison that was measured in this window, and can be continued. */
function showDone(
  parts: ComparisonParts,
  ref: PresetRef,
  { comparison, details }: Compared,
  others: readonly string[],
): void {
  const { experiment } = comparison;
  parts.views.show(keyOf(ref), () => comparisonPage(comparison, details, null), {
    [pageActions.more]: () =>
      measure(
        parts,
        ref,
        (place, context, onProgress) => continueComparison(place, experiment, options(), context, onProgress),
        others,
      ),
    [pageActions.difference]: () => showDifference(ref.labFile, details),
  });
}

const keyOf = ({ labFile, preset }: PresetRef) => `comparison ${labFile} ${preset}`;

/** Both profiles, as a differential flame graph. */
export async function showDifference(labFile: string, details: Details | null): Promise<void> {
  if (!details?.profile) return;
  const { a, b } = details.profile;
  await executeCommand(commandIds.openRun, { labFile, runId: b });
  await executeCommand(commandIds.compareWith, { labFile, runId: a });
}
