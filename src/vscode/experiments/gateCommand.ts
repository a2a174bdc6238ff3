import path from 'node:path';
import * as vscode from 'vscode';
import { gatePage } from '../../core/experimentPages/gatePage.js';
import { pageActions } from '../../core/experimentPages/pageActions.js';
import { verdictText } from '../../core/experiments/comparisonText.js';
import { concludeGate, runGate, type CheckResult, type GateResult } from '../../core/experiments/gate.js';
import { GATE_FILE_NAME, loadGateFile } from '../../core/experiments/gateFile.js';
import { placeOf } from '../../core/experiments/place.js';
import { exists, readRegularText } from '../../core/files.js';
import { labFolder } from '../../core/lab/loadLab.js';
import type { GateVerdicts } from '../labs/gateVerdicts.js';
import { locateJson } from '../labs/jsonPlace.js';
import { inform } from '../shared/messages.js';
import type { ComparisonParts } from './comparisonCommand.js';

export interface GateParts extends ComparisonParts {
  readonly verdicts: GateVerdicts;
  readonly problems: vscode.DiagnosticCollection;
}

/** Runs the checks of the gate's file beside the lab file, and marks those that fail in it. */
export async function measureGate(parts: GateParts): Promise<void> {
  const { measurements, runner, views, verdicts } = parts;
  const labFile = await labWithGate(parts);
  if (labFile === undefined) return;
  const file = path.join(labFolder(labFile), GATE_FILE_NAME);
  const gate = await loadGateFile(file);
  const key = `gate ${labFile}`;
  const stop = { [pageActions.stop]: () => runner.cancel() };
  let soFar: GateResult = concludeGate(gate, []);
  const result = await measurements.experiment('gate', { labFile, preset: '' }, (laboratory, context) =>
    runGate(
      placeOf(laboratory),
      gate,
      undefined,
      {
        ...context,
        progress(message) {
          context.progress(message);
          const result = soFar;
          views.show(key, () => gatePage(result, message), stop);
        },
      },
      (live) => (soFar = live),
    ),
  );
  const shown = result ?? soFar;
  views.show(key, () => gatePage(shown, null), {});
  verdicts.set(labFile, shown.checks.filter(({ verdict }) => verdict === 'slower').length);
  await mark(parts.problems, file, shown.checks);
}

async function labWithGate({ labs }: GateParts): Promise<string | undefined> {
  await labs.ready();
  const found: string[] = [];
  for (const { file, laboratory } of labs.all)
    if (laboratory && (await exists(path.join(labFolder(file), GATE_FILE_NAME)))) found.push(file);
  if (found.length > 1) return vscode.window.showQuickPick(found, { title: vscode.l10n.t('Run Gate') });
  if (found.length === 0) {
    void inform(
      vscode.l10n.t(
        'There is no {0} beside a lab file of this window. It names the presets that must not become slower, and what they are measured beside.',
        GATE_FILE_NAME,
      ),
    );
  }
  return found[0];
}

/** In the gate's file, at the preset of each check that isn't fine. */
async function mark(
  problems: vscode.DiagnosticCollection,
  file: string,
  checks: readonly CheckResult[],
): Promise<void> {
  const text = await readRegularText(file);
  const document = await vscode.workspace.openTextDocument(file);
  const found = checks.flatMap(({ verdict, comparison, instructions }, i) => {
    if (verdict !== 'slower' && verdict !== 'unclear') return [];
    const { start, end } = locateJson(text, ['checks', i, 'preset']);
    const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
    const counted =
      instructions?.verdict === 'slower'
        ? vscode.l10n.t(' It executes more instructions per operation.')
        : '';
    const problem = new vscode.Diagnostic(
      range,
      verdictText(comparison) + counted,
      verdict === 'slower' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Information,
    );
    problem.source = 'HAKMEM Lab';
    return [problem];
  });
  problems.set(vscode.Uri.file(file), found);
}
