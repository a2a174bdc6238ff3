import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { HostMessage, WebviewMessage } from '../../wire/protocol.js';
import { executeCommand } from '../shared/commands.js';
import type { Comparisons } from '../compare/comparisons.js';
import { commandIds, panelViewType } from '../shared/contributions.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { Reporter } from '../shared/reporter.js';
import { columnForPanel } from '../shared/layout.js';
import { openSource } from '../source/openSource.js';
import { saveAs } from '../export/saveAs.js';
import { panelHtml } from './panelHtml.js';
import { definitionOf, revealFunction } from '../source/revealFunction.js';

/**
 * The panel with flame graph and breakdown. It has no state of its own: whenever the webview says that it is
 * ready (at first, after it was hidden, after a reload) it receives what is shown now.
 */
export class Panel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private ready = false;
  /** Set while the group for a new panel is being made, so that there is never a second one. */
  private opening: Promise<void> | undefined;
  /** Sent after the profile, once the webview is ready. */
  private pending: HostMessage[] = [];
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly parts: {
      readonly log: vscode.LogOutputChannel;
      readonly reporter: Reporter;
      readonly shown: ShownProfile;
    },
    private readonly comparisons: Comparisons,
  ) {
    this.subscription = vscode.Disposable.from(
      parts.shown.onDidChange(() => this.sendProfile()),
      comparisons.onDidChange(() => this.sendComparison()),
    );
  }

  /** Opens the panel next to the source, or brings it to the front. The focus stays where it is. */
  async reveal(): Promise<void> {
    if (this.panel) {
      this.panel.reveal(undefined, true);
      return;
    }
    this.opening ??= this.open().finally(() => (this.opening = undefined));
    await this.opening;
  }

  /** Shows a function in the flame graph. */
  selectFunction(func: number): void {
    void this.reveal();
    this.send({ type: 'showTab', tab: 'flame' });
    this.send({ type: 'selectFunction', func });
  }

  showTab(tab: string): void {
    this.send({ type: 'showTab', tab });
  }

  /** Takes over a webview that was just made, or that VS Code brought back after a reload. */
  adopt(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    this.ready = false;
    panel.webview.options = this.options();
    panel.iconPath = vscode.Uri.joinPath(this.extensionUri, 'media', 'panel.svg');
    this.setTitle(this.parts.shown.current);
    panel.webview.onDidReceiveMessage((message: WebviewMessage) => this.receive(message));
    panel.onDidDispose(() => {
      if (this.panel !== panel) return;
      this.panel = undefined;
      this.pending = [];
    });
    // A hidden webview is discarded; the next one says `ready` again.
    panel.onDidChangeViewState(() => {
      if (!panel.visible && this.panel === panel) this.ready = false;
    });
    panel.webview.html = this.html(panel.webview);
  }

  dispose(): void {
    this.subscription.dispose();
    this.panel?.dispose();
  }

  private async open(): Promise<void> {
    const viewColumn = await columnForPanel();
    const show = { viewColumn, preserveFocus: true };
    this.adopt(vscode.window.createWebviewPanel(panelViewType, 'HAKMEM Lab', show, this.options()));
  }

  private options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.extensionUri, 'dist')] };
  }

  private html(webview: vscode.Webview): string {
    const file = (name: string) =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.extensionUri, 'dist', name)).toString();
    return panelHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
      script: file('webview.js'),
      style: file('webview-style.css'),
      language: vscode.env.language,
    });
  }

  private receive(message: WebviewMessage): void {
    const { log, reporter, shown } = this.parts;
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.sendProfile();
        for (const waiting of this.pending.splice(0)) this.send(waiting);
        break;
      case 'selected':
        if (message.runId === shown.current?.run.id) {
          void revealFunction(shown.current, message.func).catch((error: unknown) =>
            log.error(String(error)),
          );
        }
        break;
      case 'openSource': {
        const place = message.place ?? definitionOf(shown.current, message.runId, message.func);
        if (!place) break;
        void reporter.guard(openSource)(place, shown.current?.laboratory.lab);
        break;
      }
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        break;
      case 'profilePreset': {
        const run = shown.current;
        const ref = run && { labFile: run.laboratory.lab.file, preset: run.run.preset.name };
        void executeCommand(commandIds.profilePreset, ref);
        break;
      }
      case 'compareWith':
        void executeCommand(commandIds.compareWith);
        break;
      case 'clearComparison':
        void executeCommand(commandIds.clearComparison);
        break;
      case 'export':
        void executeCommand(commandIds.exportProfile);
        break;
      case 'savePng':
        if (shown.current)
          void reporter.guard(saveAs)(shown.current, message.bytes, { extension: 'png', label: 'PNG' });
        break;
      case 'failed':
        log.error(`Panel: ${message.text}`);
        break;
    }
  }

  private sendProfile(): void {
    const shown = this.parts.shown.current;
    this.setTitle(shown);
    if (!this.ready) return;
    this.send(shown ? { type: 'profile', profile: shown.panel } : { type: 'empty', text: nothingYet() });
    this.sendComparison();
  }

  private sendComparison(): void {
    const shown = this.parts.shown.current;
    if (!this.ready || !shown) return;
    this.comparisons.of(shown).then(
      (runs) => {
        // Another profile may have been shown while the runs were read.
        if (this.parts.shown.current === shown) this.send({ type: 'comparison', runs });
      },
      (error: unknown) => this.parts.reporter.show(error),
    );
  }

  private send(message: HostMessage): void {
    if (this.ready) void this.panel?.webview.postMessage(message);
    else this.pending.push(message);
  }

  private setTitle(shown: ShownRun | undefined): void {
    if (this.panel) this.panel.title = shown ? `HAKMEM Lab: ${shown.run.preset.name}` : 'HAKMEM Lab';
  }
}

function nothingYet(): string {
  return vscode.l10n.t('There is no profile yet. Profile a preset to see its flame graph here.');
}
