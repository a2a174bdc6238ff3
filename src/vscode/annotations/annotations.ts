import * as vscode from 'vscode';
import { commandLink, registerCommand, setContext } from '../shared/commands.js';
import { onSettingChanged, readSetting } from '../shared/settings.js';
import { commandIds, contextKeys, settings } from '../shared/contributions.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import { offerProfiling } from '../shared/messages.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { AnnotatedDocument, indexByRealPath } from './annotatedDocument.js';
import { hoverText } from './hoverText.js';
import { Decorations } from './decorations.js';

/** Shares behind functions and lines of the source, with a hover; see `Decorations` for how they look. */
export function registerAnnotations(
  context: vscode.ExtensionContext,
  { shown }: { readonly shown: ShownProfile },
): Annotations {
  const annotations = new Annotations(shown);
  context.subscriptions.push(annotations);
  return annotations;
}

export class Annotations implements vscode.Disposable, vscode.HoverProvider {
  private readonly decorations = new Decorations();
  private readonly changed = new vscode.EventEmitter<void>();
  /** What is annotated in visible editors changed, or whether it is up to date. */
  readonly onDidChange = this.changed.event;
  /** By document; made when a document is first visible under the shown profile. */
  private documents = new Map<vscode.TextDocument, Promise<AnnotatedDocument | undefined>>();
  private readonly resolved = new Map<vscode.TextDocument, AnnotatedDocument>();
  private index: Promise<Map<string, string[]>> = Promise.resolve(new Map());
  /** Follows the setting; held here so that toggling need not wait until the setting is written. */
  private enabled = readSetting(settings.annotationsEnabled);
  private readonly disposables: vscode.Disposable[];

  constructor(private readonly shown: ShownProfile) {
    this.disposables = [
      this.decorations,
      this.changed,
      shown.onDidChange((run) => this.setRun(run)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.update()),
      vscode.workspace.onDidChangeTextDocument((event) => this.onEdit(event)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
      onSettingChanged([settings.annotationsEnabled, settings.annotationsMinimumPercent], () => {
        this.enabled = readSetting(settings.annotationsEnabled);
        this.update();
      }),
      vscode.languages.registerHoverProvider({ scheme: 'file' }, this),
      registerCommand(commandIds.toggleAnnotations, () => this.toggle()),
      registerCommand(commandIds.clearAnnotations, () => shown.clear()),
    ];
  }

  /** The annotations of a document that has been visible, when it has any. */
  of(document: vscode.TextDocument): AnnotatedDocument | undefined {
    return this.resolved.get(document);
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const annotated = this.resolved.get(document);
    if (!annotated || !this.enabled) return undefined;
    for (const { line, annotation } of annotated.visible(readSetting(settings.annotationsMinimumPercent))) {
      if (line !== position.line) continue;
      const { run, profile } = annotated.shown;
      const about = {
        preset: run.preset.name,
        createdAt: run.createdAt,
        event: profile.event.name,
        fallback: profile.event.fallback,
        samples: profile.samples.length,
        exact: profile.event.exact,
        perOp: profile.event.exact ? run.stat?.derived.instructionsPerOp : undefined,
        stale: annotated.stale,
      };
      const markdown = new vscode.MarkdownString(
        hoverText(annotation, about, (func) =>
          commandLink(commandIds.revealInFlameGraph, { runId: run.id, func }),
        ),
        true,
      );
      markdown.isTrusted = { enabledCommands: [commandIds.revealInFlameGraph] };
      return new vscode.Hover(markdown, document.lineAt(line).range);
    }
    return undefined;
  }

  dispose(): void {
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private setRun(run: ShownRun | undefined): void {
    this.documents = new Map();
    this.resolved.clear();
    this.index = run ? indexByRealPath(run.costs.fileNames()) : Promise.resolve(new Map());
    this.update();
  }

  /** Draws what visible editors should show now; cheap for documents that are known. */
  private update(): void {
    for (const editor of vscode.window.visibleTextEditors) void this.updateEditor(editor);
    this.changed.fire();
  }

  private async updateEditor(editor: vscode.TextEditor): Promise<void> {
    const annotated = this.resolved.get(editor.document) ?? (await this.resolve(editor.document));
    // Meanwhile another profile may be shown, whose own update draws.
    if (annotated && annotated.shown !== this.shown.current) return;
    if (annotated && this.enabled) {
      this.decorations.draw(editor, annotated.visible(readSetting(settings.annotationsMinimumPercent)));
    } else this.decorations.clear(editor);
  }

  private async resolve(document: vscode.TextDocument): Promise<AnnotatedDocument | undefined> {
    const shown = this.shown.current;
    if (!shown || document.uri.scheme !== 'file') return undefined;
    const { documents } = this;
    let pending = documents.get(document);
    if (!pending) {
      pending = this.index.then((index) => AnnotatedDocument.of(document, shown, index));
      documents.set(document, pending);
    }
    const annotated = await pending;
    if (
      annotated &&
      documents === this.documents &&
      documents.has(document) &&
      !this.resolved.has(document)
    ) {
      this.resolved.set(document, annotated);
      setContext(
        contextKeys.annotatedFiles,
        [...this.resolved.keys()].map(({ uri }) => uri.fsPath),
      );
      this.changed.fire();
    }
    return annotated;
  }

  private onEdit({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const annotated = this.resolved.get(document);
    if (!annotated || contentChanges.length === 0) return;
    const wasStale = annotated.stale;
    if (annotated.apply(contentChanges)) {
      for (const editor of vscode.window.visibleTextEditors) {
        if (editor.document === document) void this.updateEditor(editor);
      }
    }
    if (!wasStale) this.changed.fire();
  }

  private forget(document: vscode.TextDocument): void {
    this.documents.delete(document);
    this.resolved.delete(document);
  }

  private async toggle(): Promise<void> {
    this.enabled = !this.enabled;
    this.update();
    if (this.enabled && !this.shown.current) {
      void offerProfiling(vscode.l10n.t('There is no profile to show yet. Profile a preset first.'));
    }
    const { key } = settings.annotationsEnabled;
    const configuration = vscode.workspace.getConfiguration();
    // Where the workspace says otherwise, a user setting would have no effect.
    const inWorkspace = configuration.inspect(key)?.workspaceValue !== undefined;
    const { Global, Workspace } = vscode.ConfigurationTarget;
    await configuration.update(key, this.enabled, inWorkspace ? Workspace : Global);
  }
}
