import * as vscode from 'vscode';
import type { Annotations } from '../annotations/annotations.js';
import { placeAtCursor, requireFunction } from '../annotations/functionAtCursor.js';
import type { SourcePlace } from '../../wire/protocol.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { registerCommand } from '../shared/commands.js';
import { commandIds, machineCodeScheme, settings, type CodeTarget } from '../shared/contributions.js';
import { columnForCode } from '../shared/layout.js';
import type { Reporter } from '../shared/reporter.js';
import { changeSetting, onSettingChanged, readSetting } from '../shared/settings.js';
import { requireTrust } from '../shared/trust.js';
import { openSource } from '../source/openSource.js';
import { definitionOf } from '../source/revealFunction.js';
import { codeUri, refOf, type CodeRef } from '../shared/codeRef.js';
import { hottestFrom } from './codeDocument.js';
import { CodeView } from './codeView.js';
import { linkSelections } from './linkedSelections.js';

interface Parts {
  readonly shown: ShownProfile;
  readonly reporter: Reporter;
}

/** The machine code of a function beside its source, with what each instruction costs. */
export function registerMachineCode(
  context: vscode.ExtensionContext,
  { shown, reporter }: Parts,
  annotations: Annotations,
): void {
  const view = new CodeView(shown);
  const show = async (target?: CodeTarget) => {
    const func = requireFunction(shown, annotations, target);
    const run = shown.current;
    if (func === undefined || !run || !requireTrust(vscode.l10n.t('Showing machine code'))) return;
    // A menu of the editor passes its file, which says no line.
    const place = target && 'func' in target ? target.place : placeAtCursor(run, annotations);
    await open(view, run, { runId: run.run.id, func, copy: 0 }, annotations, place);
  };
  const showNextCopy = async () => {
    const document = vscode.window.activeTextEditor?.document;
    const made = document && view.of(document);
    const run = shown.current;
    if (!document || !made || !run) return;
    const ref = refOf(document.uri);
    await open(view, run, { ...ref, copy: (ref.copy + 1) % made.code.copies.length }, annotations);
  };
  context.subscriptions.push(
    view,
    linkSelections(view, shown, annotations),
    registerCommand(commandIds.showMachineCode, reporter.guard(show)),
    registerCommand(commandIds.showNextCopy, reporter.guard(showNextCopy)),
    registerCommand(commandIds.toggleSyntax, () =>
      changeSetting(
        settings.machineCodeSyntax,
        readSetting(settings.machineCodeSyntax) === 'intel' ? 'att' : 'intel',
      ),
    ),
    onSettingChanged([settings.machineCodeSyntax], () => view.refresh()),
  );
}

/** @param place whose hottest instruction is shown, if there is one; else that of the whole function */
async function open(
  view: CodeView,
  run: ShownRun,
  ref: CodeRef,
  annotations: Annotations,
  place?: SourcePlace,
): Promise<void> {
  const uri = codeUri(`${run.functionName(ref.func) || 'code'}.asm`, ref);
  const made = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Machine code'),
      cancellable: true,
    },
    (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return view.make(uri, run, {
        signal: controller.signal,
        progress: (message) => progress.report({ message }),
      });
    },
  );
  await showDefinition(run, ref.func, annotations);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.languages.setTextDocumentLanguage(document, 'hakmem-lab-machine-code');
  const editor = await vscode.window.showTextDocument(document, { viewColumn: await columnForCode() });
  const hottest = hottestFrom(made.code, place);
  const line = Math.min(Math.max(0, made.lineOf[hottest] ?? 0), document.lineCount - 1);
  const range = document.lineAt(line).range;
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenter);
}

/** The source stands beside the code, where it is here. */
async function showDefinition(run: ShownRun, func: number, annotations: Annotations): Promise<void> {
  const place = definitionOf(run, run.run.id, func);
  const file = place && (await run.findSource(place.file));
  if (!place || file === undefined) return;
  const open = vscode.window.visibleTextEditors.some(
    ({ document }) => document.uri.scheme !== machineCodeScheme && document.uri.fsPath === file,
  );
  if (!open) await openSource(await annotations.placeNow(place, run), run.findSource);
}
