import * as vscode from 'vscode';
import type { HostMessage } from '../../wire/protocol.js';
import { isWhole } from '../runs/shown/selection.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ProfileView, ShownRun } from '../runs/shown/shownRun.js';
import { panelViewType } from '../shared/contributions.js';
import { columnForPanel } from '../shared/layout.js';
import { ProfileWebview, webviewOptions, type Content, type WebviewParts } from './profileWebview.js';

/** The panel for saved runs: it follows the shown one. Files that are opened as profiles have editors of their own. */
export class Panel implements ProfileView, vscode.Disposable {
  private view: ProfileWebview | undefined;
  /** The last saved run that was shown. */
  private run: ShownRun | undefined;
  /** Set while the group for a new panel is being made, so that there is never a second one. */
  private opening: Promise<void> | undefined;
  /** What was to be sent before there was a panel. */
  private waiting: HostMessage[] = [];
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly parts: WebviewParts,
    private readonly shown: ShownProfile,
  ) {
    this.subscription = vscode.Disposable.from(
      shown.onDidChange((run) => {
        if (run?.editor) return;
        this.run = run;
        this.setTitle();
        this.view?.show(this.content());
      }),
      // A panel that is opened later would come with the choice that was kept.
      shown.onDidChoose((run) => {
        if (run === this.run && !this.view && isWhole(run.choice)) this.send({ type: 'clearChoice' });
      }),
    );
  }

  /** Opens the panel next to the source, or brings it to the front. The focus stays where it is. */
  async reveal(): Promise<void> {
    // If the run that is being read can't be shown, what there was is.
    this.shown.opening?.catch(() => this.view?.show(this.content()));
    if (this.view) {
      if (this.shown.opening) this.view.show(this.content());
      this.view.reveal();
      return;
    }
    this.opening ??= this.open().finally(() => (this.opening = undefined));
    await this.opening;
  }

  selectFunction(func: number, tab: 'flame' | 'whatif'): void {
    void this.reveal();
    this.showTab(tab);
    this.send({ type: 'selectFunction', func });
  }

  showTab(tab: string): void {
    this.send({ type: 'showTab', tab });
  }

  /** Takes over a webview that was just made, or that VS Code brought back after a reload. */
  adopt(panel: vscode.WebviewPanel): void {
    this.view?.panel.dispose();
    const view = new ProfileWebview(panel, this.parts, this.content());
    this.view = view;
    this.setTitle();
    for (const message of this.waiting.splice(0)) view.send(message);
    panel.onDidChangeViewState(() => {
      if (panel.active && this.run) this.shown.activate(this.run);
    });
    panel.onDidDispose(() => {
      view.dispose();
      if (this.view === view) this.view = undefined;
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.view?.panel.dispose();
  }

  private async open(): Promise<void> {
    const viewColumn = await columnForPanel();
    const show = { viewColumn, preserveFocus: true };
    const options = webviewOptions(this.parts.extensionUri);
    this.adopt(vscode.window.createWebviewPanel(panelViewType, 'HAKMEM Lab', show, options));
  }

  private send(message: HostMessage): void {
    if (this.view) this.view.send(message);
    else this.waiting.push(message);
  }

  private content(): Content {
    if (this.shown.opening) return { pending: true };
    if (this.run) return { run: this.run };
    return vscode.workspace.isTrusted && process.platform === 'linux'
      ? {
          text: vscode.l10n.t('There is no profile yet. Profile a preset to see its flame graph here.'),
          offerProfiling: true,
        }
      : {
          text: vscode.l10n.t(
            'There is no profile yet. Open a run or a profile to see its flame graph here.',
          ),
          offerProfiling: false,
        };
  }

  private setTitle(): void {
    if (this.view) {
      this.view.panel.title = this.run ? `HAKMEM Lab: ${this.run.name}` : 'HAKMEM Lab';
    }
  }
}
