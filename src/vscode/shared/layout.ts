import * as vscode from 'vscode';
import { readSetting } from './settings.js';
import { editorViewTypes, machineCodeScheme, panelViewType, settings } from './contributions.js';

/**
 * Where panel and source stand. Below one another by default: a flame graph wants width, and so does source with
 * annotations at the ends of its lines. A layout that the user has made is used as it is.
 */

/** Share of the height that the source keeps. */
const sourceShare = 0.55;
/** Milliseconds within which VS Code tells of a group that was made. */
const groupPatience = 1_000;

const profileEditors: readonly string[] = Object.values(editorViewTypes);

/** The group for a panel that is opened: where profiles are; makes one below the source where there is only the source. */
export async function columnForPanel(): Promise<vscode.ViewColumn> {
  const groups = vscode.window.tabGroups.all;
  if (groups.every(({ tabs }) => tabs.length === 0)) return vscode.ViewColumn.Active;
  const ofProfiles = groups.find(hasPanel);
  if (ofProfiles) return ofProfiles.viewColumn;
  if (groups.length > 1) return groupBesideActive(groups).viewColumn;
  if (readSetting(settings.panelPosition) === 'beside') return vscode.ViewColumn.Beside;
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
 * Moves a file that is opened as a profile, in the active group as VS Code opens any, out of a group of sources to where
 * profiles are: else the next source would need a group of its own, and so on with each file.
 */
export function keepPlaceOfSources(): vscode.Disposable {
  const { tabGroups } = vscode.window;
  /** VS Code replaces a file that was only looked at by the one that is opened next. */
  const hadSource = new WeakSet<vscode.TabGroup>();
  let arriving: string | undefined;
  return tabGroups.onDidChangeTabs(({ opened, closed }) => {
    for (const tab of closed) if (isText(tab)) hadSource.add(tab.group);
    for (const tab of opened) {
      const { group } = tab;
      if (!isProfileEditor(tab)) continue;
      const isOfSources = hadSource.has(group) || group.tabs.some(isText);
      // What the user moves or copies here is still where it was.
      const isSame = (other: vscode.Tab) => uriOf(other) === uriOf(tab);
      const isMoved =
        closed.some(isSame) || tabGroups.all.some((from) => from !== group && from.tabs.some(isSame));
      arriving = isOfSources && !isMoved ? uriOf(tab) : undefined;
    }
    // It is active some time after it was opened, and only the active editor can be moved.
    const here = tabGroups.activeTabGroup;
    if (arriving === undefined || !here.activeTab || uriOf(here.activeTab) !== arriving) return;
    arriving = undefined;
    if (here.tabs.filter(isPanel).length > 1) return;
    const there = tabGroups.all.find((group) => group !== here && hasPanel(group));
    const target = there && { to: 'position', by: 'group', value: there.viewColumn };
    if (target) void vscode.commands.executeCommand('moveActiveEditor', target);
  });
}

/** Of several groups the next one, else the one before: `ViewColumn.Beside` would make another at the end of a row. */
function groupBesideActive(groups: readonly vscode.TabGroup[]): vscode.TabGroup {
  const active = groups.findIndex(({ isActive }) => isActive);
  return groups[active + 1] ?? groups[active - 1] ?? vscode.window.tabGroups.activeTabGroup;
}

/**
 * The group for a source that is opened: where it is open already, else any without a panel in it, else a new one. A
 * copy that was opened over the panel doesn't count: the panel would be hidden by what was clicked in it.
 */
export async function columnForSource(uri: vscode.Uri): Promise<vscode.ViewColumn> {
  const { all } = vscode.window.tabGroups;
  const open = all.filter(({ tabs }) => tabs.some((tab) => showsText(tab, uri)));
  if (!all.some(hasPanel)) return open[0]?.viewColumn ?? vscode.ViewColumn.Active;
  const free = all.filter((group) => !hasPanel(group));
  const group = open.find((group) => free.includes(group)) ?? free[0];
  if (group) return group.viewColumn;
  if (readSetting(settings.panelPosition) === 'beside') return vscode.ViewColumn.Beside;
  return newGroup('workbench.action.newGroupAbove');
}

/** The group for machine code: where other machine code is, else a new one beside the source. */
export async function columnForCode(): Promise<vscode.ViewColumn> {
  const { tabGroups } = vscode.window;
  const isCode = ({ input }: vscode.Tab) =>
    input instanceof vscode.TabInputText && input.uri.scheme === machineCodeScheme;
  const open = tabGroups.all.find(({ tabs }) => tabs.some(isCode));
  if (open) return open.viewColumn;
  const source =
    vscode.window.activeTextEditor?.viewColumn ?? tabGroups.all.find((g) => !hasPanel(g))?.viewColumn;
  if (source === undefined) return vscode.ViewColumn.Beside;
  const editor = vscode.window.visibleTextEditors.find(({ viewColumn }) => viewColumn === source);
  // A new group is made beside the active one, which may be the panel's.
  if (editor) await vscode.window.showTextDocument(editor.document, source);
  return newGroup('workbench.action.newGroupRight');
}

/** VS Code tells of a new group some time after it is there: "active" would still be the group of the panel. */
async function newGroup(command: string): Promise<vscode.ViewColumn> {
  const { tabGroups } = vscode.window;
  const empty = () => tabGroups.all.find(({ tabs }) => tabs.length === 0);
  const appeared = new Promise<vscode.ViewColumn | undefined>((resolve) => {
    const timer = setTimeout(() => done(undefined), groupPatience);
    const subscription = tabGroups.onDidChangeTabGroups(() => {
      const group = empty();
      if (group) done(group.viewColumn);
    });
    const done = (column: vscode.ViewColumn | undefined) => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(column);
    };
  });
  await vscode.commands.executeCommand(command);
  return empty()?.viewColumn ?? (await appeared) ?? vscode.ViewColumn.Beside;
}

function hasPanel({ tabs }: vscode.TabGroup): boolean {
  return tabs.some(isPanel);
}

/** VS Code puts a prefix of its own before the type of a webview. */
function isPanel(tab: vscode.Tab): boolean {
  const { input } = tab;
  if (input instanceof vscode.TabInputWebview) return input.viewType.endsWith(panelViewType);
  return isProfileEditor(tab);
}

function isProfileEditor({ input }: vscode.Tab): boolean {
  return input instanceof vscode.TabInputCustom && profileEditors.includes(input.viewType);
}

function isText({ input }: vscode.Tab): boolean {
  return input instanceof vscode.TabInputText;
}

/** Of what is open as a profile. */
function uriOf({ input }: vscode.Tab): string | undefined {
  return input instanceof vscode.TabInputCustom ? input.uri.toString() : undefined;
}

function showsText({ input }: vscode.Tab, uri: vscode.Uri): boolean {
  return input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
}
