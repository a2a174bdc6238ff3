import * as vscode from 'vscode';
import { readSetting } from './settings.js';
import { panelViewType, settings } from './contributions.js';

/**
 * Where panel and source stand. Below one another by default: a flame graph wants width, and so does source with
 * annotations at the ends of its lines. A layout that the user has made is used as it is.
 */

/** Share of the height that the source keeps. */
const sourceShare = 0.55;

/** The group for a panel that is opened; makes one below the source where there is only the source. */
export async function columnForPanel(): Promise<vscode.ViewColumn> {
  const groups = vscode.window.tabGroups.all;
  if (groups.every(({ tabs }) => tabs.length === 0)) return vscode.ViewColumn.Active;
  if (groups.length > 1 || readSetting(settings.panelPosition) === 'beside') return vscode.ViewColumn.Beside;
  const editor = vscode.window.activeTextEditor;
  const place = editor?.selection.active;
  const wasInView = place && editor.visibleRanges.some((range) => range.contains(place));
  await vscode.commands.executeCommand('vscode.setEditorLayout', {
    orientation: 1,
    groups: [{ size: sourceShare }, { size: 1 - sourceShare }],
  });
  // The source has lost height: what was being read stays in view.
  if (wasInView) editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenter);
  return vscode.ViewColumn.Two;
}

/** The group for a source that is opened: where it is open already, else away from the panel. */
export async function columnForSource(uri: vscode.Uri): Promise<vscode.ViewColumn> {
  const shown = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  if (shown?.viewColumn !== undefined) return shown.viewColumn;
  const panel = panelColumn();
  if (panel === undefined) return vscode.ViewColumn.Active;
  const other = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn !== panel);
  if (other) return other.viewColumn;
  if (readSetting(settings.panelPosition) === 'beside') return vscode.ViewColumn.Beside;
  await vscode.commands.executeCommand('workbench.action.newGroupAbove');
  return vscode.ViewColumn.Active;
}

/** Where the panel is, when it is open. */
function panelColumn(): vscode.ViewColumn | undefined {
  return vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(isPanel))?.viewColumn;
}

/** VS Code puts a prefix of its own before the type. */
function isPanel({ input }: vscode.Tab): boolean {
  return input instanceof vscode.TabInputWebview && input.viewType.endsWith(panelViewType);
}
