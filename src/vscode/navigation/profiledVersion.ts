import path from 'node:path';
import * as vscode from 'vscode';
import { shortTime } from '../../text/dates.js';
import type { Annotations } from '../annotations/annotations.js';
import { profiledContent } from '../annotations/profiledText.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import { registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import { inform } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';

/** Of documents with the profiled version of a file: its path, with the ID of the content as the query. */
const scheme = 'hakmem-lab-profiled';

/** Shows the source of the active editor beside the version that was profiled. */
export function registerProfiledVersion(
  context: vscode.ExtensionContext,
  { shown, reporter }: { readonly shown: ShownProfile; readonly reporter: Reporter },
  annotations: Annotations,
): void {
  const contents = new Map<string, string>();
  const compare = async () => {
    const document = annotations.inView;
    const editor = vscode.window.activeTextEditor;
    const id = document && annotations.sourceIdOf(document);
    const run = shown.current;
    const content =
      document && run && id !== undefined ? await profiledContent(document.uri.fsPath, id, run) : undefined;
    if (!document || !run || id === undefined || !content) {
      void inform(
        vscode.l10n.t(
          'The version of this file that was profiled can’t be had: the run has no copy of it, and Git doesn’t know it.',
        ),
      );
      return;
    }
    const { uri } = document;
    const profiled = uri.with({ scheme, query: id });
    contents.set(profiled.toString(), await vscode.workspace.decode(content, { uri }));
    await vscode.commands.executeCommand(
      'vscode.diff',
      profiled,
      uri,
      vscode.l10n.t('{0} (profiled {1}) ↔ now', path.basename(uri.fsPath), shortTime(run.run.createdAt)),
      // At what is being read, rather than at the start of the file.
      editor?.document === document ? { selection: editor.selection } : {},
    );
  };
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      // After a reload of the window, the content is found again by its ID.
      async provideTextDocumentContent(uri) {
        const known = contents.get(uri.toString());
        if (known !== undefined || !shown.current) return known ?? '';
        const content = await profiledContent(uri.fsPath, uri.query, shown.current);
        return content
          ? vscode.workspace.decode(content, { uri: uri.with({ scheme: 'file', query: '' }) })
          : '';
      },
    }),
    registerCommand(commandIds.compareWithProfiled, reporter.guard(compare)),
  );
}
