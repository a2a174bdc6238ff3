import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { printable } from '../../text/printable.js';
import { followingSamples } from '../../wire/followingSamples.js';
import type { HostMessage, WebviewMessage } from '../../wire/protocol.js';
import type { Annotations } from '../annotations/annotations.js';
import type { Comparisons } from '../compare/comparisons.js';
import { isInstallCommand } from '../../core/process/packages.js';
import { saveAs } from '../export/saveAs.js';
import type { Measurements } from '../runs/execution/measurements.js';
import { isWhole } from '../runs/shown/selection.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ProfileView, ShownRun } from '../runs/shown/shownRun.js';
import { executeCommand } from '../shared/commands.js';
import { commandIds, settings, type FunctionRef } from '../shared/contributions.js';
import { inform } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import { openSettings } from '../shared/settings.js';
import { typeInTerminal } from '../shared/terminal.js';
import { openSource } from '../source/openSource.js';
import { definitionOf, revealFunction } from '../source/revealFunction.js';
import { webviewHtml } from '../shared/webviewHtml.js';

export interface WebviewParts {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly reporter: Reporter;
  readonly comparisons: Comparisons;
  readonly shown: ShownProfile;
  readonly annotations: Annotations;
  readonly measurements: Measurements;
  /** Keeps what the panel looks like when it's closed. */
  readonly kept?: { readonly get: () => unknown; readonly set: (state: unknown) => void };
}

/** What a webview shows: a run, or why there is none. */
export type Content =
  | { readonly run: ShownRun }
  /** A run is being read: what was shown stays. */
  | { readonly run?: undefined; readonly pending: true }
  /** @property offerProfiling whether a button for it helps */
  | { readonly run?: undefined; readonly text: string; readonly offerProfiling: boolean };

export function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')] };
}

/**
 * One webview with flame graph and breakdown. It has no state of its own: whenever its document says that it is ready (at
 * first, after it was hidden, after a reload) it receives what is shown now.
 */
export class ProfileWebview implements ProfileView, vscode.Disposable {
  private ready = false;
  /** Whether a comparison is in front. */
  private comparing = false;
  /** Sent after the profile, once the document is ready. */
  private pending: HostMessage[] = [];
  private readonly subscriptions: vscode.Disposable;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly parts: WebviewParts,
    private content: Content,
  ) {
    const { extensionUri, comparisons } = parts;
    panel.webview.options = webviewOptions(extensionUri);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'panel.svg');
    this.subscriptions = vscode.Disposable.from(
      comparisons.onDidChange(() => this.sendComparison()),
      // What was chosen here is here already.
      parts.shown.onDidChoose((run) => {
        if (run === this.run && isWhole(run.choice)) this.send({ type: 'clearChoice' });
      }),
      // Also of a run that is chosen in a list, when the panel isn't active.
      parts.shown.onDidChange((run) => {
        if (run && run === this.run) comparisons.followPanel(this.comparing);
      }),
      panel.webview.onDidReceiveMessage((message: WebviewMessage) => this.receive(message)),
      // A hidden document is discarded; the next one says `ready` again.
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.ready = false;
        if (panel.active) comparisons.followPanel(this.comparing);
      }),
    );
    panel.webview.html = this.html();
  }

  get run(): ShownRun | undefined {
    return this.content.run;
  }

  show(content: Content): void {
    this.content = content;
    this.sendContent();
  }

  reveal(): void {
    this.panel.reveal(undefined, true);
  }

  showTab(tab: string): void {
    this.send({ type: 'showTab', tab });
  }

  selectFunction(func: number, tab: 'flame' | 'whatif'): void {
    this.reveal();
    this.showTab(tab);
    this.send({ type: 'selectFunction', func });
  }

  /** Now, or as soon as the document is ready. */
  send(message: HostMessage): void {
    if (this.ready && !('pending' in this.content)) void this.panel.webview.postMessage(message);
    else this.pending.push(message);
  }

  dispose(): void {
    // Another one may go on comparing.
    if (this.comparing) this.parts.comparisons.followPanel(false);
    this.subscriptions.dispose();
  }

  private html(): string {
    const { webview } = this.panel;
    const file = (name: string) =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.parts.extensionUri, 'dist', name)).toString();
    return webviewHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('base64'),
      script: file('webview.js'),
      style: file('webview-style.css'),
      language: vscode.env.language,
      state: this.parts.kept?.get(),
    });
  }

  private receive(message: WebviewMessage): void {
    const { log, reporter } = this.parts;
    const { run } = this;
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.sendContent();
        break;
      case 'samplesWanted':
        if (run && message.runId === run.run.id)
          this.send({ type: 'samples', runId: message.runId, columns: followingSamples(run.panel) });
        break;
      case 'selected':
        if (message.runId === run?.run.id) {
          void revealFunction(run, message.func).catch((error: unknown) => log.error(String(error)));
        }
        break;
      case 'selection':
        if (run && message.runId === run.run.id) run.selectedFunction = message.func;
        break;
      case 'hotspotDropped':
        this.showDropped(this.parts.shown.dragged);
        break;
      case 'comparing':
        this.comparing = message.comparing;
        if (run === this.parts.shown.current) this.parts.comparisons.followPanel(message.comparing);
        break;
      case 'openSource': {
        const place = message.place ?? definitionOf(run, message.runId, message.func);
        if (!place || !run) break;
        void reporter.guard(async () => {
          await openSource(await this.parts.annotations.placeNow(place, run), run.findSource);
        })();
        break;
      }
      case 'showCode':
        void executeCommand(commandIds.showMachineCode, { runId: message.runId, func: message.func });
        break;
      case 'chosen':
        if (run && message.runId === run.run.id) this.parts.shown.choose(run, message.choice);
        break;
      case 'state':
        this.parts.kept?.set(message.state);
        break;
      case 'copy':
        void vscode.env.clipboard.writeText(message.text);
        break;
      case 'profilePreset':
        void executeCommand(commandIds.profilePreset);
        break;
      case 'recordWithDwarf':
        if (run && message.runId === run.run.id) this.recordWithDwarf(run);
        break;
      case 'scopeSetting':
        void openSettings(settings.profileScope);
        break;
      case 'install':
        void reporter.guard(install)(message.command);
        break;
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
        if (run) void reporter.guard(saveAs)(run, message.bytes, { extension: 'png', label: 'PNG' });
        break;
      case 'failed':
        log.error(`Panel: ${message.text}`);
        break;
    }
  }

  /** Another run may be shown here than the list of hotspots is of. */
  private showDropped(dragged: FunctionRef | undefined): void {
    if (!dragged || dragged.runId !== this.run?.run.id || dragged.func < 0) return;
    this.send({ type: 'showTab', tab: 'whatif' });
    this.send({ type: 'selectFunction', func: dragged.func });
  }

  private recordWithDwarf(run: ShownRun): void {
    if (this.parts.measurements.recordAgain(run, 'dwarf')) return;
    void inform(
      vscode.l10n.t(
        'This recording was of a process that ran already, so it can’t be started again. Set "Call Graph" to "dwarf" in the settings, then attach to the process again.',
      ),
      {
        title: vscode.l10n.t('Open Settings'),
        run: () => openSettings(settings.profileCallGraph),
      },
    );
  }

  private sendContent(): void {
    if (!this.ready || 'pending' in this.content) return;
    if (this.content.run) {
      this.send({ type: 'profile', profile: this.content.run.panelStart });
      this.sendComparison();
    } else {
      const { text, offerProfiling } = this.content;
      this.send({ type: 'empty', text, offerProfiling });
    }
    for (const waiting of this.pending.splice(0)) this.send(waiting);
  }

  private sendComparison(): void {
    const { run } = this;
    if (!this.ready || !run) return;
    this.parts.comparisons.of(run).then(
      (runs) => {
        // Another profile may have been shown while the runs were read.
        if (this.run === run) this.send({ type: 'comparison', runs });
      },
      (error: unknown) => this.parts.reporter.show(error),
    );
  }
}

/** Notes are saved with profiles, which may come from anywhere: only what this machine would suggest is typed. */
async function install(command: string): Promise<void> {
  if (isInstallCommand(command)) {
    await typeInTerminal(command, undefined);
    return;
  }
  await vscode.env.clipboard.writeText(printable(command));
  void inform(
    vscode.l10n.t(
      'The command was copied instead of typed into a terminal, since this machine would not suggest it: {0}',
      printable(command),
    ),
  );
}
