import * as vscode from 'vscode';
import { programName } from '../../views/diffTree.js';
import { shortTime } from '../../text/dates.js';
import type { Comparisons, Wanted } from '../compare/comparisons.js';
import { ShownRun } from '../runs/shown/shownRun.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { AnnotatedLine, FunctionCost } from '../runs/shown/sourceCosts.js';
import { executeCommand, registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import { inform } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import { indexByRealPath, realPath } from './annotatedDocument.js';
import { LineMap } from './lineMap.js';
import { profiledText } from './profiledText.js';
import { SourceDifference, type CostDifference, type DifferenceSide } from './sourceDifference.js';

/** What a document's figures are beside those of another run. */
export interface DocumentDifferences {
  /** The run compared with, as texts name it. */
  readonly title: string;
  ofFunction(cost: FunctionCost): CostDifference | undefined;
  /** By line of the shown run's text, 1-based; undefined where the other run's text doesn't have it. */
  ofLine(line: number): CostDifference | undefined;
  /** Why no line has a difference; empty if they have. */
  readonly withoutLines: string;
}

interface Compared {
  readonly run: ShownRun;
  readonly title: string;
  readonly difference: SourceDifference;
  /** Names of its files, by real path. */
  readonly index: Promise<Map<string, string[]>>;
}

/** The differences that the source shows instead of shares, while the user wants them and there is a run to compare with. */
export class Differences implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly disposables: vscode.Disposable;
  /** The run that was read last, by its laboratory's store and id. */
  private read: { readonly wanted: Wanted; readonly run: Promise<ShownRun> } | undefined;
  /** What a run that was read is called. */
  private named: { readonly runId: string; readonly title: string } | undefined;
  private compared: { readonly key: string; readonly of: Promise<Compared | undefined> } | undefined;

  constructor(
    private readonly shown: ShownProfile,
    private readonly comparisons: Comparisons,
    private readonly reporter: Reporter,
  ) {
    this.disposables = vscode.Disposable.from(
      this.changed,
      comparisons.onDidChange(() => this.changed.fire()),
      comparisons.onDidChangeSource(() => this.changed.fire()),
      registerCommand(
        commandIds.toggleDifference,
        reporter.guard(() => this.toggle()),
      ),
    );
  }

  /** Whether the shown run can be compared with one that was chosen. */
  get available(): boolean {
    const run = this.shown.current;
    return run !== undefined && this.comparisons.forSource(run) !== undefined;
  }

  get areShown(): boolean {
    return this.comparisons.areInSource && this.available;
  }

  /** The run compared with, in the words of texts; undefined if there is none, or until it was read. */
  get other(): string | undefined {
    const run = this.shown.current;
    const wanted = run && this.comparisons.forSource(run);
    if (wanted?.slot === 'baseline') return vscode.l10n.t('baseline');
    return wanted && this.named?.runId === wanted.runId ? this.named.title : undefined;
  }

  /** @param names of the file in the shown run, and its text there; undefined unless differences are shown */
  async of(
    uri: vscode.Uri,
    annotations: readonly AnnotatedLine[],
    text: readonly string[] | undefined,
  ): Promise<DocumentDifferences | undefined> {
    const compared = await this.current();
    if (!compared) return undefined;
    const { run, title, difference } = compared;
    const names = (await compared.index).get(await realPath(uri.fsPath));
    const before = names && (await profiledText(uri, names, run)).lines;
    const lines =
      before &&
      text &&
      difference.ofLines(run.costs.ofFiles(names), annotations, LineMap.between(before, text));
    return {
      title,
      ofFunction: (cost) => difference.ofFunction(cost),
      ofLine: (line) => lines?.get(line),
      withoutLines: lines ? '' : reasonWithout(names !== undefined, text !== undefined),
    };
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private async toggle(): Promise<void> {
    if (this.available) this.comparisons.showInSource(!this.comparisons.areInSource);
    // Whatever is chosen then is shown in the source as well.
    else await executeCommand(commandIds.compareWith);
  }

  private current(): Promise<Compared | undefined> {
    const shown = this.shown.current;
    const wanted = shown && this.comparisons.areInSource ? this.comparisons.forSource(shown) : undefined;
    if (!shown || !wanted) return Promise.resolve(undefined);
    const key = JSON.stringify([shown.run.id, shown.choice, wanted.laboratory.lab.file, wanted.runId]);
    if (this.compared?.key !== key) {
      const of = this.compare(shown, wanted).catch((error: unknown) => {
        void this.reporter.show(error);
        this.comparisons.showInSource(false);
        return undefined;
      });
      this.compared = { key, of };
    }
    return this.compared.of;
  }

  private async compare(shown: ShownRun, wanted: Wanted): Promise<Compared | undefined> {
    const { run: document, laboratory, recorded, title: named } = await this.load(wanted);
    const { name } = shown.samples.profile.event;
    const event = recorded.events.findIndex((one) => one.name === name);
    if (event < 0) {
      void inform(
        vscode.l10n.t(
          'The other run wasn’t recorded with {0}, so shares can’t be compared. Choose a run of the same event.',
          name,
        ),
        {
          title: vscode.l10n.t('Choose Another Run...'),
          run: () => executeCommand(commandIds.compareWith),
        },
      );
      this.comparisons.showInSource(false);
      return undefined;
    }
    const run = new ShownRun(laboratory, document, recorded, undefined, named);
    // Threads and times belong to one recording.
    run.choice = { ...shown.choice, event, threads: null, time: null };
    const title = `${run.name}, ${shortTime(document.createdAt)}`;
    this.named = { runId: document.id, title };
    return {
      run,
      title,
      difference: new SourceDifference(sideOf(run), sideOf(shown)),
      index: indexByRealPath(run.costs.fileNames(), run.findSource),
    };
  }

  private load(wanted: Wanted): Promise<ShownRun> {
    const { laboratory, runId } = wanted;
    if (this.read?.wanted.runId !== runId || this.read.wanted.laboratory !== laboratory) {
      const { store } = laboratory;
      const run = Promise.all([store.load(runId), store.loadProfile(runId), store.description(runId)]).then(
        ([document, profile, { title }]) => new ShownRun(laboratory, document, profile, undefined, title),
      );
      this.read = { wanted, run };
    }
    return this.read.run;
  }
}

function sideOf({ samples: { profile }, recorded, costs, run }: ShownRun): DifferenceSide {
  return { profile, costs, program: programName(run.preset.program, recorded) };
}

function reasonWithout(inOther: boolean, textKnown: boolean): string {
  if (!textKnown) return vscode.l10n.t('The profiled text of this file isn’t known.');
  return inOther
    ? vscode.l10n.t('The text of this file in the other run isn’t known.')
    : vscode.l10n.t('The other run has no samples in this file.');
}
