import path from 'node:path';
import * as vscode from 'vscode';
import type { GateVerdicts } from '../labs/gateVerdicts.js';
import type { LabEntry, LabService } from '../labs/labService.js';
import type { Runner } from '../runs/execution/runner.js';
import type { Failures } from '../runs/history/failures.js';
import type { RunHistory } from '../runs/history/runHistory.js';
import { viewIds } from '../shared/contributions.js';
import { argumentLine } from '../../text/runLabel.js';
import { presetDeadOptions } from '../../core/experiments/presetDeadOptions.js';
import { savedMatrices } from '../../core/experiments/savedExperiments.js';
import { currentCriteria } from '../../core/report/currentCriteria.js';
import { criteriaItem, criterionItem } from './criterionItems.js';
import type { CriteriaNode, GroupNode, PresetNode, TreeNode } from './nodes.js';
import { detailItem, groupItem, labItem, messageItem, presetItem, type PresetState } from './treeItems.js';

interface Parts {
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly failures: Failures;
  readonly runner: Runner;
}

/** What can be measured here, with the last result of each. Nothing runs on a click. */
export function registerPresetTree(
  context: vscode.ExtensionContext,
  parts: Parts,
  verdicts: GateVerdicts,
): void {
  const tree = new PresetTree(parts);
  const view = vscode.window.createTreeView(viewIds.presets, {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  const describe = () => {
    const [only, ...others] = withPresets(parts.labs);
    const name = others.length === 0 ? (only?.laboratory?.lab.definition.name ?? '') : '';
    view.description =
      name && only?.origin === 'sample' ? vscode.l10n.t('{0} (sample allocator)', name) : name;
  };
  const warnOfSlower = () => {
    const { total: value } = verdicts;
    view.badge =
      value > 0 ? { value, tooltip: vscode.l10n.t('Slower than the baseline of the gate') } : undefined;
  };
  context.subscriptions.push(
    tree,
    view,
    parts.labs.onDidChange(describe),
    verdicts.onDidChange(warnOfSlower),
  );
}

class PresetTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscriptions: vscode.Disposable;
  private runningKey = '';

  constructor(private readonly parts: Parts) {
    const { labs, history, failures, runner } = parts;
    const refresh = () => this.changed.fire(undefined);
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      labs.onDidChange(refresh),
      history.onDidChange(refresh),
      failures.onDidChange(refresh),
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
      case 'group':
        return groupItem(node);
      case 'preset':
        return presetItem(node, await this.presetState(node));
      case 'variable':
      case 'program':
      case 'arguments':
        return detailItem(node);
      case 'criteria':
        return criteriaItem(node);
      case 'criterion':
        return criterionItem(node);
    }
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (!node) return this.roots();
    if (node.kind === 'lab') return presetsOf(node.entry);
    if (node.kind === 'group') return [...node.presets];
    if (node.kind === 'criteria') return this.criteria(node);
    return node.kind === 'preset' ? this.details(node) : [];
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private async roots(): Promise<TreeNode[]> {
    await this.parts.labs.ready();
    const entries = withPresets(this.parts.labs);
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
    if (entries.length === 1) nodes.push(...presetsOf(first));
    else nodes.push(...entries.map((entry) => ({ kind: 'lab' as const, labFile: entry.file, entry })));
    return nodes;
  }

  private async criteria({ labFile, laboratory }: CriteriaNode): Promise<TreeNode[]> {
    const runs = await this.parts.history.list(laboratory.store);
    const results = await currentCriteria(laboratory, runs);
    return results.map((result) => ({ kind: 'criterion', labFile, result }));
  }

  private async details(node: PresetNode): Promise<TreeNode[]> {
    const { laboratory } = node.entry;
    const matrices = laboratory ? await savedMatrices(laboratory.store) : [];
    return detailsOf(node, presetDeadOptions(matrices, node.definition.environment));
  }

  private async presetState(node: PresetNode): Promise<PresetState> {
    const { labFile, preset, entry } = node;
    const { runner, history, failures } = this.parts;
    const active = runner.current;
    const runs = entry.laboratory ? await history.ofPreset(entry.laboratory.store, preset) : [];
    const [last, previous] = runs;
    const failure = failures.of(node);
    return {
      running: active?.labFile === labFile && active.preset === preset,
      last,
      previous,
      // The command line may have run it since.
      failure: failure && (!last || failure.at > last.createdAt) ? failure : undefined,
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

/** Folders with recordings alone have none. */
function withPresets(labs: LabService): LabEntry[] {
  return labs.all.filter(({ origin }) => origin !== 'recordings');
}

function presetsOf(entry: LabEntry): TreeNode[] {
  const { file: labFile, laboratory, error } = entry;
  if (!laboratory) {
    // The message names the whole path, for which the row is too narrow: its name and the reason are enough.
    const reason = (error?.detail.split('\n')[0] ?? '').replace(/^\W+/, '');
    const text = `${path.basename(labFile)}: ${reason}`;
    return [{ kind: 'invalid', labFile, text, detail: error?.toText() ?? text }];
  }
  const nodes: (PresetNode | (GroupNode & { presets: PresetNode[] }))[] = [];
  const groups = new Map<string, PresetNode[]>();
  for (const definition of laboratory.lab.definition.presets) {
    const node = { kind: 'preset' as const, labFile, preset: definition.name, entry, definition };
    const { group: name } = definition;
    const known = name === undefined ? nodes : groups.get(name);
    if (known) {
      known.push(node);
    } else if (name !== undefined) {
      const presets = [node];
      groups.set(name, presets);
      nodes.push({ kind: 'group', labFile, name, presets });
    }
  }
  const criteria: TreeNode[] =
    laboratory.lab.definition.criteria.length > 0 ? [{ kind: 'criteria', labFile, laboratory }] : [];
  return [...nodes, ...criteria];
}

/** What a preset runs. */
function detailsOf(
  { labFile, preset, definition }: PresetNode,
  dead: ReturnType<typeof presetDeadOptions>,
): TreeNode[] {
  const { program, args, profileArgs, environment } = definition;
  const id = (what: string) => `${labFile} ${preset} ${what}`;
  const line = (words: readonly string[]) => argumentLine(words) || vscode.l10n.t('none');
  return [
    { kind: 'program', id: id('program'), name: vscode.l10n.t('Program'), value: program },
    { kind: 'arguments', id: id('args'), name: vscode.l10n.t('Arguments'), value: line(args) },
    ...(profileArgs
      ? [
          {
            kind: 'arguments' as const,
            id: id('profileArgs'),
            name: vscode.l10n.t('Profile arguments'),
            value: line(profileArgs),
          },
        ]
      : []),
    ...Object.entries(environment).map(([name, value]) => ({
      kind: 'variable' as const,
      id: id(`environment ${name}`),
      name,
      value,
      noEffect: dead.get(name),
    })),
  ];
}
