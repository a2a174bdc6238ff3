import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { keepText } from '../../../text/keepText.js';
import type { LabService } from '../../labs/labService.js';
import { registerCommand, setContext } from '../../shared/commands.js';
import { commandIds, contextKeys, viewIds, type RunRef } from '../../shared/contributions.js';
import { argumentLine } from '../../../text/runLabel.js';
import { alikeStart } from '../../shared/runTexts.js';
import { recentRuns, type RunHistory } from '../history/runHistory.js';
import { recordedProgram } from '../history/recordedProgram.js';
import type { ShownProfile } from '../shown/shownProfile.js';
import { hasWords, moreItem, runItem, type MoreRuns, type RunNode } from './runItem.js';

interface Parts {
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly shown: ShownProfile;
}

/** What the list asks about comparisons. */
interface Baselines {
  readonly onDidChange: vscode.Event<void>;
  isBaseline(run: RunRef): boolean;
}

/** How long a list that is drawn again may be without its selection, and how often to look, in milliseconds. */
const drawingMs = 10_000;
const lookMs = 20;

/**
 * The saved runs of the window's labs, newest first. A click opens one.
 * @returns the run that is selected
 */
export function registerRunList(
  context: vscode.ExtensionContext,
  parts: Parts,
  baselines: Baselines,
): () => Promise<RunRef | undefined> {
  const list = new RunList(parts, baselines);
  const view = vscode.window.createTreeView(viewIds.runs, { treeDataProvider: list });
  const describe = () => {
    const filter = list.filter === '' ? [] : [vscode.l10n.t('Only runs with "{0}".', list.filter)];
    view.message = [...filter, ...keptTexts(parts.labs)].join(' ');
  };
  const filterBy = async (words: string | undefined) => {
    if (words === undefined) return;
    await list.filterBy(words.trim());
    setContext(contextKeys.runsFiltered, list.filter !== '');
    describe();
  };
  context.subscriptions.push(
    list,
    view,
    parts.labs.onDidChange(describe),
    registerCommand(commandIds.showMoreRuns, () => list.showMore()),
    registerCommand(commandIds.filterRuns, async () =>
      filterBy(
        await vscode.window.showInputBox({
          title: vscode.l10n.t('Filter Runs'),
          prompt: vscode.l10n.t(
            'Words of a name, note, #tag, argument, date, or commit. Leave empty for all.',
          ),
          value: list.filter,
        }),
      ),
    ),
    registerCommand(commandIds.clearRunFilter, () => filterBy('')),
  );
  return async () => {
    const end = performance.now() + drawingMs;
    while (view.selection.length === 0 && performance.now() < end) await delay(lookMs);
    const [selected] = view.selection;
    return selected && 'runId' in selected ? selected : undefined;
  };
}

/** What happens to old runs, once for labs that agree. */
function keptTexts(labs: LabService): string[] {
  const texts = labs.all.map(({ laboratory }) => keepText(laboratory?.lab.definition.keep ?? {}));
  return [...new Set(texts.filter(Boolean))];
}

type Row = RunNode | MoreRuns;

class RunList implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly subscriptions: vscode.Disposable;
  /** What VS Code has; undefined before it asked. */
  private drawn: Row[] | undefined;
  private limit = recentRuns;
  /** Words that a run must have; empty for all. */
  private words = '';
  private drawing: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: Parts,
    private readonly baselines: Baselines,
  ) {
    const { labs, history, shown } = parts;
    const refresh = () => this.refresh();
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      labs.onDidChange(() => {
        void refresh();
        void this.know();
      }),
      history.onDidChange(() => {
        void refresh();
        void this.know();
      }),
      shown.onDidChange(refresh),
      baselines.onDidChange(refresh),
    );
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return 'more' in row ? moreItem(row) : runItem(row);
  }

  /** As many more as there were at first. */
  async showMore(): Promise<void> {
    this.limit += recentRuns;
    await this.refresh();
  }

  get filter(): string {
    return this.words;
  }

  async filterBy(words: string): Promise<void> {
    this.words = words;
    await this.refresh();
  }

  async getChildren(node?: Row): Promise<Row[]> {
    if (node) return [];
    this.drawn ??= await this.nodes();
    return this.drawn;
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  /** One after the other, so that the newest is what remains. */
  private refresh(): Promise<void> {
    return (this.drawing = this.drawing.then(() => this.drawAgain()).catch(() => undefined));
  }

  /**
   * Only if something looks different, and only when the new rows are at hand: from when VS Code asks for rows until it has
   * them, a click on an old one is lost, with an error that its command isn't known anymore.
   */
  private async drawAgain(): Promise<void> {
    if (this.drawn !== undefined) {
      const nodes = await this.nodes();
      if (looksOf(nodes) === looksOf(this.drawn)) return;
      this.drawn = nodes;
    }
    this.changed.fire(undefined);
  }

  private async nodes(): Promise<Row[]> {
    const { labs, history, shown } = this.parts;
    await labs.ready();
    const shownId = shown.current?.run.id;
    const ofLabs = await Promise.all(
      labs.all.map(async ({ file: labFile, laboratory }) => {
        if (!laboratory) return [];
        const { name, presets } = laboratory.lab.definition;
        const known = new Set(presets.map((preset) => preset.name));
        const all = await history.described(laboratory.store, this.words === '' ? this.limit : Infinity);
        const runs = this.words === '' ? all : all.filter((run) => hasWords(run, this.words));
        return runs.map(({ run, description }): RunNode => ({
          labFile,
          runId: run.id,
          run,
          description,
          lab: labs.all.length > 1 ? name : undefined,
          shown: run.id === shownId,
          baseline: this.baselines.isBaseline({ labFile, runId: run.id }),
          recording: !known.has(run.preset.name) && recordedProgram(run, laboratory.lab.folder) !== undefined,
          alike: 0,
        }));
      }),
    );
    const rows = withAlike(ofLabs.flat().sort((a, b) => b.run.createdAt.localeCompare(a.run.createdAt)));
    const older =
      this.words === '' ? (await this.all()) - Math.max(this.limit, rows.length) : rows.length - this.limit;
    return older > 0 ? [...rows.slice(0, this.limit), { more: older }] : rows;
  }

  /** How many runs there are. */
  private async all(): Promise<number> {
    const lists = await Promise.all(
      this.parts.labs.all.map(({ laboratory }) => laboratory?.store.list() ?? []),
    );
    return lists.flat().length;
  }

  /** Whether there is any run: for the views' conditions, also while the list itself is hidden. */
  private async know(): Promise<void> {
    setContext(contextKeys.hasRuns, (await this.all()) > 0);
  }
}

/** Tells recordings of one program apart in a narrow view, where only the first characters of a label are seen. O(runs). */
function withAlike(rows: readonly RunNode[]): RunNode[] {
  const lines = new Map<string, Set<string>>();
  for (const { run, recording } of rows) {
    if (!recording) continue;
    const { name, args } = run.preset;
    lines.set(name, (lines.get(name) ?? new Set()).add(argumentLine(args)));
  }
  const alike = new Map([...lines].map(([name, all]) => [name, alikeStart([...all])]));
  return rows.map((row) => (row.recording ? { ...row, alike: alike.get(row.run.preset.name) ?? 0 } : row));
}

/** Everything that a row shows; a saved run itself never changes. */
function looksOf(rows: readonly Row[]): string {
  return JSON.stringify(rows, (key, value: unknown) => (key === 'run' ? undefined : value));
}
