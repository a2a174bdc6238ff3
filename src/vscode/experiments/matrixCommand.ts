import * as vscode from 'vscode';
import { matrixPage } from '../../core/experimentPages/matrixPage.js';
import { pageActions } from '../../core/experimentPages/pageActions.js';
import { runMatrix } from '../../core/experiments/matrix.js';
import type { MatrixResult } from '../../core/experiments/matrixResult.js';
import { placeOf } from '../../core/experiments/place.js';
import type { Matrix } from '../../core/lab/labFile.js';
import { plural } from '../../text/numbers.js';
import { settings } from '../shared/contributions.js';
import { inform } from '../shared/messages.js';
import { readSetting } from '../shared/settings.js';
import type { ComparisonParts } from './comparisonCommand.js';

interface MatrixRef {
  readonly labFile: string;
  readonly matrix: Matrix;
}

/** Measures every combination of a matrix of the lab file. */
export async function measureMatrix(parts: ComparisonParts): Promise<void> {
  const ref = await pickMatrix(parts);
  if (ref) await measure(parts, ref, false);
}

async function measure(parts: ComparisonParts, ref: MatrixRef, resume: boolean): Promise<void> {
  const { measurements, runner, views } = parts;
  const { labFile, matrix } = ref;
  const key = `matrix ${labFile} ${matrix.name}`;
  const stop = { [pageActions.stop]: () => runner.cancel() };
  let soFar: MatrixResult | undefined;
  let message = '';
  const draw = () => {
    const [result, text] = [soFar, message];
    if (result) views.show(key, () => matrixPage(result, text), stop);
  };
  const result = await measurements.experiment(
    'matrix',
    { labFile, preset: matrix.preset },
    (laboratory, context) => {
      const progress = (text: string) => {
        message = text;
        context.progress(text);
        draw();
      };
      const options = { seconds: readSetting(settings.matrixSeconds) };
      return runMatrix(placeOf(laboratory), matrix, options, resume, { ...context, progress }, (result) => {
        soFar = result;
        draw();
      });
    },
  );
  const shown = result ?? soFar;
  if (shown)
    views.show(key, () => matrixPage(shown, null), { [pageActions.more]: () => measure(parts, ref, true) });
}

async function pickMatrix({ labs }: ComparisonParts): Promise<MatrixRef | undefined> {
  await labs.ready();
  const items = labs.all.flatMap(({ file, laboratory }) =>
    (laboratory?.lab.definition.matrix ?? []).map((matrix) => ({
      label: matrix.name,
      description: matrix.preset,
      detail: `${matrix.options.map(({ name, values }) => `${name}=${values.join('|')}`).join(' ')} · ${plural(matrix.options.length, 'option')}`,
      ref: { labFile: file, matrix },
    })),
  );
  if (items.length === 0) {
    void inform(vscode.l10n.t('No lab file of this window has a matrix. Add one under "matrix".'));
    return undefined;
  }
  if (items.length === 1) return items[0]?.ref;
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Measure Matrix'),
    placeHolder: vscode.l10n.t('Choose a matrix'),
  });
  return chosen?.ref;
}
