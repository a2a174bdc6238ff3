import * as vscode from 'vscode';
import { warn } from './messages.js';

/**
 * Says why nothing is run and offers the way out.
 * @param what wants to run, as the subject of a sentence: `Profiling a preset`
 * @returns whether the workspace is trusted
 */
export function requireTrust(what: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  void warn(
    vscode.l10n.t(
      '{0} starts programs on the files of this workspace, which is not trusted. Trust it to continue. You can view presets and saved runs without trust.',
      what,
    ),
    {
      title: vscode.l10n.t('Manage Workspace Trust'),
      run: () => vscode.commands.executeCommand('workbench.trust.manage'),
    },
  );
  return false;
}
