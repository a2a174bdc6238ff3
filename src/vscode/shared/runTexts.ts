/** A saved run in a few words, the same in tree, status bar, pickers and messages. */
import * as vscode from 'vscode';
import type { BenchResult } from '../../model/benchResult.js';
import type { RunDocument } from '../../model/run.js';
import { count, digits3, opsPerSec } from '../../text/numbers.js';

/** The preset's own result; the others are those of competitors. */
export function ownResult(run: RunDocument): BenchResult | undefined {
  return run.results[0];
}

/** The result of a run in one line: throughput where it was measured, else what else was counted. */
export function runSummary(run: RunDocument): string {
  const own = ownResult(run);
  if (own) return opsPerSec(own.opsPerSec.median);
  const { instructionsPerOp } = run.stat?.derived ?? {};
  if (instructionsPerOp !== undefined)
    return vscode.l10n.t('{0} instructions/op', digits3(instructionsPerOp));
  return run.samples === null ? vscode.l10n.t('no result') : sampleCount(run.samples);
}

/** `1 sample`, `10,313 samples`. */
export function sampleCount(samples: number): string {
  return samples === 1 ? vscode.l10n.t('1 sample') : vscode.l10n.t('{0} samples', count(samples));
}
