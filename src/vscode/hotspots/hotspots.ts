import path from 'node:path';
import * as vscode from 'vscode';
import type { FunctionShare } from '../../model/profileDocument.js';
import { count, percent } from '../../text/numbers.js';
import { escapeMarkdown } from '../../text/markdown.js';
import { lastName } from '../../text/lastName.js';
import { shortName } from '../../text/names.js';
import { printable } from '../../text/printable.js';
import type { Annotations } from '../annotations/annotations.js';
import { choiceText } from '../runs/shown/choiceText.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { command, executeCommand, registerCommand } from '../shared/commands.js';
import { commandIds, viewIds, type FunctionRef } from '../shared/contributions.js';
import { mention } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import { openSource } from '../source/openSource.js';
import { groupFunctions, selectFunctions, type Grouping, type HotspotGroup, type Order } from './grouping.js';
import { Levels, type MoreRows } from './levels.js';
import { HotspotChoice } from './hotspotChoice.js';

interface Parts {
  readonly shown: ShownProfile;
  readonly reporter: Reporter;
}

/** A function of the shown run. Can be passed to commands as it is. */
interface Hotspot extends FunctionRef {
  readonly share: FunctionShare;
}

interface Group {
  readonly group: HotspotGroup;
  readonly by: Grouping;
}

type Node = Hotspot | Group | { readonly more: MoreRows };

/**
 * The functions in which the shown run spends its time, of the chosen samples, or groups of them. A click on a function goes
 * to the source, else to the flame graph.
 */
export function registerHotspots(
  context: vscode.ExtensionContext,
  { shown, reporter }: Parts,
  annotations: Annotations,
): void {
  const changed = new vscode.EventEmitter<undefined>();
  const choice = new HotspotChoice(context.workspaceState);
  const levels = new Levels();
  const hotspots = (run: ShownRun, level: string, functions: readonly FunctionShare[]): Node[] => {
    const { rows, more } = levels.shown(level, functions);
    const found = rows.map((share) => ({ share, runId: run.run.id, func: indexOf(run, share) }));
    return more ? [...found, { more }] : found;
  };
  const rows = (run: ShownRun): Node[] => {
    const { grouping: by, order } = choice;
    const functions = selectFunctions(run.functions, choice);
    if (by === 'function') return hotspots(run, 'all', functions);
    const { rows: groups, more } = levels.shown('all', groupFunctions(functions, by, order));
    const found = groups.map((group) => ({ group, by }));
    return more ? [...found, { more }] : found;
  };
  const view = vscode.window.createTreeView<Node>(viewIds.hotspots, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: (node) => {
        if ('more' in node) return moreItem(node.more);
        return 'group' in node ? groupItem(node) : hotspotItem(node, choice.order);
      },
      getChildren: (node) => {
        if (!shown.current) return [];
        if (!node) return rows(shown.current);
        return 'group' in node ? hotspots(shown.current, groupId(node), node.group.functions) : [];
      },
    },
    dragAndDropController: {
      dragMimeTypes: [],
      dropMimeTypes: [],
      handleDrag: ([node]) => {
        const run = shown.current;
        // Of a group, the hottest.
        const [share] = !node || 'more' in node ? [] : 'share' in node ? [node.share] : node.group.functions;
        shown.dragged = run && share && { runId: run.run.id, func: indexOf(run, share) };
      },
    },
  });
  const refresh = () => {
    const run = shown.current;
    const samples = run && choiceText(run);
    view.description = [run?.name, samples, ...choice.texts].filter(Boolean).join(' · ');
    view.message =
      run && choice.filter !== '' && rows(run).length === 0
        ? vscode.l10n.t('No function, file, or module has “{0}” in its name.', choice.filter)
        : '';
    changed.fire(undefined);
  };
  const choosing = (choose: () => Promise<boolean>) =>
    reporter.guard(async () => {
      if (!(await choose())) return;
      levels.reset();
      refresh();
    });
  context.subscriptions.push(
    view,
    changed,
    shown.onDidChange(() => {
      levels.reset();
      refresh();
    }),
    shown.onDidChoose(refresh),
    registerCommand(
      commandIds.groupHotspots,
      choosing(() => choice.pickGrouping()),
    ),
    registerCommand(
      commandIds.sortHotspots,
      choosing(() => choice.pickOrder()),
    ),
    registerCommand(
      commandIds.filterHotspots,
      choosing(() => choice.askFilter()),
    ),
    registerCommand(
      commandIds.clearHotspotFilter,
      choosing(() => choice.clearFilter()),
    ),
    registerCommand(commandIds.showMoreHotspots, (level) => {
      if (level === undefined) return;
      levels.showMore(level);
      changed.fire(undefined);
    }),
    registerCommand(
      commandIds.openHotspot,
      reporter.guard((ref?: FunctionRef) => ref && open(shown.current, ref, annotations)),
    ),
  );
}

/** In the profile's table, for the flame graph; -1 if it is none of them. */
function indexOf({ recorded: { functions, strings } }: ShownRun, share: FunctionShare): number {
  const text = (index: number | undefined) => strings[index ?? -1] ?? null;
  for (let f = 0; f < functions.length; f++) {
    if (
      text(functions.name[f]) === share.name &&
      text(functions.module[f]) === share.module &&
      text(functions.file[f]) === share.file &&
      (functions.line[f] || null) === share.line
    )
      return f;
  }
  return -1;
}

function groupId({ group: { name }, by }: Group): string {
  return `${by} ${name}`;
}

function moreItem({ level, rows, selfPercent }: MoreRows): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show More'));
  item.id = `more ${level}`;
  item.description = vscode.l10n.t('{0} more, self {1}', count(rows), percent(selfPercent / 100));
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = command(commandIds.showMoreHotspots, vscode.l10n.t('Show More Hotspots'), level);
  return item;
}

function groupItem({ group, by }: Group): vscode.TreeItem {
  const { name, selfPercent, functions } = group;
  const figure = percent(selfPercent / 100);
  const label = name === '' ? vscode.l10n.t('Unknown') : name;
  const item = new vscode.TreeItem(`${figure} ${label}`, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = groupId({ by, group });
  const [hottest] = functions;
  if (hottest) item.description = shortName(hottest.name);
  item.tooltip =
    functions.length === 1
      ? vscode.l10n.t('1 function')
      : vscode.l10n.t('{0} functions', count(functions.length));
  item.contextValue = 'hotspotGroup';
  item.accessibilityInformation = { label: `${label}, ${figure}` };
  return item;
}

/** With the figure that the rows are in the order of. */
function hotspotItem(hotspot: Hotspot, order: Order): vscode.TreeItem {
  const { name, module, file, line, selfPercent, totalPercent, category } = hotspot.share;
  const [self, total] = [percent(selfPercent / 100), percent(totalPercent / 100)];
  const figure = order === 'total' ? total : self;
  const { label, qualifier } = rowName(shortName(name));
  const item = new vscode.TreeItem(`${figure} ${label}`);
  const place = file === null ? (module ?? '') : `${file}${line === null ? '' : `:${line}`}`;
  item.description = [qualifier, path.basename(place)].filter(Boolean).join(' · ');
  item.tooltip = new vscode.MarkdownString(
    [
      `**${escapeMarkdown(name)}**`,
      vscode.l10n.t('self {0}, total {1}', self, total),
      escapeMarkdown(category),
      escapeMarkdown(place),
    ]
      .filter(Boolean)
      .join('\n\n'),
  );
  item.contextValue = 'hotspot';
  item.command = command(commandIds.openHotspot, vscode.l10n.t('Go to Source'), hotspot);
  item.accessibilityInformation = { label: `${name}, ${figure}` };
  return item;
}

/** Names that are longer are cut at their end in a narrow sidebar, where they would be told apart. */
const maxRowName = 24;

/** A long name with what qualifies it behind it. */
function rowName(name: string): { readonly label: string; readonly qualifier: string } {
  const label = name.length > maxRowName ? lastName(name) : name;
  return { label, qualifier: name.slice(0, name.length - label.length).replace(/::$/, '') };
}

async function open(
  shown: ShownRun | undefined,
  { runId, func }: FunctionRef,
  annotations: Annotations,
): Promise<void> {
  if (shown?.run.id !== runId || func < 0) return;
  const { functions, strings } = shown.recorded;
  const file = strings[functions.file[func] ?? -1];
  const line = functions.line[func] ?? 0;
  const name = strings[functions.name[func] ?? -1];
  if (file !== undefined && line > 0 && (await shown.findSource(file))) {
    await openSource(await annotations.placeNow({ file, line }, shown), shown.findSource, name);
  } else {
    await executeCommand(commandIds.revealInFlameGraph, { runId, func });
    // What is clicked on to see its source would otherwise seem to do something else.
    if (file === undefined) return;
    const missing = vscode.l10n.t('The source file {0} is not on this machine.', printable(file));
    mention('info', missing);
  }
}
