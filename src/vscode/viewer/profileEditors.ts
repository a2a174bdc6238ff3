import path from 'node:path';
import * as vscode from 'vscode';
import { isCanceled, type LabError } from '../../core/labError.js';
import type { LabService } from '../labs/labService.js';
import { ProfileWebview, type WebviewParts } from '../panel/profileWebview.js';
import { importSettings } from '../runs/execution/measureSettings.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import { ShownRun } from '../runs/shown/shownRun.js';
import { editorViewTypes } from '../shared/contributions.js';
import { keepPlaceOfSources } from '../shared/layout.js';
import { headline } from '../shared/reporter.js';
import { requireTrust } from '../shared/trust.js';
import { startsSymbolizer, withLocalFile } from './localFile.js';

interface Parts extends Omit<WebviewParts, 'extensionUri'> {
  readonly labs: LabService;
  readonly shown: ShownProfile;
}

/** Opens profiles by a double click: each file in an editor of its own. Nothing is saved. */
export function registerProfileEditors(context: vscode.ExtensionContext, parts: Parts): void {
  const editors = new ProfileEditors({ ...parts, extensionUri: context.extensionUri });
  context.subscriptions.push(keepPlaceOfSources());
  for (const viewType of Object.values(editorViewTypes)) {
    context.subscriptions.push(
      vscode.window.registerCustomEditorProvider(viewType, editors, {
        supportsMultipleEditorsPerDocument: true,
      }),
    );
  }
}

class ProfileEditors implements vscode.CustomReadonlyEditorProvider {
  constructor(private readonly parts: Parts & WebviewParts) {}

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  /** Resolves at once; what the editor shows meanwhile says that the file is being read. */
  resolveCustomEditor({ uri }: vscode.CustomDocument, panel: vscode.WebviewPanel): void {
    const { shown, log } = this.parts;
    const name = path.posix.basename(uri.path);
    const message = (text: string) => ({ text, offerProfiling: false });
    const view = new ProfileWebview(panel, this.parts, message(vscode.l10n.t('Reading {0}...', name)));
    const controller = new AbortController();
    // Categories may be edited while the file is open: the same run is then shown again.
    const following = shown.onDidChange((run) => {
      if (run && run !== view.run && run.run.id === view.run?.run.id) view.show({ run });
    });
    const activate = () => {
      if (panel.active && view.run) shown.activate(view.run);
    };
    let { active } = panel;
    panel.onDidChangeViewState(() => {
      const before = active;
      active = panel.active;
      // Also told of a group that moves, while a run may be shown that was chosen since.
      if (!before) activate();
    });
    panel.onDidDispose(() => {
      controller.abort();
      trusted.dispose();
      following.dispose();
      view.dispose();
      if (view.run && shown.current?.run.id === view.run.run.id) shown.clear();
    });
    const read = () =>
      this.read(uri, view, controller.signal).then(
        (run) => {
          if (controller.signal.aborted) return;
          view.show({ run });
          activate();
        },
        (error: unknown) => {
          if (isCanceled(error) || controller.signal.aborted) return;
          if (error instanceof Untrusted) requireTrust(vscode.l10n.t('Reading a recording of perf'));
          else log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
          view.show(message(headline(error)));
        },
      );
    // What was refused without trust is read as soon as there is trust.
    const trusted = vscode.workspace.onDidGrantWorkspaceTrust(() => {
      if (!view.run) void read();
    });
    void read();
  }

  private async read(uri: vscode.Uri, view: ProfileWebview, signal: AbortSignal): Promise<ShownRun> {
    const { labs, log } = this.parts;
    await labs.ready();
    const around = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? path.dirname(uri.fsPath);
    const laboratory = labs.ofFolder(around);
    const context = {
      signal,
      progress: (text: string) => log.info(text),
      log: (line: string) => log.info(line),
      problem: (error: LabError) => log.error(error.toText()),
    };
    return withLocalFile(uri, async (file) => {
      if (!vscode.workspace.isTrusted && (await startsSymbolizer(file))) throw new Untrusted();
      // An archive shows its profile without trust, and writes nothing.
      const options = { ...importSettings(), unpack: vscode.workspace.isTrusted };
      const { run, profile } = await laboratory.read(file, options, context);
      return new ShownRun(await laboratory.forRun(run), run, profile, view);
    });
  }
}

class Untrusted extends Error {
  constructor() {
    super(
      vscode.l10n.t(
        'This workspace is not trusted. Reading a recording of perf examines the programs that it names. The file is read once you trust the workspace.',
      ),
    );
  }
}
