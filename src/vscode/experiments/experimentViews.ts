import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type {
  ExperimentHostMessage,
  ExperimentPage,
  ExperimentViewMessage,
} from '../../wire/experimentPage.js';
import { experimentViewType } from '../shared/contributions.js';
import { webviewHtml } from '../shared/webviewHtml.js';

/** What a button of a page does, by the button's ID. */
export type PageActions = Readonly<Record<string, () => unknown>>;

/** A page that changes at most this often while it is measured, in milliseconds. */
const pause = 250;

interface OpenView {
  readonly panel: vscode.WebviewPanel;
  /** Made when it is sent: while measuring, most pages are never seen. */
  page: () => ExperimentPage;
  actions: PageActions;
  ready: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** The editors in which experiments are watched and read: one for each subject, whose page is replaced. */
export class ExperimentViews implements vscode.Disposable {
  private readonly open = new Map<string, OpenView>();
  private readonly restored: vscode.Disposable;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {
    // After a reload a page is as it was, without what could be done on it.
    this.restored = vscode.window.registerWebviewPanelSerializer(experimentViewType, {
      deserializeWebviewPanel: (panel, state: { readonly page?: ExperimentPage } | undefined) => {
        if (!state?.page) panel.dispose();
        else {
          const page = { ...state.page, progress: null, actions: [] };
          this.adopt(page.title, panel, () => page, {});
        }
        return Promise.resolve();
      },
    });
  }

  /** Shows a page under a key, in the view that has it already or in a new one. The focus stays where it is. */
  show(key: string, page: () => ExperimentPage, actions: PageActions): void {
    const view = this.open.get(key);
    if (view) {
      view.page = page;
      view.actions = actions;
      this.sendSoon(view);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      experimentViewType,
      page().title,
      { viewColumn: vscode.ViewColumn.Active, preserveFocus: true },
      {},
    );
    this.adopt(key, panel, page, actions);
  }

  /** Brings a view to the front. */
  reveal(key: string): void {
    this.open.get(key)?.panel.reveal(undefined, true);
  }

  dispose(): void {
    this.restored.dispose();
    for (const { panel } of [...this.open.values()]) panel.dispose();
  }

  private adopt(
    key: string,
    panel: vscode.WebviewPanel,
    page: () => ExperimentPage,
    actions: PageActions,
  ): void {
    const view: OpenView = { panel, page, actions, ready: false, timer: undefined };
    this.open.set(key, view);
    const dist = vscode.Uri.joinPath(this.extensionUri, 'dist');
    const file = (name: string) => panel.webview.asWebviewUri(vscode.Uri.joinPath(dist, name)).toString();
    panel.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'panel.svg');
    panel.webview.onDidReceiveMessage((message: ExperimentViewMessage) => this.receive(view, message));
    panel.onDidChangeViewState(() => {
      if (!panel.visible) view.ready = false;
    });
    panel.onDidDispose(() => {
      clearTimeout(view.timer);
      if (this.open.get(key) === view) this.open.delete(key);
    });
    panel.webview.html = webviewHtml({
      cspSource: panel.webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
      script: file('experiment.js'),
      style: file('experiment-style.css'),
      language: vscode.env.language,
    });
  }

  private receive(view: OpenView, message: ExperimentViewMessage): void {
    switch (message.type) {
      case 'ready':
        view.ready = true;
        this.send(view);
        break;
      case 'action':
        void view.actions[message.id]?.();
        break;
      case 'failed':
        this.log.error(`Experiment view: ${message.text}`);
        break;
    }
  }

  private sendSoon(view: OpenView): void {
    view.timer ??= setTimeout(() => this.send(view), pause);
  }

  private send(view: OpenView): void {
    clearTimeout(view.timer);
    view.timer = undefined;
    if (!view.ready) return;
    const page = view.page();
    view.panel.title = page.title;
    const message: ExperimentHostMessage = { type: 'page', page };
    void view.panel.webview.postMessage(message);
  }
}
