import * as vscode from 'vscode';

/** Says why nothing is run and offers the way out. @returns whether the workspace is trusted */
export function requireTrust(what: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = 'Manage Workspace Trust';
  void vscode.window
    .showWarningMessage(
      `${what} starts programs on files of this folder, which is not trusted. Presets and saved runs can be looked at.`,
      manage,
    )
    .then((chosen) => {
      if (chosen === manage) return vscode.commands.executeCommand('workbench.trust.manage');
      return undefined;
    });
  return false;
}
