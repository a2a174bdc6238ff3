import * as vscode from 'vscode';
import { LabError } from '../../core/labError.js';
import { findProjects } from '../../core/programs/projects.js';
import { findCases, type SourceCase } from '../../core/programs/testCases.js';
import { testTarget } from '../../core/programs/testTarget.js';
import type { RecordRequest } from '../runs/execution/measurements.js';
import type { CaseRef, TestItemRef } from '../shared/contributions.js';

/** What a test is run by: a case of a source file, or an entry of the build system's list of tests. */
export type TestStart = { readonly source: CaseRef } | { readonly request: RecordRequest };

/** @throws LabError `program-missing`, `not-supported` for a group of tests, or a test that nothing tells how to run */
export async function startOfTest(item: TestItemRef, folder: string): Promise<TestStart> {
  const { id, label, uri, range, children } = item;
  if (children.size > 0) {
    throw new LabError('not-supported', vscode.l10n.t('{0} is a group of tests.', label), {
      remedy: { text: vscode.l10n.t('Profile one of its tests.') },
    });
  }
  if (uri?.scheme === 'file') {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(uri.fsPath));
    const found = caseOf(findCases(document.getText()), label, range?.start.line);
    if (found) return { source: { file: uri.fsPath, name: found.name, args: found.args } };
  }
  const listed = (await findProjects(folder)).some(({ system }) => system.tests !== undefined);
  if (!listed) {
    throw new LabError('not-supported', vscode.l10n.t('Nothing says how the test {0} is run.', label), {
      remedy: { text: vscode.l10n.t('Profile the command that runs it.') },
    });
  }
  // CMake Tools names its items like the tests of CTest; so do others with the label.
  const name = vscode.l10n.t('the test {0}', id);
  return {
    request: {
      folder,
      name,
      target: (context) => testTarget(folder, `^(?:${escaped(id)}|${escaped(label)})$`, context),
    },
  };
}

/** The test on a line of the source, or else the only one with the name. */
export function caseOf(
  cases: readonly SourceCase[],
  label: string,
  line: number | undefined,
): SourceCase | undefined {
  const tests = cases.filter(({ name }) => name !== 'main');
  const onLine = tests.find((one) => one.line === line);
  if (onLine) return onLine;
  const named = tests.filter(({ name }) => name === label || name.endsWith(`.${label}`));
  return named.length === 1 ? named[0] : undefined;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
