import path from 'node:path';
import * as vscode from 'vscode';
import { shellWord } from '../../text/shellWord.js';
import { viewIds } from '../shared/contributions.js';
import type { LabEntry, LabService } from '../labs/labService.js';
import type { Runner } from '../runs/execution/runner.js';
import type { RunHistory } from '../runs/history/runHistory.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { PresetNode, TreeNode } from './nodes.js';
import {
  detailItem,
  environmentItem,
  labItem,
  messageItem,
  presetItem,
  recordingsItem,
  runItem,
  type ItemState,
} from './treeItems.js';

/** Saved runs shown below a preset. */
const shownRuns = 10;

interface Parts {
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly shown: ShownProfile;
  readonly runner: Runner;
}

/** The sidebar's presets: what can be measured, and what was. Nothing runs on a click. */
export function registerPresetTree(context: vscode.ExtensionContext, parts: Parts): void {
  const tree = new PresetTree(parts);
  const view = vscode.window.createTreeView(viewIds.presets, {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  const describe = () => {
    const [only] = parts.labs.all;
    const lab = parts.labs.all.length === 1 ? only?.laboratory?.lab : undefined;
    const name = lab?.definition.name ?? '';
    view.description =
      name && only?.origin === 'sample' ? vscode.l10n.t('{0} (sample allocator)', name) : name;
  };
  context.subscriptions.push(tree, view, parts.labs.onDidChange(describe));
}

class PresetTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscriptions: vscode.Disposable;
  private runningKey = '';

  constructor(private readonly parts: Parts) {
    const { labs, history, runner, shown } = parts;
    const refresh = () => this.changed.fire(undefined);
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      labs.onDidChange(refresh),
      history.onDidChange(refresh),
      shown.onDidChange(refresh),
      vscode.workspace.onDidGrantWorkspaceTrust(refresh),
      runner.onDidChange(() => this.onRunner()),
    );
  }

  async getTreeItem(node: TreeNode): Promise<vscode.TreeItem> {
    switch (node.kind) {
      case 'lab':
        return labItem(node);
      case 'untrusted':
      case 'invalid':
        return messageItem(node);
      case 'preset':
        return presetItem(node, await this.presetState(node));
      case 'environment':
        return environmentItem(node);
      case 'variable':
      case 'arguments':
        return detailItem(node);
      case 'recordings':
        return recordingsItem(node);
      case 'savedRun':
        return runItem(node, {
          running: false,
          shownRunId: this.parts.shown.current?.run.id,
          last: undefined,
        });
    }
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (!node) return this.roots();
    if (node.kind === 'lab') return this.partsOfLab(node.entry);
    if (node.kind === 'recordings') {
      const { labFile, runs } = node;
      return runs.map((run) => ({ kind: 'savedRun' as const, labFile, runId: run.id, run, named: true }));
    }
    if (node.kind === 'preset') return this.partsOf(node);
    if (node.kind !== 'environment') return [];
    const { labFile, preset, definition } = node.preset;
    return Object.entries(definition.environment).map(([name, value]) => ({
      kind: 'variable' as const,
      id: `${labFile} ${preset} environment ${name}`,
      name,
      value,
    }));
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async roots(): Promise<TreeNode[]> {
    await this.parts.labs.ready();
    const entries = this.parts.labs.all;
    const [first] = entries;
    if (!first) return [];
    const nodes: TreeNode[] = [];
    if (!vscode.workspace.isTrusted) {
      nodes.push({
        kind: 'untrusted',
        labFile: first.file,
        text: vscode.l10n.t('Trust this workspace to run presets'),
        detail: vscode.l10n.t(
          'Running and profiling start programs from this folder. You can view presets and saved runs without trust.',
        ),
      });
    }
    if (entries.length === 1) nodes.push(...(await this.partsOfLab(first)));
    else nodes.push(...entries.map((entry) => ({ kind: 'lab' as const, labFile: entry.file, entry })));
    return nodes;
  }

  private async partsOfLab(entry: LabEntry): Promise<TreeNode[]> {
    const nodes = presetsOf(entry);
    if (!entry.laboratory) return nodes;
    const { lab, store } = entry.laboratory;
    const presets = new Set(lab.definition.presets.map(({ name }) => name));
    const runs = (await this.parts.history.list(store)).filter((run) => !presets.has(run.preset.name));
    if (runs.length > 0) nodes.push({ kind: 'recordings', labFile: entry.file, runs });
    return nodes;
  }

  private async partsOf(node: PresetNode): Promise<TreeNode[]> {
    const { labFile, preset, definition, entry } = node;
    const line = (args: readonly string[]) => args.map(shellWord).join(' ');
    const nodes: TreeNode[] = [
      { kind: 'environment', preset: node },
      {
        kind: 'arguments',
        id: `${labFile} ${preset} program`,
        name: vscode.l10n.t('Program'),
        value: definition.program,
      },
      {
        kind: 'arguments',
        id: `${labFile} ${preset} args`,
        name: vscode.l10n.t('Arguments'),
        value: line(definition.args) || vscode.l10n.t('none'),
      },
    ];
    if (definition.profileArgs) {
      const value = line(definition.profileArgs) || vscode.l10n.t('none');
      nodes.push({
        kind: 'arguments',
        id: `${labFile} ${preset} profileArgs`,
        name: vscode.l10n.t('Profile arguments'),
        value,
      });
    }
    if (!entry.laboratory) return nodes;
    const runs = await this.parts.history.ofPreset(entry.laboratory.store, preset);
    for (const run of runs.slice(0, shownRuns))
      nodes.push({ kind: 'savedRun', labFile, runId: run.id, run, named: false });
    return nodes;
  }

  private async presetState({ labFile, preset, entry }: PresetNode): Promise<ItemState> {
    const active = this.parts.runner.current;
    const runs = entry.laboratory ? await this.parts.history.ofPreset(entry.laboratory.store, preset) : [];
    return {
      running: active?.labFile === labFile && active.preset === preset,
      shownRunId: undefined,
      last: runs[0],
    };
  }

  /** Progress comes often; the tree changes only when a run begins or ends. */
  private onRunner(): void {
    const active = this.parts.runner.current;
    const key = active ? `${active.labFile} ${active.preset}` : '';
    if (key === this.runningKey) return;
    this.runningKey = key;
    this.changed.fire(undefined);
  }
}

function presetsOf(entry: LabEntry): TreeNode[] {
  const { file: labFile, laboratory, error } = entry;
  if (!laboratory) {
    // The message names the whole path, for which the row is too narrow: its name and the reason are enough.
    const reason = (error?.detail.split('\n')[0] ?? '').replace(/^\W+/, '');
    const text = `${path.basename(labFile)}: ${reason}`;
    return [{ kind: 'invalid', labFile, text, detail: error?.toText() ?? text }];
  }
  return laboratory.lab.definition.presets.map((definition) => ({
    kind: 'preset' as const,
    labFile,
    preset: definition.name,
    entry,
    definition,
  }));
}
