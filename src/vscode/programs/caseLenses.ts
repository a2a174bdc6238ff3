import * as vscode from 'vscode';
import { findCases, type SourceCase } from '../../core/programs/testCases.js';
import { findProjects } from '../../core/programs/projects.js';
import { command } from '../shared/commands.js';
import { commandIds, settings, type CaseRef } from '../shared/contributions.js';
import { onSettingChanged, readSetting } from '../shared/settings.js';

/** Offers "Profile | Count" above what a source file can run: its main, its tests, and its benchmarks. */
export class CaseLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.changed.event;
  private readonly subscription = onSettingChanged([settings.codeLens], () => this.changed.fire());

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const folder = vscode.workspace.getWorkspaceFolder(document.uri);
    if (!folder || !readSetting(settings.codeLens, document) || !vscode.workspace.isTrusted) return [];
    const cases = findCases(document.getText());
    if (cases.length === 0 || (await findProjects(folder.uri.fsPath)).length === 0) return [];
    return cases.flatMap((one) => lenses(document, one));
  }

  dispose(): void {
    vscode.Disposable.from(this.changed, this.subscription).dispose();
  }
}

function lenses(document: vscode.TextDocument, { line, name, args }: SourceCase): vscode.CodeLens[] {
  const range = document.lineAt(line).range;
  const ref: CaseRef = { file: document.uri.fsPath, name, args };
  return [
    new vscode.CodeLens(range, command(commandIds.profileCase, vscode.l10n.t('Profile'), ref)),
    new vscode.CodeLens(range, command(commandIds.countCase, vscode.l10n.t('Count'), ref)),
  ];
}
