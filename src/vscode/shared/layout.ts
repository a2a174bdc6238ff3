import * as vscode from 'vscode';
import { readSetting } from './commands.js';
import { settings } from './contributions.js';

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

/**
 * The group for a source that is opened: where it is open already, else away from the panel.
 * @param panelColumn the panel's group, when it is open
 */
export async function columnForSource(
  uri: vscode.Uri,
  panelColumn: vscode.ViewColumn | undefined,
): Promise<vscode.ViewColumn> {
  const shown = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.toString() === uri.toString(),
  );
  if (shown?.viewColumn !== undefined) return shown.viewColumn;
  if (panelColumn === undefined) return vscode.ViewColumn.Active;
  const other = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn !== panelColumn);
  if (other) return other.viewColumn;
  if (readSetting(settings.panelPosition) === 'beside') return vscode.ViewColumn.Beside;
  await vscode.commands.executeCommand('workbench.action.newGroupAbove');
  return vscode.ViewColumn.Active;
}
